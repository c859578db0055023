"""Healthy programs that look ill: each trips some rule of thumb, and each learns what it is meant to learn."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from awkward_whole import WHOLE
from case import Program
from loops import script
from networks import RESIDUAL, TRANSFORMER, convolutional, module, perceptron, recurrent

SMALL, DEEP = perceptron(32), perceptron(64, 64)
SGD = "torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)"
WARM = (
    "torch.optim.AdamW(model.parameters(), lr=3e-3)\n"
    "schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / 200))"
)
COSINE = (
    "torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)\n"
    "schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 600)"
)
GROUPS = (
    "torch.optim.AdamW([\n    {'params': [p for p in model.parameters() if p.ndim > 1], 'weight_decay': 0.05},\n"
    "    {'params': [p for p in model.parameters() if p.ndim <= 1], 'weight_decay': 0.0},\n], lr=0.004)"
)
SCALES = "model.train()\n    torch.set_grad_enabled(True)"
FROZEN = "for parameter in model[0].parameters():\n    parameter.requires_grad_(False)\nmodel[0].weight.data.mul_(2.0)"
ACCUMULATE = "(loss / 4).backward()\ntaken = globals().get('taken', 0) + 1"
LATER = "if taken % 4 == 0:\n    optimizer.step()\n    optimizer.zero_grad()"
CLASSIC = "hidden = F.relu(self.first(x))\nreturn self.last(hidden)"


def awkward() -> list[Program]:
    """All of them."""
    slots = [
        ("warm_up", "loader", "digits", DEEP, {"optimizer": WARM, "update": "optimizer.step()\nschedule.step()", "epochs": "20"}),
        ("cosine_to_zero", "slices", "digits", DEEP, {"optimizer": COSINE, "update": "optimizer.step()\nschedule.step()"}),
        ("decay_groups", "loader", "cancer", DEEP, {"optimizer": GROUPS}),
        ("frozen_first_layer", "loader", "digits", perceptron(256), {"extra": FROZEN}),
        ("frozen_but_handed_over", "slices", "wine", perceptron(128), {"extra": FROZEN}),
        ("accumulation", "loader", "digits", DEEP, {"zero": "pass", "backward": ACCUMULATE, "update": LATER, "epochs": "25"}),
        ("clipping", "slices", "friedman", DEEP, {"backward": "loss.backward()\nnn.utils.clip_grad_norm_(model.parameters(), 0.5)"}),
        ("set_to_zero", "loader", "wine", DEEP, {"zero": "optimizer.zero_grad(set_to_none=False)"}),
        ("model_zero_grad", "slices", "moons", DEEP, {"zero": "model.zero_grad()"}),
        ("zero_after_step", "trainer", "wine", DEEP, {"zero": "pass", "update": "optimizer.step()\noptimizer.zero_grad()"}),
        ("grad_none_by_hand", "full", "moons", DEEP, {"zero": "for p in model.parameters():\n    p.grad = None"}),
        ("bfloat16_autocast", "loader", "digits", DEEP, {"forward": "model(batch)", "backward":
            "with torch.autocast('cpu', dtype=torch.bfloat16):\n    loss = loss_of(model(batch), target)\nloss.backward()"}),
        ("sigmoid_for_shares", "loader", "wave", perceptron(32, 32, last=["nn.Sigmoid()"]), {"extra":
            "y_train, y_test = torch.sigmoid(2 * y_train), torch.sigmoid(2 * y_test)"}),
        ("tanh_for_angles", "slices", "friedman", perceptron(64, last=["nn.Tanh()"]), {"extra":
            "y_train, y_test = torch.tanh(y_train / 2), torch.tanh(y_test / 2)", "epochs": "25"}),
        ("log_softmax_twice_is_fine", "loader", "digits", perceptron(64, last=["nn.LogSoftmax(dim=1)"]), {}),
        ("log_softmax_and_nll", "slices", "wine", perceptron(32, last=["nn.LogSoftmax(dim=1)"]),
            {"loss": "nn.NLLLoss()", "functional": "F.nll_loss"}),
        ("sigmoid_and_bce", "loader", "cancer", perceptron(32, last=["nn.Sigmoid()"]), {"loss": "nn.BCELoss()", "threshold": "0.5"}),
        ("squared_loss_on_shares", "loader", "moons", perceptron(32, 32, last=["nn.Sigmoid()"]),
            {"loss": "nn.MSELoss()", "threshold": "0.5", "epochs": "25"}),
        ("positive_output", "loader", "wave", perceptron(48, 48, last=["nn.Softplus()"]), {"extra":
            "y_train, y_test = y_train.exp(), y_test.exp()"}),
        ("relu_output_for_counts", "slices", "friedman", perceptron(64, last=["nn.ReLU()"]), {"extra":
            "y_train, y_test = (y_train + 3).clamp(min=0), (y_test + 3).clamp(min=0)\nnn.init.constant_(model[2].bias, 3.0)"}),
        ("sparse_but_alive", "loader", "digits", perceptron(256), {"extra": "nn.init.constant_(model[0].bias, -0.7)"}),
        ("zero_last_layer", "loader", "digits", DEEP, {"extra": "nn.init.zeros_(model[-1].weight)\nnn.init.zeros_(model[-1].bias)"}),
        ("zero_linear_model", "full", "wine", perceptron(), {"extra": "nn.init.zeros_(model[0].weight)\nnn.init.zeros_(model[0].bias)"}),
        ("zero_biases", "slices", "cancer", DEEP, {"extra":
            "for layer in model:\n    if isinstance(layer, nn.Linear):\n        nn.init.zeros_(layer.bias)"}),
        ("zero_gain_branches", "loader", "digits", RESIDUAL, {"extra":
            "for block in model[1:4]:\n    nn.init.zeros_(block.inner[2].weight)", "optimizer": "torch.optim.AdamW(model.parameters(), lr=0.003)"}),
        ("orthogonal_start", "slices", "digits", perceptron(64, 64, activation="nn.Tanh()"), {"extra":
            "for layer in model:\n    if isinstance(layer, nn.Linear):\n        nn.init.orthogonal_(layer.weight)"}),
        ("noisy_labels", "loader", "moons", DEEP, {"extra": "flip = torch.rand(y_train.shape) < 0.2\ny_train = torch.where(flip, 1 - y_train, y_train)", "epochs": "8"}),
        ("hard_noise", "slices", "friedman", SMALL, {"extra": "y_train = y_train + torch.randn_like(y_train)", "epochs": "6"}),
        ("rare_class", "loader", "cancer", DEEP, {"extra":
            "keep = (y_train[:, 0] == 1) | (torch.rand(len(y_train)) < 0.15)\nx_train, y_train = x_train[keep], y_train[keep]"}),
        ("repeated_rows", "loader", "friedman", SMALL, {"extra":
            "x_train, x_test = (x_train[:, :4] > 0).float(), (x_test[:, :4] > 0).float()\n"
            "model[0] = nn.Linear(4, 32)\ny_train = (2 * x_train[:, :1] + x_train[:, 1:2] * x_train[:, 2:3]) + 0.3 * torch.randn(len(x_train), 1)\n"
            "y_test = (2 * x_test[:, :1] + x_test[:, 1:2] * x_test[:, 2:3]) + 0.3 * torch.randn(len(x_test), 1)"}),
        ("bootstrapped_rows", "slices", "digits", SMALL, {"extra":
            "drawn = torch.randint(0, len(x_train), (len(x_train),))\nx_train, y_train = x_train[drawn], y_train[drawn]"}),
        ("small_batches", "loader", "iris", SMALL, {"batch": "4", "epochs": "12", "optimizer": "torch.optim.Adam(model.parameters(), lr=0.002)"}),
        ("one_row_small_rate", "slices", "iris", SMALL, {"batch": "1", "epochs": "25", "optimizer": "torch.optim.SGD(model.parameters(), lr=0.01)"}),
        ("large_batch", "slices", "digits", DEEP, {"batch": "512", "epochs": "60"}),
        ("inputs_in_pixels", "loader", "digits", "model = nn.Sequential(nn.BatchNorm1d(inputs), nn.Linear(inputs, 64), nn.ReLU(), nn.Linear(64, outputs))",
            {"extra": "x_train, x_test = x_train * 4 + 6, x_test * 4 + 6"}),
        ("one_hot_and_counts", "loader", "wine", DEEP, {"extra":
            "more = (torch.rand(len(x_train), 6) < 0.1).float()\nx_train = torch.cat([x_train, more], 1)\n"
            "x_test = torch.cat([x_test, (torch.rand(len(x_test), 6) < 0.1).float()], 1)\nmodel[0] = nn.Linear(19, 64)"}),
        ("norm_and_dropout", "loader", "digits", perceptron(96, 96, after=["nn.BatchNorm1d(WIDTH)", "nn.Dropout(0.2)"]), {}),
        ("half_dropout", "slices", "digits", perceptron(256, 256, after=["nn.Dropout(0.5)"]), {"epochs": "25"}),
        ("norm_frozen_in_part", "loader", "digits", perceptron(64, 64, after=["nn.BatchNorm1d(WIDTH)"]), {"epochs": "20",
            "train_mode": "model.train()\nif epoch >= 10:\n    model[2].eval()"}),
        ("training_score_too", "loader", "digits", DEEP, {"after_epoch":
            "model.eval()\nwith torch.no_grad():\n    own = (model(x_train).argmax(1) == y_train).float().mean().item()"}),
        ("scored_on_training_rows_alone", "full", "circles", DEEP, {"evaluate": "model(x_train)[: len(x_test)]", "extra": "y_test = y_train[: len(x_test)]"}),
        ("label_smoothing", "loader", "digits", DEEP, {"loss": "nn.CrossEntropyLoss(label_smoothing=0.1)"}),
        ("class_weights", "trainer", "wine", DEEP, {"loss": "nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 3.0]))"}),
        ("huber", "loader", "friedman", DEEP, {"loss": "nn.HuberLoss()"}),
        ("summed_loss_small_rate", "slices", "friedman", DEEP, {"loss": "nn.MSELoss(reduction='sum')",
            "functional": "nn.MSELoss(reduction='sum')", "optimizer": "torch.optim.SGD(model.parameters(), lr=3e-4)"}),
        ("one_hot_targets", "loader", "iris", DEEP, {"loss": "lambda output, target: F.cross_entropy(output, F.one_hot(target, 3).float())"}),
        ("penalty_by_hand", "loader", "wine", DEEP, {"loss":
            "lambda output, target: F.cross_entropy(output, target) + 1e-4 * sum(p.abs().sum() for p in model.parameters())"}),
        ("bfgs", "full", "moons", DEEP, {"steps": "15", "optimizer": "torch.optim.LBFGS(model.parameters(), lr=0.5)", "zero": "",
            "backward": "def closure():\n    optimizer.zero_grad()\n    loss = loss_of(model(x_train), y_train)\n    loss.backward()\n    return loss",
            "update": "optimizer.step(closure)"}),
        ("gradients_by_hand", "full", "wave", DEEP, {"optimizer": "None", "zero": "",
            "backward": "grads = torch.autograd.grad(loss, list(model.parameters()))",
            "update": "with torch.no_grad():\n    for p, g in zip(model.parameters(), grads):\n        p -= 0.2 * g"}),
        ("steps_by_hand", "full", "circles", DEEP, {"optimizer": "None", "steps": "500",
            "zero": "for p in model.parameters():\n    p.grad = None",
            "update": "with torch.no_grad():\n    for p in model.parameters():\n        p -= 0.5 * p.grad"}),
        ("averaged_weights", "loader", "digits", DEEP, {"extra": "average = torch.optim.swa_utils.AveragedModel(model)",
            "update": "optimizer.step()\naverage.update_parameters(model)"}),
        ("deep_but_normed", "loader", "digits", perceptron(*[32] * 10, after=["nn.BatchNorm1d(WIDTH)"]), {}),
        ("deep_selu", "slices", "digits", perceptron(*[48] * 6, activation="nn.SELU()"), {"optimizer": "torch.optim.Adam(model.parameters(), lr=0.001)", "epochs": "20"}),
        ("gated_recurrent_clipped", "loader", "sequences", recurrent("GRU", 32),
            {"backward": "loss.backward()\nnn.utils.clip_grad_value_(model.parameters(), 0.2)"}),
        ("attention_small_rate", "slices", "tokens", TRANSFORMER, {"optimizer": "torch.optim.AdamW(model.parameters(), lr=1e-3)", "epochs": "15"}),
        ("strided_images", "loader", "images", convolutional(activation="nn.LeakyReLU(0.2, inplace=True)"), {"optimizer": SGD}),
        ("unused_layer", "loader", "wine", module(48, forward=CLASSIC), {}),
        ("early_stop", "trainer", "wave", DEEP, {"after_epoch": "if epoch > 12 and losses.mean() < 0.02:\n    break"}),
        ("long_and_converged", "full", "blobs", SMALL, {"steps": "1500"}),
        ("separable", "full", "iris", DEEP, {"steps": "800", "optimizer": SGD}),
    ]  # fmt: skip
    filled = [
        Program(f"awkward-{name}", script(f"{name.replace('_', ' ').capitalize()}.", style, data, network, **extra))
        for name, style, data, network, extra in slots
    ]
    return [*filled, *(Program(f"awkward-{name}", text) for name, text in WHOLE.items())]
