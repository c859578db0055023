"""Planted faults of every question, each in several styles of code, each with its twin by one switch."""
# ruff: noqa: E501, ISC002, ISC004  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from collections.abc import Iterator

from case import Program
from loops import script
from networks import convolutional, module, perceptron, recurrent


def programs() -> list[Program]:
    """All planted faults."""
    return [*_activations(), *_optimizers(), *_backprop(), *_starts(), *_gradients(), *_units(), *_modes(), *_fits()]


def _each(
    name: str, questions: tuple[str, ...], variants: list[tuple[str, str, str]], **slots: str
) -> Iterator[Program]:
    """One fault in several (style, data, network) variants."""
    for style, data, network in variants:
        title = name.replace("_", " ").capitalize() + "?"
        source = script(title, style, data, network, **slots)
        yield Program(f"{name}-{style}-{data}", source, questions)


SMALL = perceptron(32)
DEEP = perceptron(64, 64)


def _activations() -> Iterator[Program]:
    double = ["<<nn.Softmax(dim=1)||nn.Identity()>>"]
    yield from _each(
        "softmax_before_cross_entropy",
        ("activations", "gradients"),
        [
            ("loader", "digits", perceptron(64, last=double)),
            ("slices", "wine", module(forward="hidden = F.relu(self.first(x))\n"
                                      "return <<F.softmax(self.last(hidden), dim=1)||self.last(hidden)>>")),
            ("trainer", "images", convolutional(head=double)),
            ("full", "blobs", perceptron(32, last=double)),
        ],
    )  # fmt: skip
    yield from _each(
        "sigmoid_before_logits_loss",
        ("activations", "gradients"),
        [
            ("loader", "cancer", perceptron(32, last=["<<nn.Sigmoid()||nn.Identity()>>"])),
            ("full", "moons", module(32, forward="hidden = F.relu(self.first(x))\n"
                                     "return <<torch.sigmoid(self.last(hidden))||self.last(hidden)>>")),
            ("slices", "circles", perceptron(32, 32, last=["<<nn.Sigmoid()||nn.Identity()>>"])),
        ],
        threshold="<<0.5||0>>",
    )  # fmt: skip
    yield from _each(
        "rectified_logits",
        ("activations", "relu", "gradients"),
        [
            ("loader", "digits", perceptron(64, last=["<<nn.ReLU()||nn.Identity()>>"])),
            ("slices", "blobs", module(forward="hidden = F.relu(self.first(x))\n"
                                       "return <<F.relu(self.last(hidden))||self.last(hidden)>>")),
            ("trainer", "iris", perceptron(16, last=["<<nn.ReLU()||nn.Identity()>>"])),
        ],
    )  # fmt: skip
    yield from _each(
        "bounded_output_for_numbers",
        ("activations", "saturation"),
        [
            ("loader", "friedman", perceptron(64, last=["<<nn.Sigmoid()||nn.Identity()>>"])),
            ("slices", "wave", perceptron(32, last=["<<nn.Sigmoid()||nn.Identity()>>"])),
            ("full", "friedman", perceptron(32, last=["<<nn.Tanh()||nn.Identity()>>"])),
        ],
    )
    yield from _each(
        "no_nonlinearity",
        ("activations", "overfitting"),
        [
            ("loader", "moons", perceptron(32, 32, activation="<<nn.Identity()||nn.ReLU()>>")),
            ("slices", "circles", module(activation="<<||F.relu>>")),
            ("trainer", "wave", perceptron(32, 32, activation="<<nn.Dropout(0.0)||nn.Tanh()>>")),
        ],
    )
    flat = {"loss": "nn.MSELoss()"}
    flatten = "\ny_train, y_test = y_train[:, 0], y_test[:, 0]"
    yield from _each(
        "silent_broadcast",
        ("activations",),
        [("slices", "wave", SMALL), ("trainer", "friedman", DEEP), ("full", "wave", module())],
        extra=flatten,
        functional="nn.functional.mse_loss",
        forward="<<model(batch)||model(batch)[:, 0]>>",
        evaluate="model(x_test)[:, 0]",
        **flat,
    )
    yield from _each(
        "silent_broadcast_by_hand",
        ("activations",),
        [("full", "friedman", SMALL), ("loader", "wave", DEEP)],
        extra=flatten,
        loss="lambda output, target: ((output - target) ** 2).mean()",
        forward="<<model(batch)||model(batch).squeeze(1)>>",
        evaluate="model(x_test).squeeze(1)",
    )
    over_rows = "hidden = F.relu(self.first(x))\nreturn F.log_softmax(self.last(hidden), dim=<<0||1>>)"
    yield from _each(
        "softmax_over_the_batch",
        ("activations", "backprop"),
        [("loader", "digits", module(forward=over_rows)), ("slices", "wine", module(forward=over_rows))],
        loss="nn.NLLLoss()",
    )
    yield from _each(
        "likelihood_of_plain_probabilities",
        ("activations", "gradients"),
        [
            ("loader", "wine", perceptron(32, last=["<<nn.Softmax(dim=1)||nn.LogSoftmax(dim=1)>>"])),
            ("full", "iris", perceptron(16, last=["<<nn.Sigmoid()||nn.LogSoftmax(dim=1)>>"])),
        ],
        loss="nn.NLLLoss()",
    )
    yield from _each(
        "softmax_on_one_unit",
        ("activations",),
        [
            ("loader", "cancer", perceptron(32, last=["<<nn.Softmax(dim=1)||nn.Sigmoid()>>"])),
            ("full", "moons", perceptron(32, last=["<<nn.Softmax(dim=1)||nn.Sigmoid()>>"])),
        ],
        loss="nn.BCELoss()",
        threshold="0.5",
    )


