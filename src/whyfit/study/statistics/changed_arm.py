"""The variance of an arm in one cut of rows and repeats: of single networks, and of ensembles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.study.statistics.terms import LossTerms


@dataclass(frozen=True, slots=True)
class PlainParts:
    """The parts of plain in one cut."""

    seed: FloatArray
    sample: FloatArray
    whole: FloatArray
    factor: FloatArray
    phi: float


class Networks:
    """An arm of single networks: its variance is plain's factor, at its own φ, times its spread."""

    def __init__(self, terms: LossTerms, outputs: AnyArray, phi: float) -> None:
        self.terms, self.phi, self.outputs = terms, phi, outputs

    @cached_property
    def prepared(self) -> AnyArray:
        """What the terms are made of."""
        return self.terms.prepare(self.outputs)

    def averages(self, cut: IntArray) -> tuple[FloatArray, FloatArray]:
        """(rows,) twice: the spread, and nothing."""
        spread = self.terms.spread_rows(self.prepared[cut])
        return spread, np.zeros_like(spread)

    def variance(self, parts: tuple[FloatArray, FloatArray], plain: PlainParts) -> tuple[FloatArray, FloatArray]:
        """Of the arm, and w."""
        seen = self.terms.seen(plain.seed, plain.sample, plain.phi)
        mine = self.terms.seen(plain.seed, plain.sample, self.phi)
        other = np.divide(seen, mine, out=np.ones_like(seen), where=mine > 0)
        factor = plain.factor * other
        return factor * parts[0], factor


class Ensembles:
    """The mean prediction of M members, where variances add: their sample part, and their seed part over M."""

    def __init__(self, members: int) -> None:
        self.members = members

    def averages(self, cut: IntArray) -> tuple[float, float]:  # noqa: ARG002  # as `Networks`
        """Plain's own parts say it all."""
        return 0.0, 0.0

    def variance(self, parts: tuple[FloatArray, FloatArray], plain: PlainParts) -> tuple[FloatArray, FloatArray]:  # noqa: ARG002
        """Of the ensemble; it has no w."""
        whole = plain.whole - plain.seed * (1.0 - 1.0 / self.members)
        return whole, np.full_like(whole, np.nan)


class Voters:
    """The mean prediction in 0-1 error: its two halves tell seed from sample, as two seeds do.

    The seed part of the whole is that of a half times √(members of a half / members): the square of a disagreement is
    what goes with a variance.
    """

    def __init__(self, terms: LossTerms, halves: AnyArray, share: float, phi: float) -> None:
        self.terms, self.halves, self.share, self.phi = terms, halves, share, phi

    @cached_property
    def prepared(self) -> AnyArray:
        """What the terms are made of."""
        return self.terms.prepare(self.halves)

    def averages(self, cut: IntArray) -> tuple[FloatArray, FloatArray]:
        """(rows,) twice: seed and between part of the halves."""
        return self.terms.seed_rows(self.prepared[cut]).mean(axis=0), self.terms.between_rows(self.prepared[cut])

    def variance(self, parts: tuple[FloatArray, FloatArray], plain: PlainParts) -> tuple[FloatArray, FloatArray]:  # noqa: ARG002
        """Of the ensemble; it has no w."""
        sample, seed = self.terms.assemble(*parts, self.phi)
        half = sample + seed
        whole: FloatArray = np.sqrt(np.maximum(0.0, half**2 - seed**2 * (1.0 - self.share)))
        return whole, np.full_like(whole, np.nan)
