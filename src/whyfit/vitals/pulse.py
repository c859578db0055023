"""What every step of a watched script touches, in one small object.

A step that is not looked at should cost next to nothing. Counted alone, asking a dozen objects whether there is
something to do takes a microsecond; inside a training step, whose own work has driven them out of the processor's
caches, it took fifteen. So the questions lie together here, and whoever finds something to do says so here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from threading import get_ident
from types import CodeType
from typing import Any, TypeAlias

import torch

MOST_VALUES = 512
"""Losses that wait here to be written to a curve."""

StepHook: TypeAlias = Callable[..., None]


class Pulse:
    """Shared by the parts of an observer.

    Attributes
    ----------
    thread
        The one that is followed.
    backwards, next
        Backward passes so far, and the one before which the governor need not be asked.
    busy
        A look is under way, or the zeroing of this turn is followed.
    inside
        A backward pass is under way: what it calls itself is a part of it.
    pending
        What came out of a loader and belongs to the next call of the network.
    evaluating
        The network was called without gradients since the last backward pass.
    scaled
        A loss was scaled since the last backward pass.
    training, turned
        The mode of the last call with gradients, and whether it changed since the last backward pass.
    deep, wanted
        A call of the network is under way; the next one is to be kept for the probes.
    calls
        Calls with gradients in the present mode that nobody has counted yet.
    values, begun
        Losses that nobody has taken yet, and the number of the first one's backward pass.
    optimizer, turns, steps
        The only optimiser, how many of its next steps need only be counted, and how many were that nobody has taken.
    depth, code, instruction
        How far above the engine the script's call of `backward` stood the last time, and which one it was.
    """

    __slots__ = (
        "backwards", "begun", "busy", "calls", "code", "deep", "depth", "evaluating", "inside", "instruction", "next",
        "optimizer", "pending", "scaled", "steps", "thread", "training", "turned", "turns", "values", "wanted",
    )  # fmt: skip

    def __init__(self) -> None:
        self.thread = get_ident()
        self.backwards = self.next = self.calls = self.begun = 0
        self.optimizer = self.turns = self.steps = 0
        self.busy, self.inside, self.evaluating, self.scaled = True, False, False, False
        self.pending: Any = None
        self.training: bool | None = None
        self.turned = self.deep = self.wanted = False
        self.values: list[float | torch.Tensor] = []
        self.depth, self.instruction = 1, -1
        self.code: CodeType | None = None

    def take_values(self) -> tuple[int, list[float | torch.Tensor]]:
        """The number of the first loss that waits, and all that wait."""
        values, self.values = self.values, []
        return self.begun, values


def around_engine(pulse: Pulse, run: Callable[..., Any], careful: Callable[..., Any]) -> Callable[..., Any]:
    """Stand in for torch's call of the engine.

    Parameters
    ----------
    pulse
        See there.
    run
        Torch's own.
    careful
        The same with everything that there may be to do; called whenever there is something, and where a loss is not
        finite, no single number, or of another line of the script than the last one.
    """
    frame_at = sys._getframe  # noqa: SLF001  # the frame is asked for its place alone

    def _engine_run_backward(tensors: Any, *args: Any, **kwargs: Any) -> Any:
        if (
            pulse.busy or pulse.pending is not None or pulse.evaluating or pulse.scaled or pulse.turned or pulse.inside
            or pulse.backwards >= pulse.next or not kwargs.get("accumulate_grad") or get_ident() != pulse.thread
        ):  # fmt: skip
            return careful(tensors, *args, **kwargs)
        value = None
        try:
            frame, loss = frame_at(pulse.depth), tensors[0]
            if frame.f_code is pulse.code and frame.f_lasti == pulse.instruction and len(pulse.values) < MOST_VALUES:
                value = loss.item() if loss.is_cpu else _copy_of(loss)
        except (ValueError, RuntimeError, AttributeError, TypeError):  # not so deep; several values; no tensor
            value = None
        if value is None or (type(value) is float and value - value != 0.0):  # infinite, or no number
            return careful(tensors, *args, **kwargs)
        pulse.inside = True
        try:
            result = run(tensors, *args, **kwargs)
        finally:
            pulse.inside = False
        if not pulse.values:
            pulse.begun = pulse.backwards
        pulse.values.append(value)
        pulse.backwards += 1
        return result

    return _engine_run_backward


def _copy_of(loss: torch.Tensor) -> torch.Tensor | None:
    """Of what lies on a device: nobody waits for it."""
    return loss.detach().clone() if loss.numel() == 1 else None


def around_steps(pulse: Pulse, before: StepHook, after: StepHook) -> tuple[StepHook, StepHook]:
    """What torch calls before and after each step of an optimiser.

    Parameters
    ----------
    pulse
        See there.
    before, after
        Called where there is more to do than to count the step: more than itself among the arguments is a closure.
    """

    def begin(optimizer: Any, args: Any = (), kwargs: Any = None) -> None:
        if not pulse.turns or pulse.busy or id(optimizer) != pulse.optimizer or len(args) > 1 or kwargs:
            before(optimizer, args, kwargs)

    def end(optimizer: Any, args: Any = (), kwargs: Any = None) -> None:
        if not pulse.turns or pulse.busy or id(optimizer) != pulse.optimizer or len(args) > 1 or kwargs:
            after(optimizer, args, kwargs)
        else:
            pulse.turns -= 1
            pulse.steps += 1

    return begin, end