def _optimizers() -> Iterator[Program]:
    yield from _each(
        "gradients_never_zeroed",
        ("optimizers", "gradients", "backprop"),
        [("loader", "digits", DEEP), ("slices", "friedman", SMALL), ("trainer", "sequences", recurrent("GRU"))],
        zero="<<pass||optimizer.zero_grad()>>",
    )
    yield from _each(
        "zeroed_before_the_step",
        ("optimizers", "backprop"),
        [("loader", "wine", SMALL), ("full", "moons", DEEP), ("trainer", "images", convolutional())],
        zero="pass",
        backward="loss.backward()\n<<optimizer.zero_grad()||pass>>",
        update="optimizer.step()\n<<pass||optimizer.zero_grad()>>",
    )
    high = [("loader", "digits", DEEP), ("slices", "friedman", SMALL), ("full", "cancer", SMALL)]
    yield from _each(
        "rate_too_high_sgd", ("optimizers", "gradients", "relu"), high,
        optimizer="torch.optim.SGD(model.parameters(), lr=<<20.0||0.05>>, momentum=0.9)",
    )  # fmt: skip
    yield from _each(
        "rate_too_high_adam", ("optimizers", "gradients", "relu"),
        [("loader", "digits", DEEP), ("trainer", "wave", DEEP), ("slices", "sequences", recurrent())],
        optimizer="torch.optim.Adam(model.parameters(), lr=<<1.0||0.01>>)",
    )  # fmt: skip
    low = [("loader", "digits", DEEP), ("slices", "wave", SMALL), ("trainer", "wine", SMALL)]
    yield from _each(
        "rate_too_low", ("optimizers", "overfitting"), low,
        optimizer="torch.optim.<<SGD(model.parameters(), lr=1e-6)||Adam(model.parameters(), lr=0.01)>>",
    )  # fmt: skip
    yield from _each(
        "adadelta_at_a_thousandth", ("optimizers", "overfitting"),
        [("loader", "digits", DEEP), ("slices", "blobs", SMALL)],
        optimizer="torch.optim.Adadelta(model.parameters(), lr=<<0.001||1.0>>)",
    )  # fmt: skip
    yield from _each(
        "only_the_head_is_owned", ("optimizers", "backprop"),
        [("loader", "digits", module(48)), ("slices", "circles", module(48))],
        optimizer="torch.optim.Adam(<<model.last||model>>.parameters(), lr=0.005)",
    )  # fmt: skip
    yield from _each(
        "another_models_parameters", ("optimizers", "backprop"),
        [("loader", "wine", module(32)), ("full", "moons", module(32))],
        extra="first_try = model\nmodel = Net()",
        optimizer="torch.optim.Adam(<<first_try||model>>.parameters(), lr=0.005)",
    )  # fmt: skip
    yield from _each(
        "decay_crushes_the_weights", ("optimizers", "overfitting"),
        [("loader", "digits", DEEP), ("slices", "friedman", SMALL)],
        optimizer="torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=<<0.9||1e-4>>)",
    )  # fmt: skip
    yield from _each(
        "schedule_ends_training_early", ("optimizers", "overfitting"),
        [("loader", "digits", DEEP), ("slices", "blobs", SMALL)],
        extra="torch.manual_seed(seed + 1)",
        optimizer="torch.optim.SGD(model.parameters(), lr=0.05)\n"
        "schedule = torch.optim.lr_scheduler.StepLR(optimizer, step_size=<<2||2000>>, gamma=0.5)",
        update="optimizer.step()\nschedule.step()",
    )  # fmt: skip
    yield from _each(
        "uphill", ("optimizers", "gradients"),
        [("loader", "wine", SMALL), ("full", "wave", SMALL)],
        optimizer="torch.optim.SGD(model.parameters(), lr=0.05, maximize=<<True||False>>)",
    )  # fmt: skip
    yield from _each(
        "momentum_without_end", ("optimizers", "gradients"),
        [("loader", "digits", DEEP), ("slices", "cancer", SMALL)],
        optimizer="torch.optim.SGD(model.parameters(), lr=0.05, momentum=<<0.9999||0.9>>)",
    )  # fmt: skip
    yield from _each(
        "step_forgotten", ("optimizers",),
        [("loader", "iris", SMALL), ("trainer", "digits", DEEP)],
        update="<<pass||optimizer.step()>>",
    )  # fmt: skip
    yield from _each(
        "one_row_at_a_time", ("optimizers", "gradients"),
        [("slices", "iris", SMALL), ("slices", "blobs", SMALL)],
        batch="<<1||32>>", epochs="4",
        optimizer="torch.optim.SGD(model.parameters(), lr=0.2, momentum=0.9)",
    )  # fmt: skip


