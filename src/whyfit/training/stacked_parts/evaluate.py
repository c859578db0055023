"""Full passes of a cohort in evaluation mode: parts of unequal size are filled up, and what fills up is not counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from whyfit.evidence.types import AnyArray, IntArray
from whyfit.training.device import CPU
from whyfit.training.stacked_parts.losses import CohortLoss, cohort_errors
from whyfit.training.stacked_parts.stack import Stack
from whyfit.training.torch_parts.evaluate import CHUNK_ROWS, CancelledError, Mean, Poll, evaluating
from whyfit.training.torch_parts.rows import Rows

CHUNK_ON_DEVICE = 1 << 17
"""Rows of all members together that an accelerator is given at once: chosen, so that a thousand members get a hundred
rows each; not measured on one."""


@dataclass(frozen=True, eq=False)
class Part:
    """The same part of every member's split.

    Attributes
    ----------
    index
        (members, most rows) row numbers; the first row again where a member has fewer.
    there
        (members, most rows) float32: 1 for a row, 0 for what only fills up.
    sizes
        (members,) rows.
    """

    index: Tensor
    there: Tensor
    sizes: tuple[int, ...]

    @classmethod
    def of(cls, parts: Sequence[IntArray], device: str) -> Part:
        """From each member's row numbers."""
        sizes = tuple(int(part.size) for part in parts)
        index = np.zeros((len(parts), max(sizes)), np.int64)
        there = np.zeros(index.shape, np.float32)
        for m, part in enumerate(parts):
            index[m, : part.size], there[m, : part.size] = part, 1.0
        return cls(torch.from_numpy(index).to(device), torch.from_numpy(there).to(device), sizes)

    def kept(self, places: Sequence[int]) -> Part:
        """Of some of the members."""
        at = torch.tensor(places, device=self.index.device)
        return Part(self.index[at], self.there[at], tuple(self.sizes[i] for i in places))


@dataclass(frozen=True, eq=False)
class Judge:
    """What evaluation needs beside the networks.

    Attributes
    ----------
    rows, loss
        Of the cohort.
    poll
        Whether to stop; asked before each chunk.
    """

    rows: Rows
    loss: CohortLoss
    poll: Poll

    def kept(self, index: Tensor) -> Judge:
        """Of some of the members."""
        return Judge(self.rows.kept(index), self.loss.kept(index), self.poll)

    def means(self, stack: Stack, part: Part) -> list[Mean]:
        """Mean loss and error of each member; NaN for no rows."""
        zeros = torch.zeros(len(part.sizes), dtype=torch.float64, device=part.index.device)
        # Summed there: each look would stop the device.
        total, weight, error, count = zeros.clone(), zeros.clone(), zeros.clone(), zeros
        for index, there, outputs in self._chunks(stack, part):
            targets = self.rows.targets(index)
            own = self.rows.weights_of(index)
            summed, weighed = self.loss.total(outputs, targets, there, own=own)
            total += summed.double()
            weight += weighed.double()
            counted = there if own is None else there * own
            error += (cohort_errors(outputs, targets, index, self.rows, self.loss) * counted).sum(dim=1).double()
            count += counted.double().sum(dim=1)
        return [Mean(a, b) for a, b in zip((total / weight).tolist(), (error / count).tolist(), strict=True)]

    def predictions(self, stack: Stack, part: Part) -> list[AnyArray]:
        """(rows, outputs) of each member: logits in float32, or the target's own units in float64."""
        kind = torch.float32 if self.loss.classes else torch.float64
        chunks = [self.rows.own_units(outputs).to(kind).cpu() for _, _, outputs in self._chunks(stack, part)]
        if not chunks:
            return [np.empty((0, self.loss.classes or self.rows.target.shape[1]), np.float32) for _ in part.sizes]
        outputs = torch.cat(chunks, dim=1).numpy()
        return [np.ascontiguousarray(outputs[m, :size]) for m, size in enumerate(part.sizes)]

    def _chunks(self, stack: Stack, part: Part) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        at_once = CHUNK_ROWS if part.index.device.type == CPU else CHUNK_ON_DEVICE
        size = max(1, at_once // len(part.sizes))
        with evaluating(stack.network.module):
            for start in range(0, part.index.shape[1], size):
                if self.poll():
                    raise CancelledError
                index, there = part.index[:, start : start + size], part.there[:, start : start + size]
                yield index, there, stack(self.rows.features(index))
