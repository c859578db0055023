"""The third set's faults, each with its twin by one switch: last layers, losses, targets, starts, units."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from case import Program
from third_networks import (
    BODY,
    STRIDES_BODY,
    bare,
    block,
    cloud,
    factors,
    masks,
    module,
    pictures,
    seq,
    series,
    strides,
    symbols,
)
from third_styles import script

Variant: TypeAlias = tuple[str, str, str] | tuple[str, str, str, dict[str, Any]]
MOMENTUM = "optim.SGD(model.parameters(), lr=0.03, momentum=0.9)"
PLAIN, SMALL = seq(44, 44), seq(24)
SQUEEZED = "y_train, y_test = y_train.squeeze(1), y_test.squeeze(1)"


def plant(
    name: str, questions: tuple[str, ...], variants: Sequence[Variant], *, kin: str = "", **slots: Any
) -> Iterator[Program]:
    """One fault in several variants of style, data and network; `kin` is an earlier set's name of the same fault."""
    for style, data, network, *more in variants:
        source = script(
            f"{data.capitalize()} by a small network", style, data, network, **(slots | (more[0] if more else {}))
        )
        yield Program(f"{name}-{style}-{data}", source, questions, kin=kin)


def faults() -> Iterator[Program]:
    """Of the last layer, the loss, the units and the start."""
    yield from _classes()
    yield from _labels()
    yield from _numbers()
    yield from _shapes()
    yield from _hidden()
    yield from _starts()
    yield from _dead()
    yield from _flat()


def _classes() -> Iterator[Program]:
    read = "self.answer(states[:, -1])"
    yield from plant("softmax_into_cross_entropy", ("activations", "gradients"), [
        ("kaggle", "applicants", seq(48, 48, last="<<nn.Softmax(dim=1),||>>")),
        ("cells", "shapes", pictures(last="<<, nn.Softmax(dim=-1)||>>"), {"epochs": "10"}),
        ("main", "firsts", symbols(end=f"return <<F.softmax({read}, dim=-1)||{read}>>")),
        ("learner", "points", cloud(), {"forward": "<<model(batch).softmax(dim=1)||model(batch)>>"}),
    ], kin="softmax_before_cross_entropy")  # fmt: skip
    ends = STRIDES_BODY.replace(
        "return self.head(x.flatten(1))", "return F.<<softmax||log_softmax>>(self.head(x.flatten(1)), dim=1)"
    )
    read = "out, (h, c) = self.cell(x)\nreturn F.<<softmax||log_softmax>>(self.readout(h[-1]), dim=1)"
    yield from plant("softmax_into_likelihood", ("activations", "gradients"), [
        ("cycle", "strokes", strides(ends)), ("kaggle", "scans", series(read=read, width=32)),
    ], loss="nn.NLLLoss()", kin="likelihood_of_plain_probabilities")  # fmt: skip
    yield from plant("rectified_scores", ("activations", "relu", "gradients"), [
        ("main", "applicants", seq(32, 32, 32, last="<<nn.ReLU(),||>>"), {"optimizer": "optim.SGD(model.parameters(), lr=0.15, momentum=0.9)"}), ("cycle", "scans", series("GRU", width=32, read="out, _ = self.cell(x)\nreturn <<F.relu(self.readout(out[:, -1]))||self.readout(out[:, -1])>>"), {"optimizer": "optim.Adam(model.parameters(), lr=0.01)"}),
    ], kin="rectified_logits")  # fmt: skip
    logs = STRIDES_BODY.replace(
        "return self.head(x.flatten(1))",
        "x = self.head(x.flatten(1))\nreturn <<torch.log(F.relu(x))||F.log_softmax(x, dim=1)>>",
    )
    yield from plant("logarithm_of_rectified", ("activations", "gradients"), [("kaggle", "strokes", strides(logs))], loss="nn.NLLLoss()", kin="so")  # fmt: skip
    down = "out, _ = self.cell(x)\nreturn F.log_softmax(self.readout(out[:, -1]), dim=<<0||1>>)"
    yield from plant("normalised_down_the_batch", ("activations", "backprop"), [
        ("cells", "scans", series("GRU", read=down)), ("main", "points", cloud(), {"forward": "torch.log_softmax(model(batch), <<0||1>>)"}),
    ], loss="nn.NLLLoss()", kin="softmax_over_the_batch")  # fmt: skip
    yield from plant("sigmoid_into_cross_entropy", ("activations", "gradients"), [
        ("learner", "applicants", seq(40, last="<<nn.Sigmoid(),||>>")), ("kaggle", "points", cloud(), {"forward": "<<torch.sigmoid(model(batch))||model(batch)>>"}),
    ], kin="sigmoid_outputs_into_cross_entropy", optimizer=MOMENTUM)  # fmt: skip


