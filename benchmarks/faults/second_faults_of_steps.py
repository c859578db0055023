"""The second set's faults of the update and of the gradient: optimisers, backward passes, vanishing and exploding."""
# ruff: noqa: E501, ISC002  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from collections.abc import Iterator

from case import Program
from second_faults import PLAIN, SGD, SMALL, plant
from second_networks import BAG, BODY, encoder, lenet, memory, mlp, net, signal, words


def faults() -> Iterator[Program]:
    """Of steps and gradients."""
    yield from _bookkeeping()
    yield from _owners()
    yield from _rates()
    yield from _cut_graphs()
    yield from _mixed_rows()
    yield from _sizes()
    yield from _not_finite()


def _bookkeeping() -> Iterator[Program]:
    yield from plant("zero_grad_left_out", ("optimizers", "gradients", "backprop"),
                     [("tutorial", "bars", lenet()), ("config", "diabetes", PLAIN), ("endless", "adding", memory()), ("system", "quantiles", PLAIN)],
                     zero="<<||optimizer.zero_grad()>>")  # fmt: skip
    yield from plant("zero_grad_once_an_epoch", ("optimizers", "gradients", "backprop"), [("tutorial", "swiss", PLAIN), ("config", "bars", lenet())],
                     train_mode="model.train()\n<<optimizer.zero_grad()||>>", zero="<<||optimizer.zero_grad()>>")  # fmt: skip
    yield from plant("zero_grad_behind_backward", ("optimizers", "backprop"),
                     [("tutorial", "customers", SMALL), ("system", "signals", signal()), ("endless", "letters", words())],
                     zero="<<||optimizer.zero_grad()>>", backward="loss.backward()\n<<optimizer.zero_grad()||>>")  # fmt: skip
    yield from plant("accumulates_and_never_steps", ("optimizers",), [("tutorial", "bars", lenet()), ("config", "customers", SMALL)],
                     extra="accumulate, seen = <<1000||1>>, 0", train_mode="model.train()\nglobal seen\nseen = 0", zero="",
                     update="seen += 1\nif seen % accumulate == 0:\n    optimizer.step()\n    optimizer.zero_grad()")  # fmt: skip
    yield from plant("step_inside_a_false_condition", ("optimizers",), [("endless", "pendulum", PLAIN), ("system", "checker", PLAIN)],
                     update="if loss.item() <<> 1e6||< 1e6>>:\n    optimizer.step()")  # fmt: skip
    yield from plant("loss_with_the_wrong_sign", ("optimizers", "gradients", "activations"), [("tutorial", "quantiles", PLAIN), ("config", "circuit", PLAIN), ("endless", "bars", lenet())],
                     backward="(<<-||>>loss).backward()")  # fmt: skip


def _owners() -> Iterator[Program]:
    lists = BODY.replace("x = torch.relu(self.fc2(x))", "for layer in self.more:\n    x = torch.relu(layer(x))")
    held = "self.more = <<[||nn.ModuleList([>>nn.Linear(n_hidden, n_hidden) for _ in range(3)]<<||)>>"
    # what no optimiser owns keeps its start: the net still learns a little through the other layers
    yield from plant(
        "layers_in_a_plain_list",
        ("optimizers", "backprop"),
        [
            ("tutorial", "spiral", net(lists, init=held)),
            ("config", "circuit", net(lists, init=held)),
            ("endless", "hastie", net(lists, init=held)),
        ],
    )
    new = "optimizer_first = @rule@\n<<model.out = nn.Linear(40, outputs)||>>"
    yield from plant("head_replaced_behind_the_optimizer", ("optimizers", "backprop"), [("tutorial", "quantiles", net()), ("endless", "pendulum", net())],
                     extra=new.replace("@rule@", "torch.optim.Adam(model.parameters(), lr=0.004)"), optimizer="optimizer_first")  # fmt: skip
    yield from plant("model_made_anew_behind_the_optimizer", ("optimizers", "backprop"), [("config", "swiss", net()), ("system", "customers", net())],
                     extra="rule_of_all = torch.optim.Adam(model.parameters(), lr=0.004)\n<<model = Network(inputs, 40, outputs)||>>", optimizer="rule_of_all")  # fmt: skip
    yield from plant("trains_the_original_and_uses_the_copy", ("optimizers", "backprop"), [("tutorial", "swiss", PLAIN), ("config", "bars", lenet())],
                     extra="original = model\nmodel = <<copy.deepcopy(model)||model>>", optimizer="torch.optim.Adam(original.parameters(), lr=0.004)")  # fmt: skip
    yield from plant("only_the_biases_are_owned", ("optimizers", "backprop"), [("endless", "spiral", PLAIN), ("tutorial", "signals", signal())],
                     optimizer="torch.optim.Adam([p for name, p in model.named_parameters() if <<'bias' in name||True>>], lr=0.004)")  # fmt: skip