def _backprop() -> Iterator[Program]:
    cut = (
        "hidden = F.relu(self.first(x))<<.detach()||>>\nhidden = F.relu(self.second(hidden))\nreturn self.last(hidden)"
    )
    rebuilt = (
        "hidden = F.relu(self.first(x))\nhidden = <<torch.tensor(hidden.tolist())||hidden>>\n"
        "hidden = F.relu(self.second(hidden))\nreturn self.last(hidden)"
    )
    no_grad = (
        "with torch.<<no_grad||enable_grad>>():\n    hidden = F.relu(self.first(x))\n"
        "hidden = F.relu(self.second(hidden))\nreturn self.last(hidden)"
    )
    for name, body in [("detached", cut), ("rebuilt_from_numbers", rebuilt), ("first_layer_under_no_grad", no_grad)]:
        yield from _each(
            name,
            ("backprop",),
            [("loader", "circles", module(forward=body)), ("slices", "digits", module(forward=body))],
        )
    mixed = (
        "hidden = F.relu(self.first(x))\nhidden = <<hidden.T.reshape(hidden.shape)||hidden>>\nreturn self.last(hidden)"
    )
    centred = (
        "hidden = F.relu(self.first(x))\nhidden = <<hidden.cumsum(dim=0)||hidden>> / 8\n"
        "hidden = F.relu(self.second(hidden))\nreturn self.last(hidden)"
    )
    for name, body in [("rows_mixed_by_reshape", mixed), ("rows_summed_up", centred)]:
        yield from _each(
            name, ("backprop",), [("loader", "wine", module(forward=body)), ("full", "blobs", module(forward=body))]
        )
    own = (
        "class Square(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n"
        "        ctx.save_for_backward(x)\n        return x * x\n\n    @staticmethod\n    def backward(ctx, grad):\n"
        "        (x,) = ctx.saved_tensors\n        return grad * <<-x||2 * x>>\n\n\n"
    )
    body = "hidden = Square.apply(self.first(x))\nreturn self.last(hidden)"
    yield from _each(
        "wrong_derivative", ("backprop",),
        [("loader", "circles", own + module(forward=body)), ("slices", "moons", own + module(forward=body))],
    )  # fmt: skip


