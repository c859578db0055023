"""The second set's awkward healthy programs: each trips a rule of thumb and learns what it is meant to learn."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from case import Program
from second_awkward_whole import WHOLE
from second_networks import BAG, attention, encoder, lenet, memory, mlp, net, signal, words
from second_styles import script

PLAIN, SMALL = mlp(40, 40), mlp(32)
MOMENTUM = "torch.optim.SGD(model.parameters(), lr=0.04, momentum=0.9)"
SCHEDULES = {
    "one_cycle": "torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)\nschedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=700)",
    "cosine_restarts": "torch.optim.AdamW(model.parameters(), lr=0.006)\nschedule = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, 120)",
    "tiny_rate_warms_up": "torch.optim.AdamW(model.parameters(), lr=0.005)\nschedule = torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=1e-5, total_iters=150)",
    "warms_up_then_decays": "torch.optim.Adam(model.parameters(), lr=0.008)\nschedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min((s + 1) / 80, (80 / (s + 1)) ** 0.5))",
    "cyclic": "torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)\nschedule = torch.optim.lr_scheduler.CyclicLR(optimizer, 0.005, 0.08, step_size_up=60)",
    "polynomial_to_nothing": "torch.optim.Adam(model.parameters(), lr=0.006)\nschedule = torch.optim.lr_scheduler.PolynomialLR(optimizer, total_iters=450)",
}
FREEZE = "for parameter in model.conv1.parameters():\n    parameter.requires_grad = False"
ONLY_LIVE = "torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=0.005)"
LORA = (
    "class Adapted(nn.Module):\n    def __init__(self, base, rank=4):\n        super().__init__()\n        self.base = base.requires_grad_(False)\n"
    "        self.down = nn.Linear(base.in_features, rank, bias=False)\n        self.up = nn.Linear(rank, base.out_features, bias=False)\n        nn.init.zeros_(self.up.weight)\n\n"
    "    def forward(self, x):\n        return self.base(x) + self.up(self.down(x))\n\n\nmodel = nn.Sequential(Adapted(nn.Linear(inputs, 96)), nn.ReLU(), Adapted(nn.Linear(96, 96)), nn.ReLU(), nn.Linear(96, outputs))"
)
INSIDE = "class Standard(nn.Module):\n    def __init__(self, center, spread):\n        super().__init__()\n        self.register_buffer('center', center)\n        self.register_buffer('spread', spread)\n\n    def forward(self, x):\n        return (x - self.center) / self.spread\n\n\n"
HIGHWAY = net(
    "x = torch.tanh(self.fc1(x))\nopen_ = torch.sigmoid(self.gate(x))\nx = open_ * torch.relu(self.fc2(x)) + (1 - open_) * x\nreturn self.out(x)",
    init="self.gate = nn.Linear(n_hidden, n_hidden)\nnn.init.constant_(self.gate.bias, -3.0)",
)
SETS = words("x = torch.relu(self.hidden(x)).sum(1)\nreturn self.head(x)", "12")


def awkward() -> list[Program]:
    """All of them."""
    return [
        *_of_steps(),
        *_of_networks(),
        *_of_data(),
        *(Program(f"awkward-{name}", text) for name, text in WHOLE.items()),
    ]


def _fill(rows: list[tuple[str, str, str, str, dict[str, str]]]) -> list[Program]:
    return [
        Program(
            f"awkward-{name}-{style}-{data}",
            script(f"{name.replace('_', ' ').capitalize()}.", style, data, network, **more),
        )
        for name, style, data, network, more in rows
    ]


def _of_steps() -> list[Program]:
    twice = {"update": "optimizer.step()\nschedule.step()"}
    clip = "loss.backward()\nnn.utils.clip_grad_norm_(model.parameters(), {})"
    scaled = "scaler = torch.amp.GradScaler('cpu', enabled={})"
    rows = [
        ("one_cycle", "tutorial", "spiral", PLAIN, twice | {"optimizer": SCHEDULES["one_cycle"], "epochs": "20"}),
        ("cosine_restarts", "config", "bars", lenet(), twice | {"optimizer": SCHEDULES["cosine_restarts"]}),
        ("tiny_rate_warms_up", "endless", "markers", encoder(), twice | {"optimizer": SCHEDULES["tiny_rate_warms_up"]}),
        ("tiny_rate_warms_up", "tutorial", "quantiles", PLAIN, twice | {"optimizer": SCHEDULES["tiny_rate_warms_up"]}),
        ("warms_up_then_decays", "config", "swiss", PLAIN, twice | {"optimizer": SCHEDULES["warms_up_then_decays"]}),
        ("cyclic", "endless", "circuit", PLAIN, twice | {"optimizer": SCHEDULES["cyclic"]}),
        ("polynomial_to_nothing", "endless", "signals", signal(), twice | {"optimizer": SCHEDULES["polynomial_to_nothing"]}),
        ("plateau", "tutorial", "pendulum", PLAIN, {"optimizer": "torch.optim.Adam(model.parameters(), lr=0.01)\nschedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=2)", "after_epoch": "schedule.step(loss_of(model(x_train), y_train).item())"}),
        ("accumulates_four", "tutorial", "bars", lenet(), {"zero": "", "backward": "(loss / 4).backward()", "update": "if number % 4 == 3 or number == len(dataloader) - 1:\n    optimizer.step()\n    optimizer.zero_grad()", "batch": "8"}),
        ("accumulates_two", "endless", "circuit", PLAIN, {"zero": "", "backward": "(loss / 2).backward()", "update": "if it % 2:\n    optimizer.step()\n    optimizer.zero_grad(set_to_none=True)"}),
        ("clips_hard", "config", "adding", memory("LSTM"), {"backward": clip.format("0.1"), "epochs": "16", "optimizer": "torch.optim.Adam(model.parameters(), lr=0.008)"}),
        ("clips_by_value", "tutorial", "dots", lenet(), {"backward": "loss.backward()\nnn.utils.clip_grad_value_(model.parameters(), 0.01)", "optimizer": "torch.optim.Adam(model.parameters(), lr=0.005)"}),
        ("scaler_switched_off", "tutorial", "swiss", PLAIN, {"extra": scaled.format("False"), "backward": "scaler.scale(loss).backward()", "update": "scaler.step(optimizer)\nscaler.update()"}),
        ("scaler_switched_on", "config", "quantiles", PLAIN, {"extra": scaled.format("True"), "backward": "scaler.scale(loss).backward()", "update": "scaler.step(optimizer)\nscaler.update()"}),
        ("brain_floats", "endless", "bars", lenet(), {"backward": "with torch.autocast('cpu', dtype=torch.bfloat16):\n    loss = loss_of(model(batch).float(), target)\nloss.backward()"}),
        ("discriminative_rates", "tutorial", "checker", net(), {"optimizer": "torch.optim.Adam([{'params': model.fc1.parameters(), 'lr': 5e-4}, {'params': model.fc2.parameters(), 'lr': 2e-3}, {'params': model.out.parameters()}], lr=0.01)", "epochs": "30"}),
        ("no_decay_for_vectors", "config", "markers", attention(), {"optimizer": "torch.optim.AdamW([{'params': [p for p in model.parameters() if p.dim() > 1], 'weight_decay': 0.1}, {'params': [p for p in model.parameters() if p.dim() < 2], 'weight_decay': 0.0}], lr=0.005)"}),
        ("sharpness_aware", "config", "spiral", PLAIN, {"update": "scale = 0.02 / (sum(p.grad.pow(2).sum() for p in model.parameters()).sqrt() + 1e-9)\nmoves = [scale * p.grad for p in model.parameters()]\nwith torch.no_grad():\n    for p, m in zip(model.parameters(), moves):\n        p.add_(m)\noptimizer.zero_grad()\ncriterion(model(batch), target).backward()\nwith torch.no_grad():\n    for p, m in zip(model.parameters(), moves):\n        p.sub_(m)\noptimizer.step()"}),
        ("noisy_gradients", "endless", "pendulum", PLAIN, {"backward": "loss.backward()\nfor p in model.parameters():\n    p.grad.add_(0.002 * torch.randn_like(p.grad))"}),
        ("second_order_search", "endless", "swiss", PLAIN, {"steps": "25", "batch": "700", "optimizer": "torch.optim.LBFGS(model.parameters(), max_iter=8, line_search_fn='strong_wolfe')", "zero": "", "backward": "def closure():\n    optimizer.zero_grad()\n    error = loss_of(model(batch), target)\n    error.backward()\n    return error", "update": "optimizer.step(closure)"}),
        ("signs_alone", "endless", "circuit", SMALL, {"batch": "700", "steps": "150", "optimizer": "torch.optim.Rprop(model.parameters(), lr=0.002)"}),
        ("zeroed_after_the_step", "system", "signals", signal(), {"zero": "", "update": "optimizer.step()\noptimizer.zero_grad(set_to_none=False)"}),
        ("zeroed_by_the_model", "config", "customers", SMALL, {"zero": "for parameter in model.parameters():\n    parameter.grad = None", "epochs": "8"}),
        ("loss_in_parts", "tutorial", "pendulum", PLAIN, {"loss": "lambda a, b: F.mse_loss(a[:, 0], b[:, 0]) + 0.3 * F.smooth_l1_loss(a[:, 1], b[:, 1])"}),
        ("entropy_bonus", "endless", "quantiles", PLAIN, {"loss": "lambda a, b: F.cross_entropy(a, b) + 0.01 * (a.softmax(1) * a.log_softmax(1)).sum(1).mean()"}),
        ("converges_and_goes_on", "endless", "checker", SMALL, {"steps": "1500"}),
        ("one_row_at_a_time", "tutorial", "customers", mlp(12), {"batch": "1", "epochs": "2", "optimizer": "torch.optim.SGD(model.parameters(), lr=0.01)"}),
        ("all_rows_at_once", "config", "swiss", PLAIN, {"batch": "700", "epochs": "300", "optimizer": "torch.optim.Adam(model.parameters(), lr=0.01)"}),
    ]  # fmt: skip
    return _fill(rows)


def _of_networks() -> list[Program]:
    rows = [
        ("frozen_convolution", "tutorial", "bars", lenet(), {"extra": FREEZE, "optimizer": ONLY_LIVE}),
        ("frozen_and_handed_over", "config", "dots", lenet(), {"extra": FREEZE}),
        ("random_features", "endless", "circuit", mlp(300), {"extra": "model[0].requires_grad_(False)", "optimizer": "torch.optim.Adam(model[-1].parameters(), lr=0.02)"}),
        ("low_rank_adapters", "tutorial", "swiss", LORA, {"optimizer": ONLY_LIVE, "epochs": "30"}),
        ("norm_frozen_for_fine_tuning", "config", "signals", signal(norm="nn.BatchNorm1d(12),", norm2="nn.BatchNorm1d(24),"), {"train_mode": "model.train()\nif epoch >= 8:\n    for layer in model.modules():\n        if isinstance(layer, nn.BatchNorm1d):\n            layer.eval()"}),
        ("gates_begin_closed", "tutorial", "spiral", HIGHWAY, {"epochs": "25"}),
        ("gates_begin_closed", "endless", "circuit", HIGHWAY, {}),
        ("linear_on_linear", "tutorial", "diabetes", mlp(), {"optimizer": "torch.optim.SGD(model.parameters(), lr=0.02)", "epochs": "25"}),
        ("linear_and_zero_start", "config", "customers", mlp(), {"extra": "nn.init.zeros_(model[0].weight)\nnn.init.zeros_(model[0].bias)"}),
        ("last_layer_starts_at_zero", "system", "quantiles", PLAIN, {"extra": "nn.init.zeros_(model[-1].weight)"}),
        ("last_bias_is_the_mean", "tutorial", "circuit", PLAIN, {"extra": "y_train, y_test = y_train + 5, y_test + 5\nnn.init.constant_(model[-1].bias, 5.0)"}),
        ("squeezed_through_two", "endless", "spiral", mlp(64, 2, 64), {"steps": "900"}),
        ("hard_limits", "tutorial", "checker", mlp(48, 48, act="nn.ReLU6()"), {}),
        ("hard_tanh", "config", "swiss", mlp(48, 48, act="nn.Hardtanh()"), {"epochs": "25"}),
        ("square_and_sine", "endless", "swiss", net("x = torch.sin(self.fc1(x))\nx = torch.sin(self.fc2(x))\nreturn self.out(x)"), {}),
        ("sparse_but_living", "tutorial", "quantiles", mlp(200), {"extra": "nn.init.constant_(model[0].bias, -0.8)"}),
        ("sparse_but_living", "system", "circuit", mlp(200), {"extra": "nn.init.constant_(model[0].bias, -0.6)"}),
        ("deep_and_residual", "endless", "quantiles", "class Block(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.norm, self.a, self.b = nn.LayerNorm(24), nn.Linear(24, 24), nn.Linear(24, 24)\n        nn.init.zeros_(self.b.weight)\n\n    def forward(self, x):\n        return x + self.b(F.relu(self.a(self.norm(x))))\n\n\nmodel = nn.Sequential(nn.Linear(inputs, 24), *[Block() for _ in range(8)], nn.Linear(24, outputs))", {}),
        ("deep_and_self_normalising", "tutorial", "pendulum", mlp(*[32] * 6, act="nn.SELU()"), {"epochs": "15", "extra": "for layer in model:\n    if isinstance(layer, nn.Linear):\n        nn.init.kaiming_normal_(layer.weight, nonlinearity='linear')\n        nn.init.zeros_(layer.bias)", "optimizer": "torch.optim.Adam(model.parameters(), lr=0.001)"}),
        ("weight_norm", "config", "pendulum", PLAIN, {"extra": "for position in (0, 2):\n    model[position] = nn.utils.parametrizations.weight_norm(model[position])"}),
        ("spectral_norm", "tutorial", "checker", PLAIN, {"extra": "model[2] = nn.utils.parametrizations.spectral_norm(model[2])", "epochs": "25"}),
        ("half_is_dropped", "config", "bars", lenet(middle="x = F.dropout(x.flatten(1), 0.5, self.training)"), {}),
        ("drops_and_norms", "tutorial", "quantiles", mlp(96, 96, after=", nn.BatchNorm1d(b), nn.Dropout(0.2)"), {"epochs": "25"}),
        ("norm_with_quick_statistics", "system", "circuit", mlp(48, 48, after=", nn.BatchNorm1d(b, momentum=0.4)"), {}),
        ("norm_without_statistics", "endless", "quantiles", mlp(48, 48, after=", nn.BatchNorm1d(b, track_running_stats=False)"), {"batch": "64"}),
        ("shares_from_softmax", "config", "markers", BAG, {"loss": "lambda a, b: F.nll_loss(F.log_softmax(a, dim=-1), b)"}),
        ("log_probabilities_into_cross_entropy", "tutorial", "bars", lenet(end="return F.log_softmax(self.fc2(x), dim=1)"), {}),
        ("bounded_for_bounded", "tutorial", "dots", lenet(end="return torch.tanh(self.fc2(x))"), {}),
        ("bounded_for_shares", "config", "swiss", mlp(48, 48, last=", nn.Sigmoid()"), {"extra": "y_train, y_test = torch.sigmoid(y_train), torch.sigmoid(y_test)", "epochs": "30"}),
        ("two_outputs_for_two_classes", "endless", "checker", PLAIN.replace("outputs])", "2])"), {"loss": "lambda a, b: F.cross_entropy(a, b[:, 0].long())", "score": "(output.argmax(1) == target[:, 0]).float().mean().item()"}),
        ("probabilities_into_binary_loss", "tutorial", "customers", mlp(16, last=", nn.Sigmoid()"), {"loss": "nn.BCELoss()", "threshold": "0.5", "epochs": "8"}),
        ("unused_branch", "system", "swiss", net(init="self.spare = nn.Linear(n_hidden, 3)"), {}),
        ("same_layer_three_times", "tutorial", "circuit", net("x = torch.tanh(self.fc1(x))\nfor _ in range(3):\n    x = torch.tanh(self.fc2(x))\nreturn self.out(x)"), {"epochs": "25"}),
        ("tied_letters", "config", "letters", words("x = torch.tanh(self.hidden(x.flatten(1)))\nreturn x @ self.embed.weight.T").replace("nn.Linear(96, 48)", "nn.Linear(96, width)").replace("self.head = nn.Linear(48, outputs)", "self.head = None"), {"epochs": "30", "optimizer": "torch.optim.Adam(model.parameters(), lr=0.01)"}),
        ("straight_through", "endless", "circuit", net("x = torch.tanh(self.fc1(x))\nx = x + (torch.round(x * 4) / 4 - x).detach()\nx = torch.relu(self.fc2(x))\nreturn self.out(x)"), {}),
        ("stops_a_target", "tutorial", "pendulum", net("x = torch.relu(self.fc1(x))\nx = x + 0.1 * x.detach()\nx = torch.relu(self.fc2(x))\nreturn self.out(x)"), {}),
    ]  # fmt: skip
    return _fill(rows)


def _of_data() -> list[Program]:
    rows = [
        ("units_undone_inside", "tutorial", "customers", INSIDE + mlp(16), {"epochs": "8", "extra": "x_train, x_test = 40000 + 9000 * x_train, 40000 + 9000 * x_test\nmodel = nn.Sequential(Standard(x_train.mean(0), x_train.std(0)), model)"}),
        ("bytes_divided_inside", "config", "bars", lenet().replace("        x = F.max_pool2d(F.relu(self.conv1(x)), 2)", "        x = (x.float() - 100) / 50\n        x = F.max_pool2d(F.relu(self.conv1(x)), 2)"), {"extra": "x_train, x_test = (x_train * 50 + 100).clamp(0, 255).byte(), (x_test * 50 + 100).clamp(0, 255).byte()"}),
        ("moderately_scaled", "endless", "circuit", mlp(32), {"extra": "x_train, x_test = 1.5 * x_train + 1, 1.5 * x_test + 1"}),
        ("unit_range", "tutorial", "quantiles", PLAIN, {"extra": "low, high = x_train.amin(0), x_train.amax(0)\nx_train, x_test = (x_train - low) / (high - low), (x_test - low) / (high - low)", "optimizer": "torch.optim.Adam(model.parameters(), lr=0.01)", "epochs": "30"}),
        ("few_distinct_rows", "config", "circuit", SMALL, {"epochs": "10", "extra": "x_train, x_test = (x_train > 0).float(), (x_test > 0).float()\ny_train = (x_train @ torch.tensor([[1.0], [-2.0], [0.5], [1.5]])) + 0.3 * torch.randn(len(x_train), 1)\ny_test = (x_test @ torch.tensor([[1.0], [-2.0], [0.5], [1.5]])) + 0.3 * torch.randn(len(x_test), 1)"}),
        ("few_distinct_rows", "tutorial", "customers", SMALL, {"epochs": "10", "extra": "x_train, x_test = x_train.sign(), x_test.sign()\ny_train = ((x_train.sum(1, keepdim=True) > 0) ^ (torch.rand(len(x_train), 1) < 0.1)).float()\ny_test = ((x_test.sum(1, keepdim=True) > 0) ^ (torch.rand(len(x_test), 1) < 0.1)).float()"}),
        ("rows_drawn_with_weights", "config", "labels", mlp(24), {"epochs": "6", "extra": "drawn = torch.multinomial(torch.rand(len(x_train)) + 0.2, len(x_train), replacement=True)\nx_train, y_train = x_train[drawn], y_train[drawn]"}),
        ("rare_answer", "tutorial", "customers", mlp(16), {"epochs": "8", "extra": "keep = (y_train[:, 0] == 0) | (torch.rand(len(y_train)) < 0.12)\nx_train, y_train = x_train[keep], y_train[keep]", "loss": "nn.BCEWithLogitsLoss(pos_weight=torch.tensor(6.0))"}),
        ("answers_with_noise", "tutorial", "checker", SMALL, {"epochs": "6", "extra": "y_train = torch.where(torch.rand(y_train.shape) < 0.15, 1 - y_train, y_train)"}),
        ("much_noise_little_signal", "endless", "circuit", mlp(24), {"steps": "300", "optimizer": "torch.optim.Adam(model.parameters(), lr=0.008)", "extra": "y_train, y_test = y_train + 1.2 * torch.randn_like(y_train), y_test + 1.2 * torch.randn_like(y_test)"}),
        ("smoothed_answers", "system", "signals", signal(), {"loss": "nn.CrossEntropyLoss(label_smoothing=0.15)"}),
        ("soft_answers", "config", "quantiles", PLAIN, {"loss": "lambda a, b: F.cross_entropy(a, 0.9 * F.one_hot(b, 3).float() + 0.1 / 3)"}),
        ("ordered_series_unshuffled", "tutorial", "pendulum", PLAIN, {"shuffle": "False"}),
        ("columns_of_zeros_and_ones", "config", "customers", mlp(32), {"epochs": "8", "extra": "x_train, x_test = torch.cat([x_train, (x_train > 1.2).float()], 1), torch.cat([x_test, (x_test > 1.2).float()], 1)\nmodel[0] = nn.Linear(8, 32)"}),
        ("one_dead_column", "tutorial", "swiss", PLAIN.replace("[inputs", "[inputs + 1"), {"extra": "x_train, x_test = F.pad(x_train, (0, 1)), F.pad(x_test, (0, 1))"}),
        ("pictures_with_black_borders", "endless", "dots", lenet(), {"extra": "x_train, x_test = F.pad(x_train, (3, 3, 3, 3)), F.pad(x_test, (3, 3, 3, 3))\nmodel.fc1 = nn.Linear(256, 48)"}),
        ("mixed_pairs", "config", "spiral", PLAIN, {"epochs": "30", "forward": "model(batch)", "backward": "share, other = 0.8 + 0.2 * torch.rand(1), torch.randperm(len(batch))\nmixed = model(share * batch + (1 - share) * batch[other])\nloss = share * criterion(mixed, target) + (1 - share) * criterion(mixed, target[other])\nloss.backward()"}),
        ("noise_on_every_epoch", "tutorial", "quantiles", PLAIN, {"forward": "model(batch + 0.05 * torch.randn_like(batch))", "forward_test": "model(batch)"}),
        ("pictures_shifted", "config", "bars", lenet(), {"forward": "model(torch.roll(batch, int(torch.randint(-1, 2, (1,))), dims=-1))", "forward_test": "model(batch)"}),
        ("training_score_beside", "tutorial", "circuit", PLAIN, {"after_epoch": "model.eval()\nwith torch.no_grad():\n    own = 1 - F.mse_loss(model(x_train), y_train).item() / y_train.var().item()\nmodel.train()"}),
        ("dropout_at_scoring_on_purpose", "tutorial", "swiss", mlp(96, 96, after=", nn.Dropout(0.1)"), {"epochs": "25", "after_epoch": "if epoch == 24:\n    model.train()\n    with torch.no_grad():\n        spread = torch.stack([model(x_test) for _ in range(20)]).std(0).mean().item()\n    print('uncertainty', round(spread, 4))"}),
        ("words_of_one_hot", "endless", "letters", "model = nn.Sequential(nn.Flatten(), nn.Linear(8 * inputs, 64), nn.ReLU(), nn.Linear(64, outputs))", {"extra": "x_train, x_test = F.one_hot(x_train, inputs).float(), F.one_hot(x_test, inputs).float()"}),
        ("sorted_but_shuffled_by_the_loader", "tutorial", "quantiles", PLAIN, {"extra": "order = torch.argsort(y_train)\nx_train, y_train = x_train[order], y_train[order]"}),
        ("small_batches_layer_norm", "config", "pendulum", mlp(32, 32, after=", nn.LayerNorm(b)"), {"batch": "2", "epochs": "4", "optimizer": "torch.optim.Adam(model.parameters(), lr=0.002)"}),
        ("sums_of_sets", "system", "markers", SETS, {}),
    ]  # fmt: skip
    return _fill(rows)