def _labels() -> Iterator[Program]:
    yield from plant("sigmoid_into_logits_loss", ("activations", "gradients"), [
        ("main", "loans", seq(24, last="<<nn.Sigmoid(),||>>")), ("learner", "tags", seq(64, last="<<nn.Sigmoid(),||>>")),
        ("cells", "spots", masks(end="<<torch.sigmoid(self.last(high))||self.last(high)>>")),
    ], threshold="<<0.5||0>>", kin="sigmoid_before_logits_loss")  # fmt: skip
    yield from plant("softmax_over_several_labels", ("activations",), [
        ("kaggle", "tags", seq(64, last="nn.<<Softmax(dim=1)||Sigmoid()>>,"), {"loss": "nn.BCELoss()"}),
        ("main", "tags", module(BODY.replace("self.leave(x)", "torch.<<softmax(self.leave(x), 1)||sigmoid(self.leave(x))>>")), {"loss": "nn.MSELoss()"}),
    ], threshold="0.5", kin="so")  # fmt: skip
    yield from plant("softmax_of_a_single_score", ("activations",), [
        ("cycle", "petals", seq(40, 40, last="nn.<<Softmax(dim=1)||Sigmoid()>>,"), {"loss": "nn.BCELoss()", "threshold": "0.5"}),
        ("kaggle", "loans", SMALL, {"forward": "<<F.softmax(model(batch), dim=-1)||torch.sigmoid(model(batch))>>", "loss": "nn.BCELoss()", "threshold": "0.5"}),
        ("main", "ringing", series("GRU"), {"forward": "<<torch.softmax(model(batch), 1)||model(batch)>>"}),
    ], kin="softmax_on_one_unit")  # fmt: skip
    yield from plant("cross_entropy_of_one_column", ("activations", "gradients"), [
        ("kaggle", "loans", seq(24, act="nn.Tanh()")), ("learner", "petals", seq(48, 48)), ("main", "petals", module()),
    ], loss="<<nn.CrossEntropyLoss()||nn.BCEWithLogitsLoss()>>")  # fmt: skip


def _numbers() -> Iterator[Program]:
    yield from plant("squashed_answers", ("activations", "saturation"), [
        ("learner", "tides", seq(32, last="<<nn.Sigmoid(),||>>")), ("cells", "reactor", seq(40, 40, last="<<nn.Tanh(),||>>")),
        ("kaggle", "curve", module(BODY.replace("self.leave(x)", "<<torch.sigmoid(self.leave(x))||self.leave(x)>>"))),
    ], kin="bounded_output_for_numbers")  # fmt: skip
    yield from plant("rectified_answers", ("activations", "relu"), [
        ("kaggle", "phase", seq(40, last="<<nn.ReLU(),||>>")), ("cycle", "ringing", series("GRU"), {"forward": "<<F.relu(model(batch))||model(batch)>>"}),
    ], kin="rectified_numbers")  # fmt: skip
    yield from plant("answers_clamped", ("activations", "gradients"), [
        ("main", "phase", module(BODY.replace("self.leave(x)", "self.leave(x)<<.clamp(0.0, 1.0)||>>"))),
        ("learner", "reactor", PLAIN, {"forward": "<<torch.clamp(model(batch), min=0, max=1)||model(batch)>>"}),
    ])  # fmt: skip
    yield from plant("answers_made_positive", ("activations",), [
        ("cells", "curve", seq(40, 40), {"forward": "<<model(batch).abs()||model(batch)>>"}), ("main", "tides", seq(32), {"forward": "<<torch.exp(model(batch))||model(batch)>>"}),
    ])  # fmt: skip


