"""The third set's awkward healthy programs: each trips a rule of thumb and learns what it is meant to learn."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from typing import TypeAlias

from case import Program
from third_awkward_models import MODELS
from third_awkward_whole import WHOLE
from third_networks import (
    STRIDES_BODY,
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

Row: TypeAlias = tuple[str, str, str, str, dict[str, str]]
PLAIN, SMALL = seq(44, 44), seq(24)
MOMENTUM = "optim.SGD(model.parameters(), lr=0.04, momentum=0.9)"
LIVE = "optim.Adam([p for p in model.parameters() if p.requires_grad], lr=0.005)"
NORMED = seq(44, 44, after="nn.BatchNorm1d(@)")
FLOORS = {"awkward-mostly_noise-main-tides": 0.65}
"""Where what can be learned is less than of the data as they are."""


def awkward() -> list[Program]:
    """All of them."""
    rows = [*_steps(), *_rates(), *_networks(), *_lasts(), *_rows()]
    listed = [Program(f"awkward-{name}-{style}-{data}", script(f"{name.replace('_', ' ').capitalize()}", style, data, network, **more))
              for name, style, data, network, more in rows]  # fmt: skip
    return [*listed, *(Program(name, text) for name, text in (MODELS | WHOLE).items())]


def _steps() -> list[Row]:
    scaler = "scaler = torch.amp.GradScaler('cpu', enabled={}, init_scale=256.0)"
    return [
        ("three_batches_a_step", "kaggle", "curve", PLAIN, {"batch": "12", "zero": "pass", "backward": "(loss / 3).backward()", "update": "if (step + 1) % 3 == 0:\n    optimizer.step()\n    optimizer.zero_grad()"}),
        ("eight_batches_a_step", "main", "points", cloud(), {"batch": "5", "zero": "pass", "backward": "loss = loss / 8\nloss.backward()", "update": "if number % 8 == 7:\n    optimizer.step()\n    optimizer.zero_grad(set_to_none=True)"}),
        ("four_batches_a_step", "cycle", "reactor", PLAIN, {"batch": "10", "steps": "1400", "zero": "pass", "backward": "loss.div(4).backward()", "update": "if step % 4 == 3:\n    optimizer.step()\n    optimizer.zero_grad()"}),
        ("grads_scaled", "kaggle", "phase", PLAIN, {"extra": scaler.format("True"), "backward": "scaler.scale(loss).backward()\nscaler.unscale_(optimizer)\nnn.utils.clip_grad_norm_(model.parameters(), 2.0)", "update": "scaler.step(optimizer)\nscaler.update()"}),
        ("scaler_without_effect", "main", "shapes", pictures(), {"epochs": "8", "extra": scaler.format("False"), "backward": "scaler.scale(loss).backward()", "update": "scaler.step(optimizer)\nscaler.update()"}),
        ("half_precision_brain", "cells", "applicants", PLAIN, {"epochs": "10", "forward": "autocast(batch)", "forward_test": "model(batch)", "extra": "def autocast(rows):\n    with torch.autocast('cpu', dtype=torch.bfloat16):\n        found = model(rows)\n    return found.float()"}),
        ("half_precision_brain", "kaggle", "strokes", strides(), {"epochs": "10", "backward": "with torch.autocast('cpu', dtype=torch.bfloat16):\n    loss = loss_of(model(batch), target)\nloss.float().backward()"}),
        ("double_precision", "main", "curve", PLAIN, {"extra": "torch.set_default_dtype(torch.float64)\nmodel = model.double()\nx_train, x_test, y_train, y_test = (part.double() for part in (x_train, x_test, y_train, y_test))"}),
        ("clipped_at_each_step", "cycle", "ringing", series("LSTM"), {"steps": "500", "backward": "loss.backward()\nnn.utils.clip_grad_norm_(model.parameters(), 0.25)", "optimizer": "optim.Adam(model.parameters(), lr=0.006)"}),
        ("clipped_by_hooks", "learner", "tides", seq(32), {"extra": "for parameter in model.parameters():\n    parameter.register_hook(lambda grad: grad.clamp(-0.05, 0.05))"}),
        ("grads_centred", "kaggle", "shapes", pictures(), {"epochs": "8", "backward": "loss.backward()\nfor parameter in model.parameters():\n    if parameter.dim() > 1:\n        parameter.grad.sub_(parameter.grad.flatten(1).mean(1).view(-1, *[1] * (parameter.dim() - 1)))"}),
        ("zeroed_twice", "cells", "phase", SMALL, {"zero": "optimizer.zero_grad()\nmodel.zero_grad()"}),
        ("cleared_at_the_end", "kaggle", "reactor", PLAIN, {"zero": "pass", "update": "optimizer.step()\nfor parameter in model.parameters():\n    parameter.grad = None"}),
        ("checkpointed", "main", "petals", module("x = F.relu(self.enter(x))\nx = checkpoint(lambda h: F.relu(self.middle(h)), x, use_reentrant=False)\nreturn self.leave(x)"), {"extra": "from torch.utils.checkpoint import checkpoint", "epochs": "24"}),
        ("two_rates_two_groups", "cells", "firsts", symbols("GRU"), {"optimizer": "optim.Adam([{'params': model.table.parameters(), 'lr': 1e-3}, {'params': [*model.reader.parameters(), *model.answer.parameters()]}], lr=4e-3)"}),
        ("two_optimizers_of_one_model", "kaggle", "phase", module(), {"extra": "second = optim.SGD(model.leave.parameters(), lr=0.05)", "optimizer": "optim.Adam([*model.enter.parameters(), *model.middle.parameters()], lr=0.003)", "zero": "optimizer.zero_grad()\nsecond.zero_grad()", "update": "optimizer.step()\nsecond.step()"}),
        ("penalty_by_hand", "main", "phase", PLAIN, {"backward": "loss = loss + 1e-4 * sum(p.abs().sum() for p in model.parameters())\nloss.backward()"}),
        ("smooth_in_its_inputs", "cells", "curve", PLAIN, {"batch": "60", "backward": "leaf = batch.clone().requires_grad_()\n(slope,) = torch.autograd.grad(model(leaf).sum(), leaf, create_graph=True)\nloss = loss + 1e-3 * slope.pow(2).sum(1).mean()\nloss.backward()"}),
        ("averaged_weights", "kaggle", "applicants", PLAIN, {"epochs": "10", "extra": "mean_model = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.98))", "update": "optimizer.step()\nmean_model.update_parameters(model)", "forward_test": "mean_model(batch)"}),
        ("copy_by_moving_average", "cycle", "strokes", strides(), {"steps": "250", "extra": "shadow = copy.deepcopy(model).requires_grad_(False)", "update": "optimizer.step()\nwith torch.no_grad():\n    for own, other in zip(shadow.parameters(), model.parameters()):\n        own.mul_(0.97).add_(other, alpha=0.03)", "forward_test": "shadow(batch)"}),
        ("only_hard_rows", "cells", "petals", PLAIN, {"epochs": "24", "loss": "lambda a, b: F.binary_cross_entropy_with_logits(a, b, reduction='none').flatten().topk(max(1, len(a) * 3 // 4)).values.mean()"}),
        ("focal", "main", "spots", masks(), {"epochs": "8", "loss": "lambda a, b: ((1 - torch.exp(-F.binary_cross_entropy_with_logits(a, b, reduction='none'))) ** 2 * F.binary_cross_entropy_with_logits(a, b, reduction='none')).mean()"}),
        ("overlap_as_a_loss", "kaggle", "spots", masks(), {"epochs": "8", "loss": "lambda a, b: 1 - 2 * (torch.sigmoid(a) * b).sum() / (torch.sigmoid(a).sum() + b.sum() + 1e-6) + 0.5 * F.binary_cross_entropy_with_logits(a, b)"}),
        ("sum_over_the_batch_small_rate", "learner", "curve", PLAIN, {"loss": "nn.MSELoss(reduction='sum')", "optimizer": "optim.Adam(model.parameters(), lr=0.003)"}),
    ]  # fmt: skip


def _rates() -> list[Row]:
    each = {"update": "optimizer.step()\nschedule.step()"}
    warm = "optim.AdamW(model.parameters(), lr=0.006)\nschedule = optim.lr_scheduler.SequentialLR(optimizer, [optim.lr_scheduler.LinearLR(optimizer, 1e-4, 1.0, 80), optim.lr_scheduler.CosineAnnealingLR(optimizer, 320)], [80])"
    root = "optim.Adam(model.parameters(), lr=0.05)\nschedule = optim.lr_scheduler.LambdaLR(optimizer, lambda s: 0.4 * min((s + 1) ** -0.5, (s + 1) * 60**-1.5))"
    return [
        ("warms_up_and_cools_down", "cycle", "firsts", block(), each | {"optimizer": warm}),
        ("warms_up_and_cools_down", "kaggle", "curve", PLAIN, each | {"optimizer": warm, "epochs": "25"}),
        ("inverse_root", "cycle", "scans", series("GRU", width=32), each | {"optimizer": root}),
        ("one_cycle_of_sgd", "kaggle", "shapes", pictures(norms=True), each | {"epochs": "8", "optimizer": "optim.SGD(model.parameters(), lr=0.01, momentum=0.9, nesterov=True)\nschedule = optim.lr_scheduler.OneCycleLR(optimizer, 0.15, total_steps=104)"}),
        ("steps_down_thrice", "kaggle", "petals", PLAIN, {"epochs": "30", "optimizer": "optim.Adam(model.parameters(), lr=0.01)\nschedule = optim.lr_scheduler.MultiStepLR(optimizer, [12, 20, 26], 0.2)", "after_epoch": "schedule.step()"}),
        ("decays_at_each_epoch", "cells", "tags", seq(64), {"epochs": "10", "optimizer": "optim.AdamW(model.parameters(), lr=0.006)\nschedule = optim.lr_scheduler.ExponentialLR(optimizer, 0.85)", "after_epoch": "schedule.step()"}),
        ("small_rate_many_steps", "cycle", "tides", seq(32), {"steps": "1600", "optimizer": "optim.Adam(model.parameters(), lr=2e-4)"}),
        ("small_rate_many_steps", "cycle", "applicants", PLAIN, {"steps": "1000", "optimizer": "optim.Adam(model.parameters(), lr=4e-4)"}),
        ("large_rate_of_plain_steps", "main", "loans", SMALL, {"epochs": "8", "optimizer": "optim.SGD(model.parameters(), lr=0.5)"}),
        ("decays_strongly", "learner", "tides", seq(32), {"optimizer": "optim.AdamW(model.parameters(), lr=0.003, weight_decay=1.0)"}),
        ("quasi_newton", "cells", "phase", SMALL, {"batch": "720", "epochs": "12", "optimizer": "optim.LBFGS(model.parameters(), lr=0.8, max_iter=6, history_size=8)", "zero": "pass", "backward": "def closure():\n    optimizer.zero_grad()\n    now = loss_of(model(batch), target)\n    now.backward()\n    return now", "update": "optimizer.step(closure)"}),
        ("averaging_descent", "cycle", "curve", PLAIN, {"steps": "700", "optimizer": "optim.ASGD(model.parameters(), lr=0.1, t0=300)"}),
        ("heavier_ball_late", "main", "reactor", PLAIN, {"optimizer": "optim.SGD(model.parameters(), lr=0.05, momentum=0.5)", "after_epoch": "if epoch == 6:\n    optimizer.param_groups[0]['momentum'] = 0.9"}),
        ("full_batches", "cells", "loans", SMALL, {"batch": "780", "epochs": "150", "optimizer": "optim.Adam(model.parameters(), lr=0.01)"}),
        ("goes_on_at_zero_loss", "cycle", "strokes", strides(), {"steps": "450"}),
        ("batch_of_one_row", "main", "tides", seq(24), {"batch": "1", "epochs": "2", "optimizer": "optim.SGD(model.parameters(), lr=0.01)"}),
        ("batch_of_one_row", "kaggle", "phase", SMALL, {"batch": "1", "epochs": "2", "optimizer": "optim.Adam(model.parameters(), lr=0.001)"}),
        ("batch_grows", "cells", "reactor", PLAIN, {"batch": "(16 if epoch < 6 else 64)"}),
    ]  # fmt: skip


def _networks() -> list[Row]:
    small = module(
        "x = F.relu(self.enter(x))\nx = x + self.scale * F.relu(self.middle(x))\nreturn self.leave(x)",
        init="self.scale = nn.Parameter(torch.zeros(1))",
    )
    tied = module(
        "x = F.relu(self.enter(x))\nx = F.relu(self.middle(x))\nreturn F.linear(x, self.enter.weight.T, self.leave.bias)"
    )
    shared = module(
        "x = F.gelu(self.enter(x))\nfor _ in range(4):\n    x = x + F.gelu(self.middle(x))\nreturn self.leave(x)"
    )
    gate = module("x = self.enter(x)\nx = self.middle(x) * torch.sigmoid(x)\nreturn self.leave(x)")
    periodic = module("x = torch.sin(2 * self.enter(x))\nx = torch.sin(self.middle(x))\nreturn self.leave(x)")
    radial = module("x = torch.exp(-self.enter(x).pow(2))\nreturn self.leave(x)")
    maxout = module("x = self.enter(x).view(len(x), -1, 2).amax(2)\nreturn self.leave(x.repeat(1, 2))")
    frozen = "for parameter in model.features.parameters():\n    parameter.requires_grad_(False)"
    late = STRIDES_BODY.replace("x = F.relu(self.conv_in(x))", "with torch.no_grad():\n    x = F.relu(self.conv_in(x))")
    return [
        ("frozen_features", "kaggle", "shapes", pictures(), {"extra": frozen, "optimizer": LIVE, "epochs": "14"}),
        ("frozen_features_owned", "learner", "shapes", pictures(), {"extra": frozen, "epochs": "14", "optimizer": "optim.Adam(model.parameters(), lr=0.005)"}),
        ("first_filters_stay_random", "main", "strokes", strides(late), {"optimizer": LIVE, "extra": "model.conv_in.requires_grad_(False)"}),
        ("thaws_halfway", "kaggle", "points", cloud(), {"extra": "model.each[0].requires_grad_(False)", "after_epoch": "if epoch == 6:\n    model.each[0].requires_grad_(True)", "epochs": "12"}),
        ("frozen_table", "cells", "firsts", symbols("GRU"), {"extra": "model.table.weight.requires_grad_(False)", "optimizer": LIVE}),
        ("random_kernel", "cycle", "phase", seq(256, act="nn.Tanh()"), {"extra": "model[0].requires_grad_(False)\nmodel[0].weight.mul_(1.5)", "optimizer": "optim.Adam(model[2].parameters(), lr=0.01)"}),
        ("scale_starts_at_zero", "main", "petals", small, {"epochs": "24"}),
        ("scale_starts_at_zero", "cells", "reactor", small, {}),
        ("same_weights_both_ways", "kaggle", "halves", tied, {}),
        ("one_layer_five_times", "cycle", "petals", shared, {"steps": "500"}),
        ("gated", "learner", "curve", gate, {}),
        ("periodic_units", "main", "curve", periodic, {}),
        ("radial_units", "cells", "petals", radial, {"epochs": "40", "optimizer": "optim.Adam(model.parameters(), lr=0.01)"}),
        ("largest_of_two", "kaggle", "phase", maxout, {}),
        ("nothing_hidden", "main", "applicants", seq(), {"epochs": "12", "optimizer": MOMENTUM}),
        ("nothing_hidden_all_zero", "cells", "applicants", seq(), {"epochs": "12", "optimizer": MOMENTUM, "extra": "nn.init.zeros_(model[0].weight)\nnn.init.zeros_(model[0].bias)"}),
        ("head_starts_at_zero", "kaggle", "scans", series("GRU", width=32), {"extra": "nn.init.zeros_(model.readout.weight)\nnn.init.zeros_(model.readout.bias)"}),
        ("all_biases_zero", "learner", "reactor", PLAIN, {"extra": "for layer in model:\n    if isinstance(layer, nn.Linear):\n        nn.init.zeros_(layer.bias)"}),
        ("no_biases_at_all", "main", "curve", PLAIN.replace("44),", "44, bias=False),").replace("outputs)", "outputs, bias=False)"), {}),
        ("forgets_slowly", "cycle", "firsts", symbols(), {"extra": "nn.init.constant_(model.reader.bias_hh_l0[24:48], 2.0)"}),
        ("orthogonal_recurrence", "cells", "ringing", series("RNN"), {"extra": "nn.init.orthogonal_(model.cell.weight_hh_l0)"}),
        ("sparse_units_that_live", "main", "reactor", seq(220), {"extra": "nn.init.constant_(model[0].bias, -1.0)"}),
        ("sparse_units_that_live", "cycle", "points", cloud(), {"steps": "300", "extra": "nn.init.constant_(model.each[0].bias, -0.4)"}),
        ("six_norms_deep", "cells", "petals", seq(*[24] * 6, after="nn.BatchNorm1d(@)"), {"epochs": "24"}),
        ("ten_deep_and_careful", "kaggle", "curve", seq(*[20] * 8, act="nn.Tanh()"), {"extra": "for layer in model:\n    if isinstance(layer, nn.Linear):\n        nn.init.xavier_uniform_(layer.weight, 5 / 3)\n        nn.init.zeros_(layer.bias)", "epochs": "24", "optimizer": "optim.Adam(model.parameters(), lr=0.002)"}),
        ("norm_before_activation", "main", "applicants", seq(44, 44, act="nn.BatchNorm1d(44), nn.ReLU()"), {"epochs": "10"}),
        ("group_norms", "learner", "shapes", pictures(norms=True).replace("nn.BatchNorm2d(8)", "nn.GroupNorm(2, 8)").replace("nn.BatchNorm2d(16)", "nn.GroupNorm(4, 16)"), {"epochs": "6", "batch": "8", "optimizer": "optim.Adam(model.parameters(), lr=0.003)"}),
        ("instance_norms", "kaggle", "shapes", pictures(norms=True).replace("BatchNorm2d(8)", "InstanceNorm2d(8, affine=True)").replace("BatchNorm2d(16)", "InstanceNorm2d(16, affine=True)"), {"epochs": "8"}),
        ("norm_of_the_inputs", "cycle", "loans", seq(24, first="nn.BatchNorm1d(inputs),"), {"steps": "200", "extra": "scale = torch.tensor([9000.0, 30000.0, 45.0, 1.0])\nx_train, x_test = (2 + x_train) * scale, (2 + x_test) * scale"}),
        ("half_is_dropped_by_right", "kaggle", "applicants", seq(128, after="nn.Dropout(0.5)"), {"epochs": "12"}),
        ("drops_whole_channels", "main", "shapes", pictures(drop="nn.Dropout(0.1), ").replace("nn.AdaptiveAvgPool2d(3)", "nn.Dropout2d(0.1),\n            nn.AdaptiveAvgPool2d(3)"), {"epochs": "12"}),
        ("drops_in_time", "learner", "scans", series("LSTM", width=40, options=", batch_first=True, num_layers=2, dropout=0.2"), {"epochs": "12"}),
        ("narrow_code_between", "cells", "halves", seq(48, 8, 48), {"epochs": "20"}),
        ("layer_that_only_serves_later", "main", "phase", module(init="self.later = nn.Linear(width, 2)"), {}),
        ("weights_of_norm_one", "kaggle", "phase", PLAIN, {"extra": "from torch.nn.utils.parametrizations import weight_norm\nmodel[0], model[2] = weight_norm(model[0]), weight_norm(model[2])"}),
    ]  # fmt: skip


def _lasts() -> list[Row]:
    read = "self.answer(states[:, -1])"
    return [
        ("log_shares_and_likelihood", "kaggle", "firsts", symbols("GRU", end=f"return F.log_softmax({read}, dim=-1)"), {"loss": "nn.NLLLoss()"}),
        ("log_shares_into_cross_entropy", "cells", "points", cloud(), {"forward": "F.log_softmax(model(batch), dim=1)"}),
        ("shares_with_a_floor", "main", "strokes", strides(), {"forward": "model(batch).softmax(1)", "loss": "lambda a, b: F.nll_loss((a + 1e-7).log(), b)", "epochs": "10"}),
        ("bounded_for_bounded_pixels", "learner", "halves", seq(64, last="nn.Sigmoid(),"), {}),
        ("bounded_pixels_by_entropy", "kaggle", "halves", seq(64, last="nn.Sigmoid(),"), {"loss": "nn.BCELoss()"}),
        ("tanh_for_waves", "cycle", "tides", seq(32, last="nn.Tanh(),"), {"extra": "y_train, y_test = y_train / 2, y_test / 2"}),
        ("positive_for_positive", "main", "ringing", series("GRU"), {"forward": "F.softplus(model(batch))", "extra": "y_train, y_test = y_train + 2, y_test + 2"}),
        ("rectified_for_positive", "cells", "phase", SMALL, {"forward": "F.relu(model(batch))", "extra": "y_train, y_test = y_train + 4, y_test + 4\nnn.init.constant_(model[-1].bias, 4.0)"}),
        ("two_scores_for_yes_and_no", "kaggle", "petals", PLAIN.replace("outputs)", "2)"), {"epochs": "24", "loss": "lambda a, b: F.cross_entropy(a, b.long().squeeze(1))", "score": "(output.argmax(1) == target.long().squeeze(1)).float().mean().item()"}),
        ("sigmoid_and_plain_entropy", "main", "tags", seq(64, last="nn.Sigmoid(),"), {"loss": "nn.BCELoss()", "threshold": "0.5", "epochs": "10"}),
        ("squares_of_one_hot", "cells", "points", cloud(), {"loss": "lambda a, b: F.mse_loss(a, F.one_hot(b, 3).float())"}),
        ("margins", "learner", "applicants", PLAIN, {"loss": "nn.MultiMarginLoss()", "epochs": "10"}),
        ("hinges", "kaggle", "loans", SMALL, {"epochs": "8", "loss": "lambda a, b: F.relu(1 - a * (2 * b - 1)).mean()"}),
        ("hot_and_cold_scores", "main", "scans", series("GRU", width=32), {"forward": "model(batch) / 0.5"}),
        ("cosines_as_scores", "cells", "strokes", strides(STRIDES_BODY.replace("self.head(x.flatten(1))", "8 * F.linear(F.normalize(x.flatten(1)), F.normalize(self.head.weight))")), {"epochs": "12"}),
        ("smooth_labels", "kaggle", "shapes", pictures(), {"epochs": "8", "loss": "nn.CrossEntropyLoss(label_smoothing=0.1)"}),
        ("weights_for_classes", "main", "points", cloud(), {"epochs": "10", "loss": "nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 1.0]))"}),
        ("huber", "learner", "phase", PLAIN, {"loss": "nn.HuberLoss(delta=0.5)"}),
        ("logarithm_of_cosh", "cycle", "curve", PLAIN, {"loss": "lambda a, b: torch.log(torch.cosh(a - b)).mean()"}),
        ("mean_and_spread", "kaggle", "phase", PLAIN.replace("outputs)", "2)"), {"epochs": "12", "loss": "lambda a, b: F.gaussian_nll_loss(a[:, :1], b, F.softplus(a[:, 1:]) + 1e-3)", "score": "1 - F.mse_loss(output[:, :1], target).item() / target.var().item()"}),
        ("relative_error", "cells", "ringing", series("GRU"), {"extra": "y_train, y_test = y_train + 3, y_test + 3", "loss": "lambda a, b: ((a - b).abs() / b).mean()"}),
    ]  # fmt: skip


def _rows() -> list[Row]:
    rare = "keep = (y_train[:, 0] == 0) | (torch.rand(len(y_train), generator=torch.Generator().manual_seed(1)) < 0.15)\nx_train, y_train = x_train[keep], y_train[keep]"
    return [
        ("one_answer_is_rare", "main", "petals", PLAIN, {"extra": rare, "epochs": "40", "loss": "nn.BCEWithLogitsLoss(pos_weight=torch.tensor(5.0))"}),
        ("unequal_classes_by_nature", "kaggle", "points", cloud(), {"extra": "keep = (y_train != 2) | (torch.arange(len(y_train)) % 5 == 0)\nx_train, y_train = x_train[keep], y_train[keep]"}),
        ("noise_in_the_answers", "cells", "applicants", seq(24), {"epochs": "6", "extra": "wrong = torch.rand(len(y_train), generator=torch.Generator().manual_seed(2)) < 0.15\ny_train[wrong] = torch.randint(0, 4, (int(wrong.sum()),), generator=torch.Generator().manual_seed(3))"}),
        ("mostly_noise", "main", "tides", seq(16), {"epochs": "6", "extra": "y_train, y_test = y_train + 0.4 * torch.randn_like(y_train), y_test + 0.4 * torch.randn_like(y_test)"}),
        ("rows_that_come_again", "kaggle", "loans", SMALL, {"epochs": "5", "extra": "x_train, x_test = (2 * x_train).round() / 2, (2 * x_test).round() / 2"}),
        ("yes_and_no_columns", "learner", "loans", SMALL, {"epochs": "8", "extra": "x_train, x_test = (x_train > 0).float(), (x_test > 0).float()"}),
        ("series_in_its_order", "main", "tides", seq(32), {"shuffle": "False"}),
        ("drawn_with_replacement", "cells", "reactor", PLAIN, {"extra": "again = torch.randint(0, len(x_train), (len(x_train),))\nx_train, y_train = x_train[again], y_train[again]"}),
        ("rare_rows_drawn_again", "kaggle", "loans", SMALL, {"epochs": "5", "extra": "more = torch.nonzero(y_train[:, 0])[:, 0][:200]\nx_train, y_train = torch.cat([x_train, x_train[more]]), torch.cat([y_train, y_train[more]])"}),
        ("easy_rows_first", "cells", "petals", PLAIN, {"epochs": "30", "train_mode": "model.train()\nif epoch == 0:\n    far = (x_train.norm(dim=1) - 1.1).abs().argsort(descending=True)\n    every_x, every_y = x_train[far], y_train[far]\nx_train, y_train = every_x[: 400 + 50 * epoch], every_y[: 400 + 50 * epoch]"}),
        ("mixed_up_pairs", "main", "applicants", PLAIN, {"epochs": "12", "backward": "share, other = float(torch.rand(1)) * 0.3, torch.randperm(len(batch))\nmixed = model((1 - share) * batch + share * batch[other])\nloss = (1 - share) * loss_of(mixed, target) + share * loss_of(mixed, target[other])\nloss.backward()"}),
        ("turned_and_moved", "kaggle", "shapes", pictures(), {"epochs": "12", "forward": "model(torch.roll(torch.rot90(batch, step % 4, (2, 3)), int(torch.randint(-1, 2, (1,))), 3))", "forward_test": "model(batch)"}),
        ("parts_hidden", "learner", "scans", series("GRU", width=32), {"forward": "model(batch * (torch.rand(len(batch), 8, 1) > 0.1))", "forward_test": "model(batch)"}),
        ("wide_margins_of_black", "main", "spots", masks(), {"epochs": "6", "extra": "x_train, x_test, y_train, y_test = (F.pad(part, (2, 2, 2, 2)) for part in (x_train, x_test, y_train, y_test))"}),
        ("an_empty_column", "cells", "curve", PLAIN.replace("nn.Linear(inputs,", "nn.Linear(inputs + 1,"), {"extra": "x_train, x_test = F.pad(x_train, (0, 1)), F.pad(x_test, (0, 1))"}),
        ("bytes_scaled_in_the_forward_pass", "kaggle", "scans", series("GRU", width=32, read="x = x.float() / 255\nout, _ = self.cell(x)\nreturn self.readout(out[:, -1])"), {"extra": "x_train, x_test = (255 * x_train).byte(), (255 * x_test).byte()"}),
        ("prices_scaled_inside", "main", "phase", "y_train, y_test = 450000 + 120000 * y_train, 450000 + 120000 * y_test\n" + module("x = F.relu(self.enter(x))\nx = F.relu(self.middle(x))\nreturn self.level + self.spread * self.leave(x)", init="self.register_buffer('level', y_train.mean())\nself.register_buffer('spread', y_train.std())"), {"loss": "lambda a, b: F.mse_loss(a / 50000, b / 50000)"}),
        ("between_zero_and_one", "learner", "reactor", PLAIN, {"epochs": "24", "extra": "low, high = x_train.amin(0), x_train.amax(0)\nx_train, x_test = (x_train - low) / (high - low), (x_test - low) / (high - low)", "optimizer": "optim.Adam(model.parameters(), lr=0.005)"}),
        ("few_rows_small_network", "cells", "tides", seq(8), {"epochs": "60", "batch": "16", "extra": "x_train, y_train = x_train[:120], y_train[:120]"}),
        ("ratings_with_decay", "main", "ratings", factors(), {"epochs": "10", "optimizer": "optim.Adam(model.parameters(), lr=0.02, weight_decay=2e-5)"}),
        ("norms_and_few_rows_a_batch", "cells", "curve", NORMED, {"batch": "8", "epochs": "12"}),
        ("spread_by_repeated_dropout", "kaggle", "phase", seq(72, 72, after="nn.Dropout(0.1)"), {"epochs": "12", "after_epoch": "if epoch == 12:\n    model.train()\n    with torch.no_grad():\n        spread = torch.stack([model(x_test) for _ in range(15)]).std(0).mean().item()\n    print('spread', round(spread, 4))"}),
    ]  # fmt: skip