def _start(lines: str, where: str = "nn.Linear") -> str:
    body = "".join(f"        {line}\n" for line in lines.splitlines())
    return f"for layer in model.modules():\n    if isinstance(layer, {where}):\n{body}"


def _starts() -> Iterator[Program]:
    three = [("loader", "digits", DEEP), ("slices", "wave", perceptron(32, 32, activation="nn.Tanh()"))]
    more = [*three, ("trainer", "moons", module(32))]
    starts = {
        "all_zero_start": ("<<nn.init.zeros_(layer.weight)||nn.init.xavier_uniform_(layer.weight)>>", more),
        "constant_start": (
            "<<nn.init.constant_(layer.weight, 0.1)||nn.init.xavier_uniform_(layer.weight)>>\nnn.init.zeros_(layer.bias)",
            more,
        ),
        "equal_units": (
            "with torch.no_grad():\n    layer.weight.copy_(<<(layer.weight[:1] if layer.in_features == inputs else layer.weight[:1, :1]).expand_as(layer.weight)||layer.weight>>)\n"
            "    layer.bias.zero_()",
            three,
        ),
    }
    for name, (lines, variants) in starts.items():
        yield from _each(name, ("initialization", "gradients"), variants, extra=_start(lines))
    wide = [
        ("loader", "digits", perceptron(64, 64, 64)),
        ("slices", "friedman", perceptron(64, 64, 64)),
        ("full", "blobs", perceptron(48, 48, 48, activation="nn.Tanh()")),
    ]
    sgd = "torch.optim.SGD(model.parameters(), lr=0.02)"
    yield from _each(
        "start_far_too_wide", ("initialization", "gradients", "saturation", "optimizers"), wide, optimizer=sgd,
        extra=_start("nn.init.<<normal_(layer.weight, std=2.0)||kaiming_normal_(layer.weight)>>"),
    )  # fmt: skip
    narrow = [
        ("loader", "digits", perceptron(32, 32, 32, 32, 32, activation="nn.Tanh()")),
        ("slices", "moons", perceptron(24, 24, 24, 24, 24, 24)),
    ]
    yield from _each(
        "start_far_too_narrow", ("initialization", "gradients", "relu"), narrow, epochs="8",
        extra=_start("nn.init.<<normal_(layer.weight, std=0.005)||kaiming_normal_(layer.weight)>>\n"
                     "nn.init.zeros_(layer.bias)"),
        optimizer="torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)",
    )  # fmt: skip