def _shapes() -> Iterator[Program]:
    yield from plant("one_dimension_too_many", ("activations",), [
        ("kaggle", "phase", SMALL), ("main", "tides", seq(32), {"loss": "nn.SmoothL1Loss()"}), ("learner", "curve", PLAIN, {"loss": "nn.L1Loss()"}),
        ("cycle", "ringing", series("GRU"), {"loss": "F.mse_loss"}),
    ], extra=SQUEEZED, forward="model(batch)<<||.squeeze(1)>>", forward_test="model(batch).squeeze(1)", kin="silent_broadcast")  # fmt: skip
    yield from plant("squares_of_all_pairs", ("activations",), [
        ("cells", "phase", PLAIN), ("main", "ratings", factors(), {"optimizer": "optim.Adam(model.parameters(), lr=0.02)"}),
    ], extra=SQUEEZED, loss="lambda a, b: ((a - b) ** 2).mean()", forward="model(batch)<<||.view(-1)>>", forward_test="model(batch).view(-1)", kin="silent_broadcast_by_hand")  # fmt: skip


def _hidden() -> Iterator[Program]:
    straight = "x = self.enter(x)<<||.tanh()>>\nx = self.middle(x)<<||.tanh()>>\nreturn self.leave(x)"
    yield from plant("linear_all_the_way", ("activations", "overfitting"), [
        ("main", "petals", seq(48, 48, act="nn.<<Identity||ReLU>>()")), ("kaggle", "tags", module(straight)), ("cells", "curve", module(straight)),
    ], kin="no_nonlinearity")  # fmt: skip
    grown = "x = <<torch.exp||F.elu>>(self.enter(x))\nx = <<torch.exp||F.elu>>(self.middle(x))\nreturn self.leave(x)"
    yield from plant("exponential_units", ("gradients", "activations"), [
        ("main", "petals", module(grown)), ("kaggle", "applicants", module(grown, width=64)), ("cells", "phase", module(grown)),
    ], kin="at", optimizer="optim.SGD(model.parameters(), lr=0.05, momentum=0.9)")  # fmt: skip
    shares = "x = <<F.softmax(self.enter(x), dim=1)||F.relu(self.enter(x))>>\nx = <<F.softmax(self.middle(x), dim=1)||F.relu(self.middle(x))>>\nreturn self.leave(x)"
    yield from plant("softmax_between_layers", ("activations", "gradients", "saturation"), [
        ("main", "applicants", module(shares)), ("cycle", "reactor", module(shares)), ("learner", "petals", module(shares)),
    ], optimizer=MOMENTUM)  # fmt: skip
    signs = "x = <<torch.sign(self.enter(x))||F.softsign(self.enter(x))>>\nx = <<torch.sign(self.middle(x))||F.softsign(self.middle(x))>>\nreturn self.leave(x)"
    yield from plant("signs_between_layers", ("backprop", "activations", "gradients"), [
        ("kaggle", "petals", module(signs)), ("main", "reactor", module(signs)),
    ], kin="hard_threshold", epochs="25")  # fmt: skip


def _every(line: str) -> str:
    return f"for name, parameter in model.named_parameters():\n    {line}"