def _rates() -> Iterator[Program]:
    yield from plant("step_of_half", ("optimizers", "gradients", "relu"),
                     [("tutorial", "bars", lenet()), ("config", "pendulum", PLAIN), ("system", "letters", words()), ("endless", "adding", memory())],
                     optimizer="torch.optim.Adam(model.parameters(), lr=<<0.5||0.005>>)")  # fmt: skip
    yield from plant("rate_of_ten", ("optimizers", "gradients", "relu"), [("tutorial", "customers", SMALL), ("endless", "quantiles", PLAIN), ("config", "signals", signal())],
                     optimizer="torch.optim.SGD(model.parameters(), lr=<<10||0.05>>)", epochs="30")  # fmt: skip
    yield from plant("rmsprop_of_one", ("optimizers", "gradients", "relu"), [("system", "diabetes", SMALL), ("endless", "markers", BAG)],
                     optimizer="torch.optim.RMSprop(model.parameters(), lr=<<1.0||0.002>>)")  # fmt: skip
    yield from plant("rate_of_a_hundred_millionth", ("optimizers", "overfitting"), [("tutorial", "quantiles", PLAIN), ("config", "dots", lenet()), ("endless", "letters", words())],
                     optimizer="torch.optim.Adam(model.parameters(), lr=<<1e-8||5e-3>>)")  # fmt: skip
    yield from plant("rate_of_a_millionth", ("optimizers", "overfitting"), [("config", "quantiles", PLAIN), ("tutorial", "circuit", PLAIN), ("system", "bars", lenet())],
                     optimizer="torch.optim.SGD(model.parameters(), lr=<<1e-6||0.05>>, momentum=0.9)")  # fmt: skip
    yield from plant("adagrad_at_its_slowest", ("optimizers", "overfitting"), [("endless", "swiss", PLAIN), ("tutorial", "signals", signal())],
                     optimizer="torch.optim.Adagrad(model.parameters(), lr=<<1e-5||0.05>>)")  # fmt: skip
    warm = "torch.optim.Adam(model.parameters(), lr=0.005)\nschedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, step / 20))"
    yield from plant("warm_up_never_advances", ("optimizers", "overfitting"), [("tutorial", "customers", SMALL), ("config", "pendulum", PLAIN)],
                     optimizer=warm, update="optimizer.step()\n<<||schedule.step()>>")  # fmt: skip
    decay = "torch.optim.Adam(model.parameters(), lr=0.004)\nschedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.8)"
    yield from plant("decay_at_every_batch", ("optimizers", "overfitting"), [("tutorial", "bars", lenet()), ("config", "swiss", PLAIN)],
                     optimizer=decay, update="optimizer.step()\n<<schedule.step()||>>", after_epoch="<<pass||schedule.step()>>")  # fmt: skip
    steps = "torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)\nschedule = torch.optim.lr_scheduler.StepLR(optimizer, step_size=<<4||400>>, gamma=0.3)"
    yield from plant("epochs_taken_for_batches", ("optimizers", "overfitting"), [("tutorial", "bars", lenet()), ("config", "swiss", PLAIN), ("endless", "quantiles", PLAIN)],
                     optimizer=steps, update="optimizer.step()\nschedule.step()")  # fmt: skip
    yield from plant("decay_and_rate_swapped", ("optimizers", "overfitting"), [("tutorial", "quantiles", PLAIN), ("config", "diabetes", SMALL)],
                     optimizer="torch.optim.SGD(model.parameters(), lr=<<1e-5||0.05>>, weight_decay=<<0.05||1e-5>>, momentum=0.9)")  # fmt: skip
    yield from plant("decay_of_two", ("optimizers", "overfitting"), [("endless", "customers", SMALL), ("tutorial", "bars", lenet()), ("system", "circuit", PLAIN)],
                     optimizer="torch.optim.Adam(model.parameters(), lr=0.003, weight_decay=<<2.0||1e-4>>)")  # fmt: skip
    heavy = (
        "lambda a, b: nn.functional.mse_loss(a, b) + <<1.0||1e-5>> * sum(p.pow(2).sum() for p in model.parameters())"
    )
    yield from plant(
        "penalty_outweighs_the_loss",
        ("optimizers", "overfitting"),
        [("tutorial", "diabetes", SMALL), ("endless", "pendulum", PLAIN)],
        loss=heavy,
    )


