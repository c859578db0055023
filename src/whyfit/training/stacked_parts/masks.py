"""Dropout in a cohort: each member's own masks, from its own stream, made before the pass and handed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numba import njit
from torch import Tensor

from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.training.streams import fill_kept, stream_key
from whyfit.training.torch_parts.lone_row import LoneRow
from whyfit.training.torch_parts.randomness import KeyedDropout
from whyfit.training.torch_parts.tensors import sent

NO_KEY = np.uint64(0)

Shape = tuple[int, ...]


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]  # Numba has no types
def fill_masks(keys: AnyArray, layer: int, rates: FloatArray, out: AnyArray) -> None:
    """One layer's mask of every member, (members, units · rows) bool."""
    for m in range(keys.size):
        fill_kept(keys[m], layer, rates[m], out[m])


class Recorded(KeyedDropout):
    """Notes the shape and the rate of every call of dropout, and what it would draw."""

    writes_out = True

    def __init__(self) -> None:
        super().__init__(NO_KEY)
        self.shapes: list[Shape] = []
        self.rates: list[float] = []

    def mask(self, shape: Shape, rate: float, like: Tensor) -> Tensor:
        """Note the call; everything is kept."""
        self.shapes.append(shape)
        self.rates.append(rate)
        self.calls += 1
        return torch.ones(shape, dtype=like.dtype, device=like.device)


class HandedIn(KeyedDropout):
    """Answers dropout with masks that were handed in, call by call: inside `vmap` each is one member's."""

    writes_out = True

    def __init__(self, masks: Sequence[Tensor], rates: Sequence[Tensor]) -> None:
        super().__init__(NO_KEY)
        self._masks, self._rates = masks, rates

    def rate(self, rate: float) -> Any:  # noqa: ARG002  # the member's own takes the place of the module's
        """The rate of the member in hand."""
        return self._rates[self.calls]

    def mask(self, shape: Shape, rate: float, like: Tensor) -> Tensor:  # noqa: ARG002  # the shape is that of the mask
        """The mask of the member in hand."""
        mask = self._masks[self.calls]
        self.calls += 1
        return mask.to(like.dtype)


@dataclass(frozen=True, eq=False)
class Masks:
    """Makes the masks of a cohort.

    Attributes
    ----------
    shapes
        Rows a step → shape of the mask of each call.
    rates
        (calls, members) float64.
    seeds
        Of the members.
    device
        Where the masks are wanted.
    """

    shapes: dict[int, list[Shape]]
    rates: FloatArray
    seeds: tuple[int, ...]
    device: str

    def __bool__(self) -> bool:
        return bool(self.rates.shape[0])

    def at(self, stream: Any, epoch: int, step: int, rows: int) -> list[Tensor]:
        """(members, …) masks of one step, one a call; the same numbers that each member draws alone."""
        keys = np.array([stream_key(seed, stream, epoch, step) for seed in self.seeds], dtype=np.uint64)
        return [self._mask(keys, layer, shape) for layer, shape in enumerate(self.shapes[rows])]

    def kept(self, index: Sequence[int]) -> Masks:
        """Of some of the members."""
        return Masks(self.shapes, self.rates[:, list(index)], tuple(self.seeds[i] for i in index), self.device)

    def rate_tensors(self) -> list[Tensor]:
        """(members,) rates, one tensor a call."""
        return [sent(torch.tensor(row, dtype=torch.float32), self.device) for row in self.rates]

    def _mask(self, keys: AnyArray, layer: int, shape: Shape) -> Tensor:
        rows, units = shape[0], int(np.prod(shape[1:]))
        flat = np.empty((keys.size, units * rows), np.bool_)
        fill_masks(keys, layer, self.rates[layer], flat)
        turned = torch.from_numpy(flat).view(keys.size, units, rows).transpose(1, 2)  # (members, rows, units)
        return sent(turned.reshape(keys.size, *shape), self.device)


def recorded(run: Callable[[], Any]) -> Recorded:
    """The calls of dropout of one pass."""
    mode = Recorded()
    with mode, LoneRow(), torch.no_grad():
        run()
    return mode