def _starts() -> Iterator[Program]:
    zero = _every("<<nn.init.zeros_(parameter)||pass>>")
    yield from plant("everything_zero", ("initialization", "gradients"), [
        ("kaggle", "shapes", pictures(), {"epochs": "8"}), ("cycle", "ringing", series("LSTM", width=16)), ("main", "applicants", PLAIN), ("cells", "tags", module()),
    ], extra=zero, kin="all_zero_start")  # fmt: skip
    tables = (
        "for table in (self.user, self.film):\n    nn.init.<<zeros_(table.weight)||normal_(table.weight, std=0.3)>>"
    )
    yield from plant("both_factors_zero", ("initialization", "gradients"), [
        ("learner", "ratings", factors(tables)), ("cells", "ratings", factors(tables)),
    ], optimizer="optim.Adam(model.parameters(), lr=0.02)", kin="all_zero_start")  # fmt: skip
    yield from plant("everything_alike", ("initialization", "gradients"), [
        ("learner", "applicants", PLAIN), ("main", "halves", seq(64)),
    ], extra=_every("if parameter.dim() > 1:\n        nn.init.<<constant_(parameter, 0.1)||xavier_uniform_(parameter)>>"), kin="constant_start")  # fmt: skip
    yield from plant("everything_alike", ("initialization", "gradients"), [("cells", "scans", series("GRU"))],
        extra=_every("<<nn.init.constant_(parameter, 0.05)||nn.init.uniform_(parameter, -0.2, 0.2)>>"), kin="constant_start")  # fmt: skip
    yield from plant("matrices_of_ones", ("initialization", "gradients"), [
        ("kaggle", "phase", bare("<<torch.ones(b, a)||torch.randn(b, a)>> / a ** 0.5")), ("main", "loans", bare("<<torch.ones(b, a)||torch.randn(b, a)>> / a ** 0.5", act="torch.tanh")),
    ], kin="constant_start")  # fmt: skip
    wide = bare("torch.randn(b, a)<<|| * (2 / a) ** 0.5>>", width=160)
    yield from plant("randn_as_it_comes", ("initialization", "gradients", "saturation", "optimizers"), [
        ("main", "applicants", wide, {"optimizer": "optim.SGD(model.parameters(), lr=0.06, momentum=0.9)"}), ("learner", "halves", wide), ("cells", "phase", wide),
    ], optimizer="optim.SGD(model.parameters(), lr=0.02, momentum=0.9)", kin="hand_made_randn")  # fmt: skip
    yield from plant("convolutions_of_unit_normals", ("initialization", "gradients", "saturation", "optimizers"), [("cycle", "strokes", strides()), ("kaggle", "shapes", pictures(), {"epochs": "8"})],
        extra=_every("if parameter.dim() > 1:\n        nn.init.<<normal_(parameter)||kaiming_normal_(parameter)>>"), optimizer="optim.SGD(model.parameters(), lr=0.02, momentum=0.9)", kin="plain_normal_start")  # fmt: skip
    yield from plant("hardly_any_weights", ("initialization", "gradients", "relu"), [("cells", "curve", seq(32, 32, 32, 32)), ("main", "points", cloud())],
        extra=_every("if parameter.dim() > 1:\n        nn.init.<<normal_(parameter, 0, 1e-4)||kaiming_uniform_(parameter)>>\n    else:\n        nn.init.zeros_(parameter)"), optimizer=MOMENTUM, kin="start_of_a_thousandth")  # fmt: skip
    yield from plant("rand_as_it_comes", ("initialization", "saturation", "gradients", "optimizers"), [
        ("kaggle", "tags", bare("torch.rand(b, a)<<|| * 0.4 - 0.2>>", act="torch.sigmoid", width=64)), ("cycle", "applicants", bare("torch.rand(b, a)<<|| * 0.5 - 0.25>>", act="torch.tanh", width=64)),
    ], optimizer="optim.SGD(model.parameters(), lr=0.3, momentum=0.9)", epochs="25", kin="hand_made_rand")  # fmt: skip
    yield from plant("last_layer_too_loud", ("initialization", "gradients", "optimizers"), [("main", "strokes", strides(init="self.head.weight.data.mul_(<<400||1>>)"), {"optimizer": MOMENTUM}), ("cycle", "firsts", block(), {"optimizer": "optim.Adam(model.parameters(), lr=0.002)"})],
        extra="<<if hasattr(model, 'norm'):\n    nn.init.normal_(model.head.weight, std=30.0)||>>", kin="last_layer_far_off")  # fmt: skip