def _cut_graphs() -> Iterator[Program]:
    bodies = {
        "hidden_by_data": BODY.replace("x = torch.relu(self.fc2(x))", "x = torch.relu(self.fc2(x<<.data||>>))"),
        "through_numpy": BODY.replace(
            "x = torch.relu(self.fc2(x))",
            "x = <<torch.from_numpy(x.detach().numpy())||x>>\nx = torch.relu(self.fc2(x))",
        ),
        "hard_threshold": "x = self.fc1(x)\nx = <<(x > 0).float()||torch.sigmoid(x)>>\nx = torch.relu(self.fc2(x))\nreturn self.out(x)",
        "rounded_on_the_way": "x = torch.tanh(self.fc1(x))\nx = <<torch.round(x * 4) / 4||x>>\nx = torch.relu(self.fc2(x))\nreturn self.out(x)",
    }
    places = {
        "hidden_by_data": [("tutorial", "spiral"), ("config", "circuit")],
        "through_numpy": [("endless", "checker"), ("system", "circuit")],
        "hard_threshold": [("tutorial", "circuit"), ("config", "quantiles")],
        "rounded_on_the_way": [("system", "swiss"), ("endless", "quantiles")],
    }
    for name, body in bodies.items():
        yield from plant(name, ("backprop",), [(style, data, net(body)) for style, data in places[name]],
                         optimizer="torch.optim.Adam(model.parameters(), lr=0.01)", epochs="25")  # fmt: skip
    features = lenet().replace(
        "        x = F.max_pool2d(F.relu(self.conv1(x)), 2)",
        "        with torch.set_grad_enabled(<<False||torch.is_grad_enabled()>>):\n            x = F.max_pool2d(F.relu(self.conv1(x)), 2)",
    )
    yield from plant(
        "first_convolution_without_gradient",
        ("backprop",),
        [("tutorial", "bars", features), ("endless", "dots", features)],
    )
    yield from plant("loss_of_a_new_leaf", ("backprop", "optimizers"), [("tutorial", "quantiles", PLAIN), ("config", "diabetes", SMALL), ("endless", "signals", signal())],
                     forward="<<model(batch).detach().requires_grad_()||model(batch)>>", forward_test="model(batch)")  # fmt: skip
    rule = "class Leaky(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n        ctx.save_for_backward(x)\n        return torch.where(x > 0, x, 0.1 * x)\n\n" \
        "    @staticmethod\n    def backward(ctx, grad):\n        (x,) = ctx.saved_tensors\n        return grad * torch.where(x > 0, <<0.1, 1.0||1.0, 0.1>>)\n\n\n"  # fmt: skip
    own = rule + net("x = Leaky.apply(self.fc1(x))\nx = Leaky.apply(self.fc2(x))\nreturn self.out(x)")
    yield from plant(
        "branches_of_a_derivative_swapped", ("backprop",), [("tutorial", "spiral", own), ("config", "pendulum", own)]
    )
    bell = "class Sigmoid(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n        s = 1 / (1 + torch.exp(-x))\n        ctx.save_for_backward(<<x||s>>)\n        return s\n\n" \
        "    @staticmethod\n    def backward(ctx, grad):\n        (s,) = ctx.saved_tensors\n        return grad * s * (1 - s)\n\n\n"  # fmt: skip
    yield from plant("derivative_of_the_wrong_variable", ("backprop",),
                     [("system", "checker", bell + net("x = Sigmoid.apply(self.fc1(x))\nx = torch.relu(self.fc2(x))\nreturn self.out(x)")),
                      ("tutorial", "swiss", bell + net("x = Sigmoid.apply(self.fc1(x))\nx = torch.relu(self.fc2(x))\nreturn self.out(x)"))], epochs="30")  # fmt: skip


