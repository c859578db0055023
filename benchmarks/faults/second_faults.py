"""The second set's faults, as people make them; each with its twin by one switch. Last layers, losses, units, starts."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from case import Program
from second_networks import BAG, BODY, attention, by_hand, lenet, memory, mlp, net, signal, words
from second_styles import script

Variant: TypeAlias = tuple[str, str, str]
SGD = "torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)"
PLAIN, SMALL = mlp(40, 40), mlp(32)
SQUEEZED = "\ny_train, y_test = y_train[:, 0], y_test[:, 0]"


def plant(name: str, questions: tuple[str, ...], variants: Sequence[Variant], **slots: str) -> Iterator[Program]:
    """One fault in several (style, data, network) variants."""
    for style, data, network in variants:
        source = script(name.replace("_", " ").capitalize() + "?", style, data, network, **slots)
        yield Program(f"{name}-{style}-{data}", source, questions)


def faults() -> Iterator[Program]:
    """Of the last layer, the loss, the units and the start."""
    yield from _last_layers()
    yield from _targets()
    yield from _starts()
    yield from _units()


def _last_layers() -> Iterator[Program]:
    ends = "return <<F.softmax(self.fc2(x), dim=1)||self.fc2(x)>>"
    yield from plant(
        "probabilities_into_cross_entropy", ("activations", "gradients"),
        [("tutorial", "bars", lenet(end=ends)), ("system", "quantiles", mlp(40, last="<<, nn.Softmax(dim=-1)||>>")),
         ("endless", "markers", BAG.replace("return self.head(x)", "return <<self.head(x).softmax(-1)||self.head(x)>>")),
         ("config", "signals", signal(last="<<nn.Softmax(dim=1),||>>"))],
    )  # fmt: skip
    yield from plant(
        "sigmoid_outputs_into_cross_entropy", ("activations", "gradients"),
        [("system", "signals", signal(last="<<nn.Sigmoid(),||>>")), ("tutorial", "quantiles", mlp(40, last="<<, nn.Sigmoid()||>>")),
         ("config", "bars", lenet(end="return <<torch.sigmoid(self.fc2(x))||self.fc2(x)>>"))],
    )  # fmt: skip
    yield from plant(
        "sigmoid_twice", ("activations", "gradients"),
        [("tutorial", "customers", mlp(32, last="<<, nn.Sigmoid()||>>")), ("system", "labels", mlp(48, last="<<, nn.Sigmoid()||>>")),
         ("endless", "checker", net(BODY.replace("return self.out(x)", "return <<torch.sigmoid(self.out(x))||self.out(x)>>")))],
        threshold="<<0.5||0>>",
    )  # fmt: skip
    yield from plant(
        "tanh_before_logits_loss", ("activations", "gradients"),
        [("config", "customers", mlp(32, last="<<, nn.Tanh()||>>")), ("tutorial", "hastie", mlp(64, last="<<, nn.Tanh()||>>"))],
    )  # fmt: skip
    yield from plant(
        "rectified_numbers", ("activations", "relu"),
        [("tutorial", "diabetes", mlp(32, last="<<, nn.ReLU()||>>")), ("endless", "pendulum", mlp(48, last="<<, nn.ReLU()||>>")),
         ("system", "dots", lenet(end="return <<F.relu(self.fc2(x))||self.fc2(x)>>"))],
    )  # fmt: skip
    yield from plant(
        "squashed_numbers", ("activations", "saturation"),
        [("config", "swiss", mlp(48, last="<<, nn.Sigmoid()||>>")), ("tutorial", "circuit", mlp(48, last="<<, nn.Sigmoid()||>>")),
         ("system", "pendulum", mlp(48, 48, act="nn.Tanh()", last="<<, nn.Tanh()||>>")),
         ("endless", "adding", memory(pick="return <<torch.sigmoid(self.head(out[:, -1]))||self.head(out[:, -1])>>"))],
    )  # fmt: skip
    yield from plant(
        "softmax_over_one_output", ("activations",),
        [("config", "diabetes", mlp(32, last="<<, nn.Softmax(dim=1)||>>")), ("tutorial", "swiss", mlp(48, last="<<, nn.Softmax(dim=1)||>>"))],
    )  # fmt: skip
    straight = "x = self.fc1(x)<<||.relu()>>\nx = self.fc2(x)<<||.relu()>>\nreturn self.out(x)"
    yield from plant(
        "activation_forgotten", ("activations", "overfitting"),
        [("endless", "checker", net(straight)), ("tutorial", "spiral", mlp(64, 64, act="<<nn.Identity()||nn.ReLU()>>")),
         ("system", "swiss", net(straight)), ("config", "quantiles", net(straight))],
    )  # fmt: skip
    across = BODY.replace("return self.out(x)", "return F.log_softmax(self.out(x), dim=<<0||1>>)")
    yield from plant(
        "log_softmax_down_the_batch", ("activations", "backprop"),
        [("tutorial", "quantiles", net(across)), ("config", "bars", lenet(end="return F.log_softmax(self.fc2(x), dim=<<0||1>>)"))],
        loss="nn.NLLLoss()",
    )  # fmt: skip
    yield from plant(
        "likelihood_of_raw_outputs", ("activations", "gradients"),
        [("endless", "spiral", mlp(48, 48, last="<<||, nn.LogSoftmax(dim=1)>>")), ("tutorial", "bars", lenet(end="x = self.fc2(x)\nreturn x<<||.log_softmax(dim=1)>>"))],
        loss="nn.NLLLoss()",
    )  # fmt: skip


def _targets() -> Iterator[Program]:
    yield from plant(
        "column_against_row", ("activations",),
        [("tutorial", "diabetes", SMALL), ("config", "circuit", PLAIN), ("endless", "swiss", PLAIN), ("system", "adding", memory())],
        extra=SQUEEZED, forward="<<model(batch)||model(batch).squeeze(-1)>>", forward_test="model(batch).squeeze(-1)",
    )  # fmt: skip
    yield from plant(
        "row_against_column", ("activations",),
        [("config", "diabetes", net()), ("tutorial", "circuit", PLAIN)],
        loss="nn.L1Loss()", forward="model(batch)<<.flatten()||>>", forward_test="model(batch)",
    )  # fmt: skip
    yield from plant(
        "error_by_hand_broadcasts", ("activations",),
        [("system", "swiss", PLAIN), ("endless", "circuit", SMALL)],
        extra=SQUEEZED, loss="lambda a, b: torch.mean((a - b).pow(2))",
        forward="<<model(batch)||model(batch)[:, 0]>>", forward_test="model(batch)[:, 0]",
    )  # fmt: skip
    yield from plant(
        "squared_error_of_class_numbers", ("activations",),
        [("tutorial", "markers", BAG.replace("nn.Linear(48, outputs)", "nn.Linear(48, <<1||outputs>>)")),
         ("config", "letters", words().replace("nn.Linear(48, outputs)", "nn.Linear(48, <<1||outputs>>)"))],
        loss="<<lambda a, b: F.mse_loss(a[:, 0], b.float())||nn.CrossEntropyLoss()>>",
        score="(<<output[:, 0].round().long()||output.argmax(1)>> == target).float().mean().item()",
    )  # fmt: skip


def _initial(lines: str) -> str:
    body = "".join(f"        {line}\n" for line in lines.splitlines())
    return f"def init_weights(layer):\n    if isinstance(layer, (nn.Linear, nn.Conv1d, nn.Conv2d)):\n{body}\n\nmodel.apply(init_weights)"


def _starts() -> Iterator[Program]:
    four = [
        ("tutorial", "bars", lenet()),
        ("config", "swiss", mlp(40, 40, act="nn.Tanh()")),
        ("system", "signals", signal()),
        ("endless", "customers", net()),
    ]
    yield from plant("weights_of_zero", ("initialization", "gradients"), four[:3],
                     extra=_initial("nn.init.<<zeros_||kaiming_uniform_>>(layer.weight)\nnn.init.zeros_(layer.bias)"))  # fmt: skip
    yield from plant("weights_of_one_value", ("initialization", "gradients"), [four[1], four[3], ("tutorial", "quantiles", PLAIN)],
                     extra=_initial("nn.init.<<constant_(layer.weight, 0.05)||xavier_normal_(layer.weight)>>\nnn.init.constant_(layer.bias, 0.0)"))  # fmt: skip
    yield from plant("weights_of_one_over_fan_in", ("initialization", "gradients"), [("config", "checker", PLAIN), ("tutorial", "swiss", PLAIN)],
                     extra=_initial("fan_in = layer.weight[0].numel()\nnn.init.<<constant_(layer.weight, 1 / fan_in)||normal_(layer.weight, 0, fan_in ** -0.5)>>"))  # fmt: skip
    zeros = by_hand("torch.<<zeros(n_in, n_out)||randn(n_in, n_out) / n_in ** 0.5>>")
    yield from plant(
        "hand_made_zeros",
        ("initialization", "gradients"),
        [("system", "quantiles", zeros), ("endless", "swiss", zeros)],
    )
    deep = [("tutorial", "hastie", mlp(48, 48, 48)), ("config", "bars", lenet()), ("endless", "letters", words())]
    yield from plant("plain_normal_start", ("initialization", "gradients", "saturation", "optimizers"), deep, optimizer=SGD,
                     extra=_initial("nn.init.<<normal_(layer.weight)||kaiming_normal_(layer.weight)>>"))  # fmt: skip
    randn = by_hand("torch.randn(n_in, n_out)<<|| * (2 / n_in) ** 0.5>>", width=192)
    yield from plant("hand_made_randn", ("initialization", "gradients", "saturation", "optimizers"),
                     [("tutorial", "hastie", randn), ("system", "quantiles", randn), ("config", "circuit", randn)], optimizer=SGD.replace("0.05", "0.02"))  # fmt: skip
    rand = by_hand("<<torch.rand(n_in, n_out)||(torch.rand(n_in, n_out) - 0.5) * 2 / n_in ** 0.5>>", act="nn.Sigmoid()")
    yield from plant("hand_made_rand", ("initialization", "saturation", "gradients"), [("tutorial", "quantiles", rand), ("endless", "customers", rand)],
                     optimizer="torch.optim.Adam(model.parameters(), lr=0.01)", epochs="30", steps="900")  # fmt: skip
    tiny = [
        ("config", "spiral", mlp(32, 32, 32, 32, act="nn.Tanh()")),
        ("tutorial", "diabetes", mlp(32, 32, 32, 32)),
        ("system", "bars", lenet()),
    ]
    yield from plant("start_of_a_thousandth", ("initialization", "gradients"), tiny, optimizer=SGD,
                     extra=_initial("nn.init.<<normal_(layer.weight, std=0.001)||kaiming_normal_(layer.weight)>>\nnn.init.zeros_(layer.bias)"))  # fmt: skip
    loud = "last = [layer for layer in model.modules() if isinstance(layer, nn.Linear)][-1]\nnn.init.normal_(last.weight, std=<<60.0||0.1>>)"
    yield from plant("last_layer_far_off", ("initialization", "gradients", "optimizers"),
                     [("tutorial", "quantiles", PLAIN), ("endless", "markers", BAG), ("system", "letters", words())], extra=loud, optimizer=SGD)  # fmt: skip


def _units() -> Iterator[Program]:
    low = "for name, parameter in model.named_parameters():\n    if 'bias' in name and len(parameter) != outputs:\n        nn.init.constant_(parameter, <<-8.0||0.01>>)"
    yield from plant("biases_far_below_zero", ("relu", "initialization"),
                     [("tutorial", "quantiles", PLAIN), ("config", "dots", lenet()), ("endless", "pendulum", net())], extra=low)  # fmt: skip
    shift = BODY.replace("torch.relu(self.fc1(x))", "torch.relu(self.fc1(x)<< - 15||>>)")
    yield from plant(
        "threshold_never_passed",
        ("relu", "gradients"),
        [("system", "swiss", net(shift)), ("tutorial", "checker", net(shift))],
    )
    yield from plant("units_killed_at_the_first_steps", ("relu", "optimizers", "gradients"),
                     [("config", "diabetes", PLAIN), ("endless", "circuit", mlp(64, 64, 64)), ("tutorial", "dots", lenet())],
                     optimizer="torch.optim.SGD(model.parameters(), lr=<<2.0||0.01>>, momentum=0.9)")  # fmt: skip
    hot = "x = torch.<<sigmoid(40 * self.fc1(x))||sigmoid(self.fc1(x))>>\nx = torch.<<sigmoid(40 * self.fc2(x))||sigmoid(self.fc2(x))>>\nreturn self.out(x)"
    yield from plant("too_steep_a_sigmoid", ("saturation", "activations", "gradients"), [("tutorial", "diabetes", net(hot)), ("system", "hastie", net(hot))],
                     optimizer="torch.optim.Adam(model.parameters(), lr=0.01)", epochs="25")  # fmt: skip
    flat = [
        ("config", "customers", mlp(32, 32, act="nn.Tanh()")),
        ("tutorial", "circuit", mlp(48, act="nn.Sigmoid()")),
        ("endless", "adding", memory("RNN")),
    ]
    yield from plant("raw_inputs_into_tanh", ("saturation", "gradients", "splits"), flat,
                     extra="units = <<torch.linspace(300, 900, x_train.shape[-1])||torch.ones(x_train.shape[-1])>>\nx_train, x_test = x_train * units, x_test * units")  # fmt: skip
    yield from plant("years_and_incomes_into_sigmoid", ("saturation", "gradients", "splits"), [("system", "customers", mlp(32, act="nn.Sigmoid()")), ("config", "diabetes", mlp(32, act="nn.Tanh()"))],
                     extra="away = <<1970.0||0.0>>\nx_train, x_test = x_train * 8 + away, x_test * 8 + away\nif not away:\n    x_train, x_test = x_train / 8, x_test / 8")  # fmt: skip
    wide = _initial("nn.init.uniform_(layer.weight, <<-9, 9||-0.3, 0.3>>)")
    yield from plant("weights_far_into_the_flat", ("saturation", "initialization", "gradients"),
                     [("tutorial", "hastie", mlp(40, 40, act="nn.Tanh()")), ("system", "quantiles", mlp(40, 40, act="nn.Sigmoid()"))],
                     extra=wide, epochs="30", optimizer="torch.optim.Adam(model.parameters(), lr=0.01)")  # fmt: skip
    mixed = attention("F.softmax(scores, dim=<<0||-1>>)")
    yield from plant(
        "attention_over_the_batch",
        ("backprop", "activations"),
        [("tutorial", "markers", mixed), ("config", "markers", mixed)],
    )
