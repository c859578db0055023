"""The four cases of dropout and batch norm: forward and backward, in training mode and in evaluation mode.

Each module is judged by what goes in and comes out of it in one pass, not by what it ought to do:

    dropped     share of the entries that came in as something and left as zero: p in training mode, else none
    by_batch    whether every unit left centred on its own shift: by the statistics of this batch
    moved       whether the pass changed the running statistics
    variance    of the units that come in, mean over units: its ratio of both modes is given (Li et al. 2019)
    stopped     share of the gradient's energy that does not come through, 1 − Σ(g_in/a)² / Σ g_out² with a the slope of
                the module: what falls on dropped units; with batch norm in training mode the parts along the batch's
                mean and along its deviations (Ioffe and Szegedy 2015, section 3)
    learning    share of the module's own parameters that get a gradient; None where it has none
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

DROPOUT, BATCH_NORM = "dropout", "batch_norm"
DROPS = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d)
MOST_MODULES = 16
"""More than a picture shows apart; the first ones."""
CENTRED = 1e-3
"""Mean of a unit off its shift, in its own deviations, up to which it was centred on this batch: rounding leaves 1e-6,
running statistics of a training that has ended 0.1 or more. Chosen between."""

ENDS = {"given", "left"}
"""Where a module is read; one that runs without gradients, as part of a frozen network may, has no case."""


@dataclass(slots=True)
class _Passage:
    """One module at its first call: (values, units) at each of its `ENDS`, and their gradients once there are any."""

    values: dict[str, Tensor] = field(default_factory=dict)
    gradients: dict[str, Tensor] = field(default_factory=dict)

    def keep(self, end: str, tensor: Tensor) -> None:
        """What passes there; of a later call nothing, and nothing of what no gradient comes back to."""
        if end not in self.values and tensor.requires_grad:
            self.values[end] = _by_unit(tensor.detach().clone())
            tensor.register_hook(  # type: ignore[no-untyped-call]  # torch gives it no type
                lambda found: self.gradients.__setitem__(end, _by_unit(found.detach()))
            )


def read_cases(network: nn.Module, loss: Callable[[], Tensor]) -> list[dict[str, Any]]:
    """One entry a module and mode, training mode first, in the order in which the modules are called.

    Parameters
    ----------
    network
        A private copy: its modes, its gradients and its running statistics are changed.
    loss
        One forward pass on a batch, and one number of its outputs, of which the gradient is taken.
    """
    cases = [one for training in (True, False) for one in _in_mode(network, loss, training=training)]
    came_in = {(case["layer"], case["mode"]): case.pop("variance") for case in cases}
    ratios = {
        layer: _ratio(*(came_in.get((layer, mode)) for mode in ("training", "evaluation"))) for layer, _ in came_in
    }
    known = [case | {"variance_ratio": ratios[case["layer"]]} for case in cases]
    return [{name: None if _lost(value) else value for name, value in case.items()} for case in known]


def _lost(value: object) -> bool:
    """A number of a network that has diverged is none."""
    return isinstance(value, float) and not math.isfinite(value)


def _ratio(training: float | None, evaluation: float | None) -> float | None:
    return training / evaluation if training is not None and evaluation else None


def _in_mode(network: nn.Module, loss: Callable[[], Tensor], *, training: bool) -> list[dict[str, Any]]:
    network.train(training)
    network.zero_grad()
    modules: dict[str, nn.Module] = {
        name: module for name, module in network.named_modules() if isinstance(module, (_BatchNorm, *DROPS))
    }
    modules = dict(islice(modules.items(), MOST_MODULES))
    before = {name: _running(module) for name, module in modules.items()}
    with torch.enable_grad(), _watched(modules) as passages:
        loss().backward()  # type: ignore[no-untyped-call]  # torch gives it no type
    return [
        {"layer": name, "mode": "training" if training else "evaluation"}
        | _case(modules[name], passage, moved=not torch.equal(before[name], _running(modules[name])))
        for name, passage in passages.items()
        if passage.gradients.keys() == ENDS
    ]


@contextmanager
def _watched(modules: dict[str, nn.Module]) -> Iterator[dict[str, _Passage]]:
    """Keep what passes each of the modules, at its first call."""
    passages: dict[str, _Passage] = {}
    with ExitStack() as stack:
        for name, module in modules.items():
            stack.callback(module.register_forward_pre_hook(partial(_enter, passages, name)).remove)
            stack.callback(module.register_forward_hook(partial(_leave, passages, name)).remove)
        yield passages


def _enter(passages: dict[str, _Passage], name: str, module: nn.Module, given: tuple[Any, ...]) -> tuple[Any, ...]:
    """Give the module a copy of its input that nobody else uses: its gradient is what comes through this module alone,
    and what the module writes in place (`nn.Dropout(inplace=True)`) is not taken for what came in.
    """
    del module
    if not given:
        return given
    first = given[0] if given[0].requires_grad else given[0].detach().requires_grad_()
    alone = first.clone()
    passages.setdefault(name, _Passage()).keep("given", alone)
    return (alone, *given[1:])


def _leave(passages: dict[str, _Passage], name: str, module: nn.Module, given: tuple[Any, ...], left: Tensor) -> None:
    del module, given
    passages.setdefault(name, _Passage()).keep("left", left)


def _case(module: nn.Module, seen: _Passage, *, moved: bool) -> dict[str, Any]:
    norm = isinstance(module, _BatchNorm)
    own = list(module.parameters())
    learning = sum(one.grad is not None and bool(one.grad.any()) for one in own) / len(own) if own else None
    return {
        "kind": BATCH_NORM if norm else DROPOUT,
        "dropped": None if norm else float(_dropped(seen).sum()) / max(1, int((seen.values["given"] != 0).sum())),
        "by_batch": _centred(module, seen.values["left"]) if isinstance(module, _BatchNorm) else None,
        "moved": moved if norm else None,
        "variance": float(seen.values["given"].var(dim=0).mean()) if norm else None,
        "stopped": _stopped(seen, norm=norm),
        "learning": learning,
    }


def _dropped(seen: _Passage) -> Tensor:
    return (seen.values["left"] == 0) & (seen.values["given"] != 0)


def _centred(module: _BatchNorm, left: Tensor) -> bool:
    bias = getattr(module, "bias", None)  # none where it has no parameters
    shift = 0.0 if bias is None else bias.detach()
    off = (left.mean(dim=0) - shift).abs() / left.std(dim=0).clamp_min(torch.finfo(left.dtype).tiny)
    return bool((off[left.std(dim=0) > 0] <= CENTRED).all())


def _stopped(seen: _Passage, *, norm: bool) -> float | None:
    came, through = seen.gradients["left"].double(), seen.gradients["given"].double()
    energy = float((came**2).sum())
    if energy == 0.0:
        return None
    if not norm:
        return float((came[_dropped(seen)] ** 2).sum()) / energy
    given, left = (one.double() - one.double().mean(dim=0) for one in (seen.values["given"], seen.values["left"]))
    squares = (given**2).sum(dim=0)
    live = squares > 0
    slope = (given * left).sum(dim=0)[live] / squares[live]
    kept = (through[:, live] / slope) ** 2
    return round(max(0.0, 1.0 - float(kept[torch.isfinite(kept)].sum()) / energy), 6)  # float32 leaves 1e-8


def _by_unit(values: Tensor) -> Tensor:
    """(rows, units, …) → (values, units)."""
    return values.movedim(1, -1).flatten(0, -2) if values.ndim > 1 else values.unsqueeze(1)


def _running(module: nn.Module) -> Tensor:
    """The running mean, or nothing."""
    mean = getattr(module, "running_mean", None)
    return torch.empty(0) if mean is None else mean.clone()