def _mixed_rows() -> Iterator[Program]:
    time = memory(options="<<||, batch_first=True>>")
    yield from plant(
        "batch_taken_for_time",
        ("backprop",),
        [("tutorial", "adding", time), ("config", "adding", time.replace("nn.GRU", "nn.LSTM"))],
    )
    yield from plant(
        "encoder_reads_batch_as_time",
        ("backprop",),
        [
            ("tutorial", "markers", encoder("<<||, batch_first=True>>")),
            ("endless", "markers", encoder("<<||, batch_first=True>>")),
        ],
    )
    flat = lenet(middle="x = x.<<permute(1, 0, 2, 3).reshape(len(x), -1)||flatten(1)>>")
    yield from plant(
        "channels_and_rows_reshaped_together", ("backprop",), [("tutorial", "bars", flat), ("system", "dots", flat)]
    )
    mean = BODY.replace(
        "x = torch.relu(self.fc2(x))", "x = x - 0.9 * x.mean(<<0||1>>, keepdim=True)\nx = torch.relu(self.fc2(x))"
    )
    scores = "x = torch.relu(self.fc1(x))\nx = x * torch.softmax(self.fc2(x), dim=<<0||1>>) * 8\nreturn self.out(x)"
    yield from plant(
        "centred_over_the_wrong_axis",
        ("backprop",),
        [("config", "quantiles", net(mean)), ("endless", "customers", net(mean))],
    )
    yield from plant(
        "gate_over_the_batch",
        ("backprop", "activations"),
        [("tutorial", "circuit", net(scores)), ("system", "quantiles", net(scores))],
    )


