"""Probe: a few steps of one's own from the network's start, at other rates, and with another end before another loss.

Tells a rate or a last layer that keeps a network from learning from a network that cannot learn, or data that hold
nothing to learn: where the very same batch is learned with one thing changed, that thing is the cause. Five times
thirty steps on at most 64 rows, each for at most a second. Blind where the loss is written by hand, where the batch and
its target do not lie row by row, and to what shows only over many batches.
"""

from __future__ import annotations

import copy
import inspect
import math
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from whyfit.probes.pair import Pair, first_tensor
from whyfit.vitals.task import Task

STEPS, SECONDS = 30, 1.0
"""Of each try. Chosen: a batch of 64 rows is learned by far at a good rate."""
ENDS = 3
"""Losses whose mean stands for the end."""
FACTORS = {"tenth": 0.1, "same": 1.0, "tenfold": 10.0}
NAMED: dict[str, Callable[..., torch.Tensor]] = {
    "nll": functional.cross_entropy, "mse": functional.mse_loss, "l1": functional.l1_loss,
    "huber": functional.huber_loss, "bce": functional.binary_cross_entropy,
    "bce_logits": functional.binary_cross_entropy_with_logits,
}  # fmt: skip
"""Losses by the observer's names of them; of a likelihood see `_own_loss`."""

LossOf = Callable[[nn.Module], torch.Tensor]


def try_rates(task: Task) -> dict[str, Any]:
    """By how much the loss of one batch falls at a tenth of the script's rate, at the rate, and at ten times of it."""
    fell = {name: _fall(task, _own_loss(task), factor) for name, factor in FACTORS.items()}
    return {} if None in fell.values() else {"rate": task.rate, "steps": STEPS} | fell


def try_heads(task: Task) -> dict[str, Any]:
    """The same as it is, and with the loss that fits the target right behind the last layer; both at the script's rate.

    `gradient` is the norm of the gradient at the last layer's weight as it is, over that with the fitting loss.
    """
    fitting = _fitting(task)
    if fitting is None or task.last is None:
        return {}
    name, loss = fitting
    own, other = _own_loss(task), _behind_last(task, loss)
    fell = {"as_is": _fall(task, own, 1.0), "fitting": _fall(task, other, 1.0)}
    if None in fell.values():
        return {}
    sizes = [_gradient(task, one) for one in (own, other)]
    ratio = sizes[0] / sizes[1] if sizes[1] > 0 else math.inf
    return {"loss": task.loss, "last": task.activation, "better": name, "gradient": ratio, "steps": STEPS} | fell


def _own_loss(task: Task) -> LossOf:
    """The script's own, on what the network returns: log-probabilities go into the likelihood as they are."""

    def loss_of(network: nn.Module) -> torch.Tensor:
        output = _run(task, network)
        if task.loss == "nll" and output.grad_fn is not None and "LogSoftmax" in output.grad_fn.name():
            return functional.nll_loss(output, task.target)
        return NAMED[task.loss](output, task.target)

    return loss_of


def _run(task: Task, network: nn.Module) -> torch.Tensor:
    output = first_tensor(Pair(network, task.batch, task.named).run())
    assert output is not None
    return output


def _fitting(task: Task) -> tuple[str, Callable[[torch.Tensor], torch.Tensor]] | None:
    """The loss that fits the target, and its name; None where the script's own is that already."""
    target = task.target
    bent = task.activation not in ("identity", "log_softmax")
    if task.loss == "nll":
        return ("cross_entropy", lambda z: functional.cross_entropy(z, target)) if bent else None
    if not target.dtype.is_floating_point:
        return None
    zeros_and_ones = bool(((target == 0) | (target == 1)).all())
    if zeros_and_ones and target.ndim == 2 and target.shape[1] > 1 and bool((target.sum(1) == 1).all()):
        return "cross_entropy", lambda z: functional.cross_entropy(z, target)
    if zeros_and_ones and (bent or task.loss != "bce_logits"):
        loss = functional.binary_cross_entropy_with_logits
        return "binary_cross_entropy", lambda z: loss(z.reshape(target.shape), target)
    if not zeros_and_ones and bent and task.loss in ("mse", "l1", "huber"):
        return "squared_error", lambda z: functional.mse_loss(z.reshape(target.shape), target)
    return None


def _behind_last(task: Task, loss: Callable[[torch.Tensor], torch.Tensor]) -> LossOf:
    def loss_of(network: nn.Module) -> torch.Tensor:
        return loss(_last_output(task, network))

    return loss_of


def _last_output(task: Task, network: nn.Module) -> torch.Tensor:
    """What the last layer gives before anything bends it."""
    assert task.last is not None
    weight = list(network.parameters())[task.last]
    holder = next(m for m in network.modules() if any(p is weight for p in m.parameters(recurse=False)))
    given: list[Any] = []
    handle = holder.register_forward_hook(lambda _module, _args, output: given.append(output))
    try:
        _run(task, network)
    finally:
        handle.remove()
    output = first_tensor(given[-1])
    assert output is not None
    return output


def _fall(task: Task, loss_of: LossOf, factor: float) -> float | None:
    """The part of the first loss that is gone in the end, −1 where it became infinite; None where time ran out."""
    network = copy.deepcopy(task.network)
    network.train()
    parameters = list(network.parameters())
    rule = _rule(task, [parameters[place] for place in task.moved], factor)
    losses, stop = [], time.monotonic() + SECONDS
    for _ in range(STEPS):
        rule.zero_grad()
        with torch.enable_grad():
            loss = loss_of(network)
            loss.backward()  # type: ignore[no-untyped-call]
        losses.append(float(loss.detach()))
        if not math.isfinite(losses[-1]):
            return -1.0
        if time.monotonic() > stop:
            return None
        rule.step()
    end = sum(losses[-ENDS:]) / ENDS
    return 1 - end / losses[0] if losses[0] > 0 else None


def _rule(task: Task, parameters: list[Any], factor: float) -> torch.optim.Optimizer:
    """An optimiser of the script's kind and settings, at its rate times a factor."""
    kind = getattr(torch.optim, task.rule)
    known = inspect.signature(kind).parameters
    settings = {name: value for name, value in task.settings.items() if name in known}
    made: torch.optim.Optimizer = kind(parameters, lr=task.rate * factor, **settings)
    return made


def _gradient(task: Task, loss_of: LossOf) -> float:
    """The norm of the gradient of a loss at the last layer's weight, at the start."""
    assert task.last is not None
    network = copy.deepcopy(task.network)
    network.train()
    with torch.enable_grad():
        weight = list(network.parameters())[task.last]
        (gradient,) = torch.autograd.grad(loss_of(network), [weight], materialize_grads=True, allow_unused=True)
    return float(gradient.norm())