def _gradients() -> Iterator[Program]:
    yield from _each(
        "sigmoid_all_the_way_down", ("gradients", "saturation", "initialization"),
        [
            ("loader", "moons", perceptron(*[16] * 10, activation="<<nn.Sigmoid()||nn.SELU()>>")),
            ("slices", "digits", perceptron(*[24] * 9, activation="<<nn.Sigmoid()||nn.SELU()>>")),
        ],
        extra=_start("nn.init.xavier_normal_(layer.weight)"),
    )  # fmt: skip
    numbers = "torch.optim.SGD(model.parameters(), lr=0.05)"
    yield from _each(
        "unscaled_inputs", ("gradients", "optimizers", "saturation", "relu"),
        [("loader", "friedman", SMALL), ("slices", "wave", SMALL), ("full", "wave", DEEP)],
        extra="<<x_train, x_test = x_train * 300 + 500, x_test * 300 + 500||x_train, x_test = x_train * 1.0, x_test * 1.0>>",
        optimizer=numbers,
    )  # fmt: skip
    yield from _each(
        "unscaled_targets", ("gradients", "optimizers"),
        [("loader", "friedman", SMALL), ("slices", "wave", DEEP)],
        extra="y_train, y_test = <<200000 + 50000 * y_train, 200000 + 50000 * y_test||1.0 * y_train, 1.0 * y_test>>",
        optimizer=numbers,
    )  # fmt: skip
    logs = "lambda output, target: -(torch.log(<<torch.relu(output)||torch.sigmoid(output)>>) * target).mean()" \
        " - (torch.log(1 - torch.sigmoid(output)) * (1 - target)).mean()"  # fmt: skip
    yield from _each(
        "log_of_zero", ("gradients", "activations"), [("loader", "cancer", SMALL), ("full", "moons", SMALL)], loss=logs
    )
    # A root of zero: each point's distance to itself. (Zeros that a clamp cuts off get no gradient, and harm nothing.)
    apart = "((output[:, None] - output[None]) ** 2).sum(-1)<<|| + 1e-6>>"
    roots = f"lambda output, target: F.mse_loss(output, target) - 1e-3 * torch.sqrt({apart}).mean()"
    yield from _each(
        "distance_to_itself", ("gradients",), [("loader", "wave", SMALL), ("slices", "friedman", SMALL)], loss=roots
    )
    yield from _each(
        "missing_values_in_the_inputs", ("gradients", "splits"),
        [("loader", "friedman", SMALL), ("slices", "cancer", SMALL)],
        extra="<<x_train[17, 0] = float('nan')||x_train[17, 0] = 0.0>>",
    )  # fmt: skip
    yield from _each(
        "clipped_to_nothing", ("gradients", "optimizers"),
        [("loader", "digits", DEEP), ("slices", "wave", SMALL)],
        backward="loss.backward()\nnn.utils.clip_grad_norm_(model.parameters(), <<1e-4||1.0>>)",
        optimizer="torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)",
    )  # fmt: skip
    yield from _each(
        "recurrent_state_explodes", ("gradients", "initialization", "optimizers"),
        [("loader", "sequences", recurrent("RNN").replace("batch_first=True", "batch_first=True, nonlinearity='relu'"))],
        extra="nn.init.<<normal_(model.cell.weight_hh_l0, std=1.5)||orthogonal_(model.cell.weight_hh_l0)>>",
        optimizer="torch.optim.SGD(model.parameters(), lr=0.05)",
    )  # fmt: skip


def _units() -> Iterator[Program]:
    buried = "for layer in list(model.modules()):\n    if isinstance(layer, nn.Linear) and layer.out_features > outputs:\n" \
        "        nn.init.constant_(layer.bias, <<-12.0||0.0>>)"  # fmt: skip
    yield from _each(
        "units_born_dead", ("relu", "initialization"),
        [("loader", "digits", DEEP), ("slices", "friedman", SMALL), ("full", "wine", module(32))], extra=buried,
    )  # fmt: skip
    yield from _each(
        "units_killed_by_the_rate", ("relu", "optimizers", "gradients"),
        [("loader", "friedman", DEEP), ("slices", "wave", DEEP)],
        optimizer="torch.optim.SGD(model.parameters(), lr=<<1.0||0.02>>, momentum=0.9)",
    )  # fmt: skip
    flat = [
        ("loader", "digits", perceptron(48, 48, activation="nn.Sigmoid()")),
        ("slices", "cancer", perceptron(32, 32, activation="nn.Tanh()")),
        ("full", "wine", module(32, activation="torch.tanh")),
    ]
    yield from _each(
        "inputs_saturate_the_units", ("saturation", "gradients", "splits"), flat,
        extra="scale = <<400.0||1.0>>\nx_train, x_test = x_train * scale, x_test * scale",
    )  # fmt: skip
    yield from _each(
        "weights_saturate_the_units", ("saturation", "initialization", "gradients"),
        [flat[1], ("loader", "digits", perceptron(48, 48, activation="nn.Tanh()"))],
        extra=_start("nn.init.<<normal_(layer.weight, std=8.0)||xavier_normal_(layer.weight)>>"),
    )  # fmt: skip