def _sizes() -> Iterator[Program]:
    deep = [("tutorial", "checker", mlp(*[20] * 9, act="<<nn.Sigmoid()||nn.ELU()>>")), ("config", "quantiles", mlp(*[20] * 12, act="<<nn.Sigmoid()||nn.ELU()>>")),
            ("system", "swiss", mlp(*[16] * 10, act="<<nn.Sigmoid()||nn.ELU()>>"))]  # fmt: skip
    yield from plant(
        "deep_and_sigmoid",
        ("gradients", "saturation", "initialization"),
        deep,
        optimizer="torch.optim.Adam(model.parameters(), lr=0.002)",
    )
    inputs = "x_train, x_test = x_train * <<50000||1>>, x_test * <<50000||1>>"
    yield from plant("salaries_as_they_are", ("gradients", "optimizers", "saturation", "relu"), [("tutorial", "customers", PLAIN), ("config", "diabetes", SMALL), ("endless", "hastie", PLAIN)],
                     extra=inputs, optimizer="torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)", epochs="30", steps="900")  # fmt: skip
    one = "if <<True||False>>:\n    x_train[:, 0], x_test[:, 0] = 30000 + 9000 * x_train[:, 0], 30000 + 9000 * x_test[:, 0]"
    yield from plant(
        "one_column_in_other_units",
        ("gradients", "optimizers", "saturation", "relu"),
        [("tutorial", "diabetes", SMALL), ("system", "customers", SMALL), ("config", "circuit", PLAIN)],
        extra=one,
        optimizer=SGD.replace("0.05", "0.01"),
    )
    prices = "y_train, y_test = <<450000 + 120000 * y_train, 450000 + 120000 * y_test||1 * y_train, 1 * y_test>>"
    yield from plant(
        "prices_as_they_are",
        ("gradients", "optimizers"),
        [("tutorial", "circuit", PLAIN), ("config", "swiss", PLAIN), ("endless", "diabetes", SMALL)],
        extra=prices,
    )
    yield from plant("clipped_by_value_to_nothing", ("gradients", "optimizers"), [("tutorial", "bars", lenet()), ("endless", "circuit", PLAIN)],
                     backward="loss.backward()\ntorch.nn.utils.clip_grad_value_(model.parameters(), <<1e-6||1.0>>)", optimizer=SGD)  # fmt: skip
    wild = "nn.init.<<normal_(model.rnn.weight_hh_l0, std=0.9)||orthogonal_(model.rnn.weight_hh_l0)>>"
    relu = memory("RNN", options=", batch_first=True, nonlinearity='relu'")
    yield from plant(
        "recurrence_blows_up",
        ("gradients", "initialization", "optimizers"),
        [("tutorial", "adding", relu), ("config", "adding", relu)],
        extra=wild,
        optimizer="torch.optim.SGD(model.parameters(), lr=0.02)",
        epochs="30",
    )
    grown = "x = torch.relu(self.fc1(x))\nfor _ in range(6):\n    x = torch.relu(self.fc2(x)) * <<4.0||1.0>>\nreturn self.out(x)"
    yield from plant(
        "each_block_multiplies",
        ("gradients", "optimizers", "initialization"),
        [("tutorial", "quantiles", net(grown)), ("system", "circuit", net(grown))],
        optimizer="torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)",
        extra="nn.init.orthogonal_(model.fc2.weight, gain=1.4)",
    )


def _not_finite() -> Iterator[Program]:
    lengths = "size = x.norm(dim=1, keepdim=True)\nx = x / <<size||size.clamp_min(1e-6)>>\n" + BODY
    yield from plant("divided_by_a_length_of_zero", ("gradients", "splits"), [("tutorial", "pendulum", net(lengths)), ("config", "circuit", net(lengths))],
                     extra="x_train[::60] = 0.0\nx_test[::60] = 0.0")  # fmt: skip
    log = "torch.log(<<{0}||F.softplus({0}) + 1e-4>>)"
    yield from plant("logarithm_of_a_negative", ("gradients", "activations"), [("tutorial", "pendulum", SMALL), ("system", "dots", lenet())],
                     loss="lambda a, b: F.mse_loss(" + log.format("a") + ", b)",
                     score="1 - F.mse_loss(" + log.format("output") + ", target).item() / target.var().item()")  # fmt: skip
    gap = "x_train[<<[5, 77], [0, 1]||:0>>] = float('nan')"
    yield from plant(
        "gaps_of_a_table",
        ("gradients", "splits"),
        [("tutorial", "customers", SMALL), ("config", "diabetes", SMALL), ("endless", "circuit", PLAIN)],
        extra=gap,
    )
    same = "lambda a, b: F.mse_loss(a, b) + 0.01 * torch.sqrt(((a - a.mean(0)) * <<0.0||1.0>>).pow(2).sum())"
    yield from plant(
        "root_at_zero", ("gradients",), [("tutorial", "swiss", PLAIN), ("config", "pendulum", PLAIN)], loss=same
    )