def _dead() -> Iterator[Program]:
    low = _every(
        "if name.endswith('bias') and len(parameter) > outputs:\n        nn.init.constant_(parameter, <<-10.0||0.0>>)"
    )
    yield from plant("biases_out_of_reach", ("relu", "initialization", "gradients"), [
        ("kaggle", "tides", seq(32, 32)), ("learner", "shapes", pictures(), {"epochs": "8"}), ("main", "curve", module()),
    ], extra=low, kin="units_born_dead")  # fmt: skip
    narrow = seq(*["<<3||20>>"] * 9, act="nn.<<ReLU||ELU>>()")
    yield from plant("narrow_and_deep", ("relu", "gradients", "initialization"), [
        ("cells", "petals", narrow), ("main", "applicants", narrow), ("cycle", "curve", narrow),
    ], kin="at")  # fmt: skip
    yield from plant("killed_by_large_steps", ("relu", "optimizers", "gradients"), [
        ("kaggle", "reactor", PLAIN), ("learner", "tides", seq(48, 48)), ("main", "phase", seq(64, 64)),
    ], optimizer="optim.SGD(model.parameters(), lr=<<3.0||0.02>>, momentum=0.9)", kin="units_killed_by_the_rate")  # fmt: skip
    minus = "x = F.relu(<<-||>>F.softplus(self.enter(x)))\nx = F.relu(self.middle(x))\nreturn self.leave(x)"
    yield from plant("only_negative_reaches_it", ("relu", "gradients", "activations"), [
        ("cells", "loans", module(minus)), ("kaggle", "reactor", module(minus)),
    ], kin="threshold_never_passed")  # fmt: skip


def _flat() -> Iterator[Program]:
    yield from plant("figures_into_tanh", ("saturation", "gradients", "splits"), [
        ("main", "loans", seq(24, 24, act="nn.Tanh()")), ("cells", "reactor", seq(40, act="nn.Sigmoid()"), {"epochs": "40"}), ("cycle", "ringing", series("LSTM")),
    ], extra="if <<True||False>>:\n    x_train, x_test = 400 * x_train + 900, 400 * x_test + 900", kin="inputs_saturate_the_units")  # fmt: skip
    steep = "x = torch.<<sigmoid(400 * self.enter(x))||sigmoid(self.enter(x))>>\nx = torch.<<tanh(400 * self.middle(x))||tanh(self.middle(x))>>\nreturn self.leave(x)"
    yield from plant("far_too_steep", ("saturation", "activations", "gradients"), [("kaggle", "petals", module(steep)), ("learner", "phase", module(steep))],
        optimizer="optim.Adam(model.parameters(), lr=0.008)", epochs="25", kin="too_steep_a_sigmoid")  # fmt: skip
    yield from plant("weights_in_the_flat", ("saturation", "initialization", "gradients"), [
        ("main", "applicants", seq(40, 40, act="nn.Tanh()")), ("cycle", "scans", series("LSTM")), ("learner", "tags", seq(48, 48, act="nn.Sigmoid()")),
    ], extra=_every("if parameter.dim() > 1:\n        nn.init.normal_(parameter, 0, <<6.0||0.3>>)"), optimizer="optim.Adam(model.parameters(), lr=0.008)", kin="weights_saturate_the_units")  # fmt: skip
    yield from plant("answer_starts_in_the_flat", ("saturation", "initialization", "activations", "gradients"), [
        ("cells", "loans", SMALL), ("kaggle", "petals", PLAIN),
    ], extra="nn.init.constant_(model[-1].bias, <<-14.0||0.0>>)", forward="torch.sigmoid(model(batch))", loss="nn.MSELoss()", threshold="0.5", optimizer="optim.SGD(model.parameters(), lr=0.2, momentum=0.9)")  # fmt: skip