def _modes() -> Iterator[Program]:
    drop = perceptron(96, 96, after=["nn.Dropout(0.5)"])
    norm = perceptron(64, 64, after=["nn.BatchNorm1d(WIDTH)"])
    images = convolutional(norm="nn.BatchNorm2d(WIDTH)")
    yield from _each(
        "dropout_stays_on", ("dropout",), [("loader", "digits", drop), ("slices", "wine", drop)],
        train_mode="model.train()", eval_mode="<<pass||model.eval()>>",
    )  # fmt: skip
    stays = "hidden = F.relu(self.first(x))\nhidden = F.dropout(hidden, 0.5<<||, training=self.training>>)\n" \
        "hidden = F.relu(self.second(hidden))\nreturn self.last(hidden)"  # fmt: skip
    yield from _each(
        "functional_dropout_stays_on", ("dropout",),
        [("loader", "digits", module(96, forward=stays)), ("trainer", "cancer", module(64, forward=stays))],
    )  # fmt: skip
    most = perceptron(64, 64, after=["nn.Dropout(<<0.97||0.1>>)"])
    yield from _each("keep_taken_for_drop", ("dropout",), [("loader", "digits", most), ("slices", "friedman", most)])
    last = perceptron(64, last=["<<nn.Dropout(0.6)||nn.Identity()>>"])
    yield from _each(
        "dropout_on_the_output", ("dropout", "activations"), [("loader", "digits", last), ("trainer", "friedman", last)]
    )
    yield from _each(
        "norm_in_training_mode_at_evaluation", ("batchnorm",), [("loader", "digits", norm), ("trainer", "images", images)],
        eval_mode="<<pass||model.eval()>>",
    )  # fmt: skip
    yield from _each(
        "never_back_to_training", ("batchnorm", "dropout"),
        [("loader", "digits", norm), ("trainer", "images", images), ("slices", "wine", drop)],
        train_mode="<<pass||model.train()>>",
    )  # fmt: skip
    yield from _each(
        "norm_over_two_rows", ("batchnorm", "optimizers"),
        [("loader", "wine", norm), ("slices", "digits", norm)], batch="<<2||32>>", epochs="5",
        optimizer="torch.optim.Adam(model.parameters(), lr=0.001)",
    )  # fmt: skip
    stale = perceptron(64, 64, after=["nn.BatchNorm1d(WIDTH, momentum=<<1e-5||0.1>>)"])
    far = "x_train, x_test = x_train * 3 + 4, x_test * 3 + 4"
    yield from _each(
        "running_statistics_never_arrive",
        ("batchnorm",),
        [("loader", "digits", stale), ("trainer", "wine", stale)],
        extra=far,
    )


def _fits() -> Iterator[Program]:
    yield from _each(
        "too_few_steps", ("overfitting", "optimizers"),
        [("loader", "digits", DEEP), ("slices", "friedman", SMALL)],
        epochs="<<1||30>>", batch="<<512||32>>", optimizer="torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)",
    )  # fmt: skip
    yield from _each(
        "too_small_a_network",
        ("overfitting",),
        [("loader", "digits", perceptron("<<1||48>>")), ("slices", "circles", perceptron("<<1||32>>"))],  # type: ignore[arg-type]
    )
    yield from _each(
        "learned_by_heart", ("overfitting",),
        [("loader", "friedman", perceptron(256, 256)), ("slices", "wave", perceptron(256, 256)),
         ("loader", "cancer", perceptron(256, 256))],
        extra="x_train, y_train = <<x_train[:40], y_train[:40]||x_train, y_train>>", epochs="<<400||8>>",
        optimizer="torch.optim.Adam(model.parameters(), lr=0.002)",
    )  # fmt: skip
    yield from _each(
        "targets_of_other_rows", ("overfitting", "splits"),
        [("loader", "digits", SMALL), ("slices", "wave", SMALL), ("full", "wine", SMALL)],
        extra="y_train = y_train[<<torch.randperm(len(y_train))||torch.arange(len(y_train))>>]",
    )  # fmt: skip
    some = "rows = torch.randperm(len(x_test))[: len(x_test) // 3]\n" \
        "<<x_train, y_train = torch.cat([x_train, x_test[rows]]), torch.cat([y_train, y_test[rows]])||order = rows>>"  # fmt: skip
    yield from _each(
        "test_rows_in_training", ("splits",),
        [("loader", "digits", SMALL), ("slices", "friedman", SMALL), ("trainer", "wave", SMALL)], extra=some,
    )  # fmt: skip
    sort = "order = <<torch.argsort(y_train)||torch.randperm(len(y_train))>>\nx_train, y_train = x_train[order], y_train[order]"
    yield from _each(
        "sorted_by_class", ("splits", "optimizers"),
        [("loader", "digits", SMALL), ("slices", "blobs", SMALL), ("trainer", "digits", DEEP)], extra=sort, shuffle="False",
    )  # fmt: skip
