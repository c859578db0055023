"""Fingerprints of rows: 64 bits from at most 64 entries of each, and samples of them that memory can hold.

    print(x) = mix( Σ_j c_j · bits(x_{p_j})  mod 2⁶⁴ ),      p_j = ⌊(2j + 1)·n / 128⌋ for rows of n > 64 entries

with odd constants c_j: a multilinear hash (Lemire and Kaser 2014) and the finisher of SplitMix64. Two rows that differ
in an entry that is looked at have one print with probability 2⁻⁶³ or so; rows that differ only elsewhere are taken for
equal.

A sample keeps the prints whose last b bits are zero: a share of 2⁻ᵇ of all distinct rows, whichever they are and
however often they come. b grows when the sample is full, so a billion rows take the memory of a hundred thousand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

MOST_ENTRIES = 64
"""Of a row that are looked at. Measured, µs a batch: 32 images of 3×224×224 whole 31,000; 64 entries of each 26, or 120
where the images are not in the cache; 32 rows of 64 numbers 9."""

MOST_KEPT = 1 << 16
"""Prints kept in one sample: some 6 MB."""

Prints: TypeAlias = npt.NDArray[np.uint64]


@lru_cache(maxsize=64)
def _constants(entries: int) -> Prints:
    """Odd multipliers, the same in every process."""
    return np.random.default_rng(20_005).integers(0, 1 << 63, size=entries, dtype=np.uint64) * 2 + 1


@lru_cache(maxsize=64)
def _places(entries: int) -> npt.NDArray[np.int64]:
    """Evenly spread, so that no border of an image is met by all of them."""
    return (2 * np.arange(MOST_ENTRIES) + 1) * entries // (2 * MOST_ENTRIES)


def prints_of(tensor: Any) -> Prints | None:
    """(rows,) prints of a tensor or array along its first axis; None for what lies on a device or holds no rows.

    Examples
    --------
    >>> import torch
    >>> x = torch.arange(6.0).reshape(3, 2)
    >>> prints = prints_of(x[[0, 1, 0]])
    >>> bool(prints[0] == prints[2]), bool(prints[0] == prints[1])
    (True, False)
    """
    values = _values(tensor)
    if values is None or values.ndim == 0 or values.size == 0:
        return None
    flat = values.reshape(values.shape[0], -1)
    if flat.shape[1] > MOST_ENTRIES:
        flat = flat[:, _places(flat.shape[1])]
    bits = _bits(flat)
    mixed = bits @ _constants(bits.shape[1])  # wraps around at 2⁶⁴
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    prints: Prints = mixed ^ (mixed >> np.uint64(27))
    return prints


FINE_ROWS, MOST_ROWS, DISTINCT, FINE_COLUMNS = 8, 64, 0.8, 2
"""Rows that are compared, part of them that differ in a column, and columns of that kind: where two columns hardly ever
repeat a value, equal rows are copies. Chosen."""


def are_fine(tensor: Any) -> bool | None:
    """Whether rows have so many different values that equal ones cannot be chance; None where too few rows tell.

    Examples
    --------
    >>> import torch
    >>> are_fine(torch.rand(20, 3)), are_fine(torch.randint(0, 5, (20, 3)).float()), are_fine(torch.rand(4, 3))
    (True, False, None)
    """
    values = _values(tensor)
    if values is None or values.ndim < 2 or values.shape[0] < FINE_ROWS:
        return None
    if values.dtype.kind != "f":
        return False
    flat = values[:MOST_ROWS].reshape(min(len(values), MOST_ROWS), -1)
    if flat.shape[1] > MOST_ENTRIES:
        flat = flat[:, _places(flat.shape[1])]
    flat = np.unique(flat, axis=0)
    if len(flat) < FINE_ROWS:
        return None
    distinct = [len(np.unique(column)) for column in flat.T]
    return sum(number >= DISTINCT * len(flat) for number in distinct) >= FINE_COLUMNS


def _values(tensor: Any) -> np.ndarray | None:
    if isinstance(tensor, np.ndarray):
        return tensor if tensor.dtype.kind in "fiub" else None
    if not hasattr(tensor, "detach") or not tensor.is_cpu or tensor.is_sparse or tensor.is_complex():
        return None
    tensor = tensor.detach()
    if tensor.dtype.is_floating_point and tensor.element_size() < 4:  # numpy has no bfloat16
        tensor = tensor.float()
    values: np.ndarray = tensor.numpy()
    return values


def _bits(values: np.ndarray) -> Prints:
    """Numbers as whole ones; 0.0 and −0.0 are one."""
    if values.dtype.kind == "f":
        whole = values.astype(np.float32) if values.dtype.itemsize < 4 else values + values.dtype.type(0.0)
        return whole.view(np.uint32 if values.dtype.itemsize == 4 else np.uint64).astype(np.uint64)
    return values.astype(np.uint64)


@dataclass(slots=True)
class Sample:
    """Distinct prints whose last `bits` bits are zero.

    Examples
    --------
    >>> sample = Sample(most=100)
    >>> _ = sample.add(np.arange(1000, dtype=np.uint64))
    >>> sample.bits, len(sample.kept), sample.share
    (4, 63, 0.0625)
    """

    kept: set[int] = field(default_factory=set)
    bits: int = 0
    most: int = MOST_KEPT

    @property
    def share(self) -> float:
        """The share of all distinct rows that the sample holds."""
        return 0.5**self.bits

    def of(self, prints: Prints) -> list[int]:
        """Those of some prints that belong in the sample."""
        chosen: list[int] = (prints[prints & np.uint64((1 << self.bits) - 1) == 0] if self.bits else prints).tolist()
        return chosen

    def add(self, prints: Prints) -> tuple[int, int]:
        """Keep what belongs in the sample: how many rows did, and how many of them were known or came twice."""
        chosen = self.of(prints)
        before = len(self.kept)
        self.kept.update(chosen)
        again = len(chosen) - (len(self.kept) - before)
        while len(self.kept) > self.most:
            self.bits += 1
            mask = (1 << self.bits) - 1
            self.kept = {one for one in self.kept if not one & mask}
        return len(chosen), again

    def known(self, prints: Prints) -> tuple[int, int]:
        """How many of some rows belong in the sample, and how many of them it holds."""
        chosen = self.of(prints)
        return len(chosen), sum(one in self.kept for one in chosen)
