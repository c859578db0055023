"""The third set's faults of the update and of the gradient: bookkeeping, owners, rates, cut graphs, mixed rows, sizes."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from collections.abc import Iterator

from case import Program
from third_faults import MOMENTUM, PLAIN, SMALL, plant
from third_networks import (
    BODY,
    STRIDES_BODY,
    block,
    cloud,
    masks,
    module,
    pictures,
    seq,
    series,
    strides,
    symbols,
)

TIDES = seq(32, 32)


def faults() -> Iterator[Program]:
    """Of steps and gradients."""
    yield from _bookkeeping()
    yield from _owners()
    yield from _too_fast()
    yield from _too_slow()
    yield from _cut_graphs()
    yield from _own_rules()
    yield from _mixed_rows()
    yield from _sizes()
    yield from _not_finite()


def _bookkeeping() -> Iterator[Program]:
    yield from plant("grads_pile_up", ("optimizers", "gradients", "backprop"), [
        ("kaggle", "curve", PLAIN), ("main", "strokes", strides()), ("cells", "ringing", series("GRU"), {"epochs": "14", "optimizer": "optim.Adam(model.parameters(), lr=0.005)"}),
    ], zero="<<pass||optimizer.zero_grad()>>", optimizer="optim.SGD(model.parameters(), lr=0.05, momentum=0.9)", kin="gradients_never_zeroed")  # fmt: skip
    yield from plant("grads_cleared_too_soon", ("optimizers", "backprop"), [
        ("learner", "points", cloud()), ("cycle", "loans", SMALL), ("main", "reactor", PLAIN),
    ], zero="<<pass||optimizer.zero_grad()>>", backward="loss.backward()\n<<model.zero_grad()||>>", kin="zeroed_before_the_step")  # fmt: skip
    yield from plant("one_step_an_epoch", ("optimizers", "overfitting"), [
        ("kaggle", "applicants", PLAIN), ("main", "phase", SMALL), ("cells", "shapes", pictures(), {"epochs": "10"}),
    ], update="<<pass||optimizer.step()>>", after_loop="<<optimizer.step()||pass>>")  # fmt: skip
    plan = "optim.SGD(model.parameters(), lr=0.05, momentum=0.9)\nschedule = optim.lr_scheduler.StepLR(optimizer, 200, gamma=0.5)"
    yield from plant("only_the_schedule_steps", ("optimizers",), [("kaggle", "tags", seq(64)), ("cycle", "tides", TIDES)],
        optimizer=plan, update="<<||optimizer.step()\n>>schedule.step()", kin="step_forgotten")  # fmt: skip
    yield from plant("likelihood_made_smaller", ("optimizers", "gradients", "activations"), [
        ("learner", "applicants", PLAIN), ("main", "scans", series(width=32)),
    ], loss="lambda a, b: <<||->>a.log_softmax(1).gather(1, b[:, None]).mean()", kin="loss_with_the_wrong_sign")  # fmt: skip
    yield from plant("told_to_maximise", ("optimizers", "gradients"), [("kaggle", "phase", PLAIN)],
        optimizer="optim.Adam(model.parameters(), lr=0.003, maximize=<<True||False>>)", kin="uphill")  # fmt: skip
    again = "with torch.no_grad():\n    for parameter in model.parameters():\n        <<parameter = parameter - 0.05 * parameter.grad||parameter.sub_(0.05 * parameter.grad)>>"
    yield from plant("names_bound_anew", ("optimizers",), [("cells", "petals", PLAIN), ("kaggle", "tides", TIDES), ("main", "reactor", PLAIN)],
        optimizer="None", zero="model.zero_grad()", update=again, epochs="25")  # fmt: skip
    kept = "with torch.no_grad():\n    for parameter in model.parameters():\n        parameter -= 0.05 * parameter.grad\n        <<||parameter.grad = None>>"
    yield from plant("own_update_keeps_the_grads", ("optimizers", "gradients", "backprop"), [("main", "curve", PLAIN), ("cells", "applicants", PLAIN)],
        optimizer="None", zero="pass", update=kept, epochs="25", kin="gradients_never_zeroed")  # fmt: skip


def _owners() -> Iterator[Program]:
    listed = "self.more = <<[||nn.ModuleList([>>nn.Linear(width, width) for _ in range(4)]<<||)>>"
    body = BODY.replace("x = F.relu(self.middle(x))", "for layer in self.more:\n    x = F.relu(layer(x))")
    held = "self.by_name = <<||nn.ModuleDict(>>{'a': nn.Linear(width, width), 'b': nn.Linear(width, width)}<<||)>>"
    named = BODY.replace("self.middle(x)", "self.by_name['b'](F.relu(self.by_name['a'](x)))")
    bare_weight = "self.mix = <<(0.1 * torch.randn(width, width)).requires_grad_()||nn.Parameter(0.1 * torch.randn(width, width))>>"
    mixed = BODY.replace("self.middle(x)", "x @ self.mix")
    yield from plant("layers_kept_out_of_sight", ("optimizers", "backprop"), [
        ("kaggle", "petals", module(body, init=listed)), ("main", "reactor", module(named, init=held)), ("learner", "phase", module(mixed, init=bare_weight)),
    ], kin="layers_in_a_plain_list")  # fmt: skip
    early = "early = optim.Adam(model.parameters(), lr=0.003)\n"
    yield from plant("optimizer_of_an_earlier_model", ("optimizers", "backprop"), [
        ("cells", "curve", module(), {"extra": early + "<<model = Net(44)||>>"}), ("main", "firsts", symbols(), {"extra": early + "<<model = Symbols()||>>"}),
        ("kaggle", "spots", masks(), {"extra": early + "<<model = copy.deepcopy(model)||>>", "epochs": "8"}),
    ], optimizer="early", kin="model_made_anew_behind_the_optimizer")  # fmt: skip
    yield from plant("head_added_behind_the_optimizer", ("optimizers", "backprop"), [
        ("cycle", "points", cloud(), {"extra": early + "<<model.all = nn.Sequential(nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, outputs))||>>"}),
    ], optimizer="early", kin="head_replaced_behind_the_optimizer")  # fmt: skip
    yield from plant("only_one_part_is_owned", ("optimizers", "backprop"), [
        ("main", "shapes", pictures(), {"optimizer": "optim.Adam(model.<<features.||>>parameters(), lr=0.003)", "epochs": "10"}),
        ("learner", "firsts", symbols(), {"optimizer": "optim.Adam(model.<<table.||>>parameters(), lr=0.003)"}),
    ], kin="only_the_head_is_owned")  # fmt: skip


def _too_fast() -> Iterator[Program]:
    yield from plant("sgd_at_five", ("optimizers", "gradients", "relu"), [
        ("main", "applicants", PLAIN), ("kaggle", "shapes", pictures(), {"epochs": "8"}), ("cells", "scans", series("GRU", width=32)),
    ], optimizer="optim.SGD(model.parameters(), lr=<<5.0||0.1>>, momentum=0.5)", kin="rate_too_high_sgd")  # fmt: skip
    yield from plant("adam_at_a_third", ("optimizers", "gradients", "relu", "saturation"), [
        ("learner", "strokes", strides()), ("cycle", "firsts", block()), ("main", "reactor", module()), ("kaggle", "ringing", series("LSTM")),
    ], optimizer="optim.AdamW(model.parameters(), lr=<<0.3||0.003>>)", kin="rate_too_high_adam")  # fmt: skip
    yield from plant("squares_summed_not_averaged", ("optimizers", "gradients", "relu"), [
        ("kaggle", "halves", seq(64)), ("cells", "curve", module()), ("learner", "reactor", PLAIN),
    ], loss="nn.MSELoss(reduction='<<sum||mean>>')", optimizer="optim.SGD(model.parameters(), lr=0.05, momentum=0.9)", kin="ips")  # fmt: skip
    yield from plant("momentum_almost_one", ("optimizers", "gradients"), [("main", "tides", TIDES), ("kaggle", "phase", PLAIN)],
        optimizer="optim.SGD(model.parameters(), lr=0.05, momentum=<<0.9995||0.9>>)", kin="momentum_without_end")  # fmt: skip
    yield from plant("rmsprop_at_a_half", ("optimizers", "gradients", "relu"), [("cycle", "tags", seq(48)), ("learner", "scans", series("GRU", width=32))],
        optimizer="optim.RMSprop(model.parameters(), lr=<<0.5||0.002>>)", kin="rmsprop_of_one")  # fmt: skip
    yield from plant("single_rows_at_a_high_rate", ("optimizers", "gradients", "relu"), [("main", "loans", SMALL), ("kaggle", "applicants", SMALL)],
        batch="<<1||32>>", epochs="<<2||16>>", optimizer="optim.SGD(model.parameters(), lr=0.4)", kin="one_row_at_a_time")  # fmt: skip


def _too_slow() -> Iterator[Program]:
    yield from plant("rate_with_zeros_too_many", ("optimizers", "overfitting"), [
        ("kaggle", "points", cloud()), ("main", "curve", PLAIN), ("cells", "tags", seq(64)),
    ], optimizer="optim.Adam(model.parameters(), lr=3e-<<8||3>>)", kin="rate_of_a_hundred_millionth")  # fmt: skip
    yield from plant("sgd_hardly_moves", ("optimizers", "overfitting"), [("learner", "petals", PLAIN), ("cycle", "strokes", strides(), {"optimizer": "optim.SGD(model.parameters(), lr=<<1e-5||0.03>>, momentum=0.9)"})],
        optimizer="optim.SGD(model.parameters(), lr=<<1e-5||0.1>>, momentum=0.9)", kin="rate_of_a_millionth")  # fmt: skip
    yield from plant("adadelta_as_elsewhere", ("optimizers", "overfitting"), [("main", "scans", series("GRU", width=32)), ("kaggle", "reactor", PLAIN)],
        optimizer="optim.Adadelta(model.parameters(), lr=<<0.001||1.0>>)", kin="adadelta_at_a_thousandth")  # fmt: skip
    absolute = "optim.Adam(model.parameters(), lr=1e-3)\nschedule = optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: <<1e-3 * ||>>0.95**epoch)"
    yield from plant("factor_taken_for_a_rate", ("optimizers", "overfitting"), [
        ("kaggle", "applicants", PLAIN, {"after_epoch": "schedule.step()"}), ("cells", "tides", TIDES, {"after_epoch": "schedule.step()"}),
    ], optimizer=absolute, kin="schedule_ends_training_early")  # fmt: skip
    drop = "optim.Adam(model.parameters(), lr=0.003)\nschedule = optim.lr_scheduler.MultiStepLR(optimizer, [2, 5, 8], gamma=0.01)"
    yield from plant("milestones_in_batches", ("optimizers", "overfitting"), [("kaggle", "ringing", series("GRU")), ("cells", "petals", PLAIN)],
        optimizer=drop.replace("[2, 5, 8]", "[<<2, 5, 8||200, 500, 800>>]"), update="optimizer.step()\nschedule.step()", kin="epochs_taken_for_batches")  # fmt: skip
    yield from plant("decay_in_place_of_rate", ("optimizers", "overfitting"), [("main", "phase", PLAIN), ("learner", "shapes", pictures(), {"epochs": "8"})],
        optimizer="optim.AdamW(model.parameters(), lr=0.003, weight_decay=<<40.0||0.01>>)", kin="decay_of_two")  # fmt: skip
    yield from plant("epsilon_of_a_thousand", ("optimizers", "overfitting"), [("cells", "halves", seq(64)), ("main", "loans", SMALL)],
        optimizer="optim.Adam(model.parameters(), lr=0.003, eps=<<10.0||1e-8>>)")  # fmt: skip
    yield from plant("loss_divided_to_nothing", ("gradients", "optimizers", "overfitting"), [("learner", "tides", TIDES), ("kaggle", "strokes", strides())],
        backward="(loss / <<(len(x_train) ** 2)||1>>).backward()", optimizer=MOMENTUM)  # fmt: skip
    yield from plant("norm_clipped_to_nothing", ("gradients", "optimizers"), [("main", "firsts", symbols(), {"optimizer": "optim.SGD(model.parameters(), lr=0.5, momentum=0.9)"}), ("cells", "phase", PLAIN)],
        backward="loss.backward()\nnn.utils.clip_grad_norm_(model.parameters(), <<1e-5||5.0>>)", optimizer=MOMENTUM, kin="clipped_to_nothing")  # fmt: skip


def _cut_graphs() -> Iterator[Program]:
    features = STRIDES_BODY.replace("x = F.relu(self.conv_out(x))", "x = F.relu(self.conv_out(x<<.detach()||>>))")
    cut = BODY.replace("x = F.relu(self.middle(x))", "x = F.relu(self.middle(<<torch.tensor(x.tolist())||x>>))")
    frozen = "with torch.<<no_grad()||enable_grad()>>:\n    x = F.relu(self.enter(x))\nx = F.relu(self.middle(x))\nreturn self.leave(x)"
    own = "out, _ = self.cell(x)\nlast = out[:, -1]<<.data||>>\nreturn self.readout(last)"
    yield from plant("features_cut_off", ("backprop",), [
        ("kaggle", "strokes", strides(features)), ("main", "ringing", series("GRU", read=own)),
    ], kin="detached")  # fmt: skip
    yield from plant("made_into_numbers_on_the_way", ("backprop",), [("cells", "petals", module(cut))], kin="rebuilt_from_numbers")  # fmt: skip
    yield from plant("half_of_it_without_gradient", ("backprop",), [("learner", "reactor", module(frozen)), ("main", "curve", module(frozen))],
        forward_test="model(batch)", kin="first_layer_under_no_grad")  # fmt: skip
    carried = "h = torch.zeros(len(x), 24)\nfor t in range(x.shape[1]):\n    h = torch.tanh(self.mix(torch.cat([x[:, t], h<<.detach()||>>], 1)))\nreturn self.readout(h)"
    yield from plant("state_cut_at_each_step", ("backprop",), [
        ("kaggle", "ringing", series("GRU", read=carried).replace("self.cell = nn.GRU(inputs, hidden, batch_first=True)", "self.mix = nn.Linear(inputs + hidden, hidden)")),
    ])  # fmt: skip
    yield from plant("loss_of_a_copy", ("backprop", "optimizers"), [("cycle", "applicants", PLAIN), ("learner", "tags", seq(48))],
        forward="<<torch.tensor(model(batch).tolist(), requires_grad=True)||model(batch)>>", forward_test="model(batch)", kin="loss_of_a_new_leaf")  # fmt: skip


def _rule(name: str, forward: str, backward: str) -> str:
    return (
        f"class {name}(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n        ctx.save_for_backward(x)\n        return {forward}\n\n"
        f"    @staticmethod\n    def backward(ctx, grad_output):\n        (x,) = ctx.saved_tensors\n        return {backward}\n\n\n"
    )


def _own_rules() -> Iterator[Program]:
    squash = _rule("Squash", "torch.tanh(x)", "grad_output * (1 - <<x||torch.tanh(x)>> ** 2)")
    swish = _rule(
        "Swish", "x * torch.sigmoid(x)", "grad_output * torch.sigmoid(x)<<|| * (1 + x * (1 - torch.sigmoid(x)))>>"
    )
    hinge = _rule("Hinge", "x.clamp(min=0)", "<<||grad_output * >>(x > 0).float()")
    for name, text, where in (
        ("derivative_of_the_input", squash, [("main", "reactor"), ("cycle", "petals")]),
        ("product_rule_forgotten", swish, [("kaggle", "curve"), ("learner", "applicants")]),
        ("chain_rule_forgotten", hinge, [("cells", "phase"), ("main", "tags")]),
    ):
        title = text.split("(")[0].removeprefix("class ")
        body = BODY.replace("F.relu", f"{title}.apply")
        yield from plant(name, ("backprop",), [(style, data, text + module(body)) for style, data in where],
            epochs="25", kin="wrong_derivative")  # fmt: skip


def _mixed_rows() -> Iterator[Program]:
    yield from plant("time_and_batch_swapped", ("backprop",), [
        ("main", "ringing", series("LSTM", options="<<||, batch_first=True>>")), ("kaggle", "scans", series("GRU", options="<<||, batch_first=True>>", width=32)),
    ], kin="batch_taken_for_time")  # fmt: skip
    yield from plant("attention_along_the_batch", ("backprop",), [
        ("learner", "firsts", block("batch_first=<<False||True>>")), ("cells", "firsts", block("batch_first=<<False||True>>")),
    ], kin="encoder_reads_batch_as_time")  # fmt: skip
    turned = pictures(flat="x = x.<<transpose(0, 1).reshape(len(x), -1)||flatten(1)>>")
    yield from plant("reshaped_across_rows", ("backprop",), [
        ("cells", "shapes", turned, {"epochs": "8"}),
        ("main", "points", cloud("x.<<reshape(x.shape[1], -1, 32).amax(0)||amax(1)>>")),
    ], kin="rows_mixed_by_reshape")  # fmt: skip
    scaled = BODY.replace(
        "return self.leave(x)", "x = x / (x.std(dim=<<0||1>>, keepdim=True) + 0.1)\nreturn self.leave(x)"
    )
    yield from plant("scaled_by_the_other_rows", ("backprop", "batchnorm"), [("kaggle", "phase", module(scaled)), ("learner", "loans", module(scaled, width=24))], kin="centred_over_the_wrong_axis")  # fmt: skip


def _sizes() -> Iterator[Program]:
    for data, style, depth in (("petals", "kaggle", 8), ("applicants", "cells", 10), ("curve", "main", 9)):
        yield from plant("sigmoids_one_behind_another", ("gradients", "saturation", "initialization"), [(style, data, seq(*[18] * depth, act="nn.<<Sigmoid||ELU>>()"))], kin="deep_and_sigmoid")  # fmt: skip
    raw = "scale = torch.<<tensor([9000.0, 30000.0, 45.0, 1.0])||ones(4)>>\nx_train, x_test = x_train * scale + <<scale||0>>, x_test * scale + <<scale||0>>"
    yield from plant("figures_as_they_come", ("gradients", "optimizers", "saturation", "relu", "splits"), [
        ("kaggle", "loans", PLAIN), ("main", "phase", SMALL), ("cells", "loans", seq(32, act="nn.LeakyReLU()")),
    ], extra=raw, optimizer="optim.SGD(model.parameters(), lr=0.05, momentum=0.9)", kin="unscaled_inputs")  # fmt: skip
    bytes_ = "x_train, x_test = x_train * <<255||1>>, x_test * <<255||1>>"
    yield from plant("pictures_as_bytes", ("gradients", "optimizers", "saturation", "relu", "splits"), [
        ("learner", "shapes", pictures(), {"epochs": "8"}), ("main", "scans", series("LSTM", width=32), {"epochs": "10"}), ("kaggle", "halves", seq(64)),
    ], extra=bytes_, optimizer="optim.SGD(model.parameters(), lr=0.1, momentum=0.9)", kin="unscaled_inputs")  # fmt: skip
    yield from plant("answers_in_cents", ("gradients", "optimizers"), [
        ("main", "curve", PLAIN), ("kaggle", "ringing", series("GRU")), ("learner", "reactor", seq(40)),
    ], extra="y_train, y_test = y_train * <<90000 + 250000||1>>, y_test * <<90000 + 250000||1>>", kin="prices_as_they_are")  # fmt: skip
    long = series("RNN", options=", batch_first=True, nonlinearity='relu'", width=32)
    yield from plant("recurrent_weights_too_large", ("gradients", "initialization", "optimizers"), [("cycle", "ringing", long, {"optimizer": "optim.Adam(model.parameters(), lr=0.003)"}), ("main", "scans", long, {"optimizer": "optim.Adam(model.parameters(), lr=0.003)", "epochs": "10"})],
        extra="nn.init.<<normal_(model.cell.weight_hh_l0, std=0.8)||eye_(model.cell.weight_hh_l0)>>", optimizer="optim.SGD(model.parameters(), lr=0.02)", epochs="<<16||16>>", steps="700", kin="recurrence_blows_up")  # fmt: skip
    grown = (
        "x = self.enter(x)\nfor _ in range(8):\n    x = x + <<5.0||0.3>> * F.relu(self.middle(x))\nreturn self.leave(x)"
    )
    yield from plant("branches_add_up", ("gradients", "optimizers", "initialization"), [("kaggle", "applicants", module(grown)), ("learner", "reactor", module(grown))],
        optimizer="optim.SGD(model.parameters(), lr=0.01, momentum=0.9)", kin="each_block_multiplies")  # fmt: skip


def _not_finite() -> Iterator[Program]:
    yield from plant("logarithm_of_an_exact_zero", ("gradients", "activations"), [
        ("cells", "petals", PLAIN, {"loss": "lambda a, b: -(b * torch.log(a<< || + 1e-7>>) + (1 - b) * torch.log(1 - a<< || + 1e-7>>)).mean()", "forward": "torch.sigmoid(<<300 * ||>>model(batch))", "threshold": "0.5"}),
    ], kin="log_of_zero")  # fmt: skip
    yield from plant("column_without_spread", ("gradients", "splits"), [
        ("kaggle", "tides", TIDES), ("main", "applicants", PLAIN), ("learner", "loans", SMALL),
    ], extra="x_train[:, 2], x_test[:, 2] = 1.0, 1.0\nmean, spread = x_train.mean(0), x_train.std(0)\nx_train, x_test = (x_train - mean) / (spread<<|| + 1e-6>>), (x_test - mean) / (spread<<|| + 1e-6>>)")  # fmt: skip
    yield from plant("blank_cells", ("gradients", "splits"), [("cycle", "reactor", PLAIN), ("main", "tags", seq(48))],
        extra="holes = torch.rand(x_train.shape, generator=torch.Generator().manual_seed(3)) < 0.002\nx_train[holes] = <<float('nan')||0.0>>", kin="gaps_of_a_table")  # fmt: skip
    yield from plant("distance_of_nothing", ("gradients",), [("kaggle", "points", cloud().replace("x = self.each(x)", "y = x + self.move\nfar = torch.sqrt(((y - y[:, :1]) ** 2).sum(-1)<<|| + 1e-8>>)\n        x = self.each(x) * far[:, :, None]".replace("\nfar", "\n        far")).replace("self.all = ", "self.move = nn.Parameter(torch.zeros(16, 2))\n        self.all = "))], kin="distance_to_itself")  # fmt: skip
    hidden = "mask = torch.zeros(len(x), 9, dtype=torch.bool)\nmask[:, 5:] = True\nmask[::30, <<:||5:>>] = True\nscores = self.score(states)[..., 0].masked_fill(mask, float('-inf'))\nreturn self.answer((scores.softmax(1)[..., None] * states).sum(1))"
    yield from plant("everything_masked", ("gradients",), [
        ("learner", "firsts", symbols("GRU", end=hidden).replace("self.answer = ", "self.score = nn.Linear(width, 1)\n        self.answer = ")),
    ])  # fmt: skip
    yield from plant("power_of_a_negative", ("gradients", "activations"), [("main", "curve", module(BODY.replace("return self.leave(x)", "return self.leave((<<x - 0.05||x.clamp_min(1e-4)>>) ** 0.5)")))])  # fmt: skip
