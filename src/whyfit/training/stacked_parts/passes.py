"""The forward and the backward pass of a cohort's step; on an accelerator as one recorded graph where that is faster.

A step of small networks is some hundred small programs for the device, each started by Python; recorded once, they are
started together. The choice is measured, as that of the engine is, and whatever cannot be recorded runs as it is
written.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor

from whyfit.training.device import CPU
from whyfit.training.stacked_parts.losses import CohortLoss
from whyfit.training.stacked_parts.stack import Stack, State
from whyfit.training.torch_parts.cost import timed
from whyfit.training.torch_parts.mixed import Mixed

log = logging.getLogger(__name__)

WARM, TIMED = 3, 5
"""Passes before a recording, as torch asks for (torch.cuda.graph: "warmup"); and under the clock on either side."""

Numbers = tuple[Tensor, ...]
Record = Callable[[Callable[[], Numbers]], tuple[Callable[[], None], Numbers]]
"""Record some work: gives what runs it again, and the memory that it writes its results to."""


class Batch(NamedTuple):
    """What a pass takes: inputs (members, rows, features), targets, masks and rates of dropout, one a call, and the
    rows' own weights (members, rows), one tensor or none.
    """

    inputs: Tensor
    targets: Tensor
    masks: tuple[Tensor, ...] = ()
    rates: tuple[Tensor, ...] = ()
    own: tuple[Tensor, ...] = ()

    @property
    def tensors(self) -> Numbers:
        """All of it."""
        return (self.inputs, self.targets, *self.masks, *self.rates, *self.own)

    def of(self, tensors: Sequence[Tensor]) -> Batch:
        """The same with other tensors."""
        cut, end = 2 + len(self.masks), len(tensors) - len(self.own)
        return Batch(tensors[0], tensors[1], tuple(tensors[2:cut]), tuple(tensors[cut:end]), tuple(tensors[end:]))


class Taken(NamedTuple):
    """What a pass gives: outputs (members, rows, outputs), summed losses, what to divide them by, gradients by name."""

    outputs: Tensor
    total: Tensor
    weight: Tensor
    gradients: State


def on_cuda(work: Callable[[], Numbers]) -> tuple[Callable[[], None], Numbers]:
    """Record as a CUDA graph; the warm passes run beside, as torch's own documentation has it."""
    beside = torch.cuda.Stream()  # type: ignore[no-untyped-call]  # torch has no types for it
    beside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(beside):
        for _ in range(WARM):
            work()
    torch.cuda.current_stream().wait_stream(beside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        left = work()
    return graph.replay, left


@dataclass(frozen=True, eq=False, slots=True)
class Recorded:
    """One recording: where it reads, how it is run, where it writes."""

    given: Numbers
    replay: Callable[[], None]
    left: Numbers

    def __call__(self, tensors: Iterable[Tensor]) -> Numbers:
        """Run it on other numbers of the same shapes; the results are copies, as the next run writes there again."""
        for place, tensor in zip(self.given, tensors, strict=True):
            place.copy_(tensor)
        self.replay()
        return tuple(tensor.clone() for tensor in self.left)


@dataclass(eq=False, slots=True)
class Passes:
    """Takes the passes of one stack.

    Attributes
    ----------
    stack, loss
        Of the cohort as it stands; when members leave, there are new ones.
    device
        On a CPU nothing is recorded.
    record
        Records on the device.
    """

    stack: Stack
    loss: CohortLoss
    device: str
    record: Record = on_cuda
    _names: tuple[str, ...] = ()
    _recorded: dict[tuple[torch.Size, ...], Recorded | None] = field(default_factory=dict)

    def take(self, batch: Batch, mixed: Mixed | None = None) -> Taken:
        """The pass over a batch; one with mixed rows is never recorded."""
        if self.device == CPU or mixed is not None:
            return self._taken(self._pass(batch, mixed))
        shapes = tuple(tensor.shape for tensor in batch.tensors)
        if shapes not in self._recorded:
            self._recorded[shapes] = self._faster(batch)
        recorded = self._recorded[shapes]
        return self._taken(self._pass(batch) if recorded is None else recorded(batch.tensors))

    def _taken(self, numbers: Numbers) -> Taken:
        outputs, total, weight, *gradients = numbers
        return Taken(outputs, total, weight, dict(zip(self._names, gradients, strict=True)))

    def _pass(self, batch: Batch, mixed: Mixed | None = None) -> Numbers:
        """Outputs, losses, weights, and the gradients of the parameters that have one."""
        outputs = self.stack(batch.inputs, batch.masks, batch.rates)
        own = batch.own[0] if batch.own else None
        total, weight = self.loss.total(outputs, batch.targets, mixed=mixed, own=own)
        divisor = weight if own is None else self.loss.divisor(outputs, batch.targets, mixed)
        trained = self.stack.trained
        found: Sequence[Tensor | None] = torch.autograd.grad(
            (total / divisor).sum(), list(trained.values()), allow_unused=True
        )
        named = {name: gradient for name, gradient in zip(trained, found, strict=True) if gradient is not None}
        self._names = tuple(named)
        return (outputs.detach(), total.detach(), weight, *named.values())

    def _faster(self, batch: Batch) -> Recorded | None:
        """A recording of the pass where it can be made and is faster; the buffers are left as they were."""
        with _left_alone(self.stack.buffers):
            try:
                given = tuple(tensor.clone() for tensor in batch.tensors)
                recorded = Recorded(given, *self.record(partial(self._pass, batch.of(given))))
                here, there = (self._seconds(partial(run, batch)) for run in (self._pass, self._replayed(recorded)))
            except RuntimeError as error:  # so says a device what it cannot record
                log.info("a step could not be recorded (%s) and runs as it is written", error)
                return None
        return recorded if there < here else None

    @staticmethod
    def _replayed(recorded: Recorded) -> Callable[[Batch], Numbers]:
        return lambda batch: recorded(batch.tensors)

    def _seconds(self, work: Callable[[], Numbers]) -> float:
        return min(timed(work, self.device) for _ in range(TIMED))


@contextmanager
def _left_alone(buffers: State) -> Iterator[None]:
    """Running statistics move with every pass: put back what trial passes moved."""
    before = {name: tensor.clone() for name, tensor in buffers.items()}
    try:
        yield
    finally:
        for name, tensor in buffers.items():
            tensor.copy_(before[name])
