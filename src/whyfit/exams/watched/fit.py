"""How well the watched network came to fit: its loss curve against the best constant answer."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from whyfit.evidence.observation import Head, Observation, Point

ENDS = 0.15
"""The part of the curve, at each end, whose median stands for that end: one batch is noise."""
LEARNED = 0.8
"""Of the loss of the best constant answer: what lies above has learned little of what there is to learn. Chosen."""
CHANCE = 0.97
"""Of the same: what lies above has learned nothing that a batch's noise would not hide. Chosen."""
AT_START, AT_END = 3, 8
"""Batches whose median stands for an end, where few were read: at the start the loss may fall fast."""
SHARE = 0.2
"""Of the steps and the losses: from here on an optimiser or a line of the script counts as one of several. Chosen."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The loss of the watched run.

    Attributes
    ----------
    first, last, best
        Medians of the two ends, and the lowest mean of any stretch of such a length.
    chance
        The loss of the best constant answer, from the targets that passed; NaN where they could not be read.
    zero
        For squared error, the loss of answering zero: the second moment of the target.
    points
        Values on the curve.
    unknown
        Whether no loss could be followed at all: then nothing is said against the fit.
    roughness
        Interquartile range of the last third, over its median.
    """

    first: float = math.nan
    last: float = math.nan
    best: float = math.nan
    chance: float = math.nan
    zero: float = math.nan
    points: int = 0
    roughness: float = math.nan
    falling: float = math.nan
    highest_late: float = math.nan
    unknown: bool = False

    @property
    def learned(self) -> bool:
        """Whether the loss came clearly under that of the best constant answer, or fell where that is not known."""
        if not math.isfinite(self.last):
            return self.unknown
        if math.isfinite(self.chance):
            return self.last < LEARNED * self.chance
        return self.last < LEARNED * self.first if self.first > 0 else True

    @property
    def at_chance(self) -> bool:
        """Whether the loss ended where a constant answer would be, or above."""
        if not math.isfinite(self.last):
            return not self.unknown
        if math.isfinite(self.chance):
            return self.last > CHANCE * self.chance
        return self.last >= CHANCE * self.first > 0

    @property
    def rose(self) -> bool:
        """Whether the loss ended clearly above where it began."""
        return (
            not self.unknown
            and math.isfinite(self.first)
            and (not math.isfinite(self.last) or self.last > 1.3 * abs(self.first))
        )


def fit_of(seen: Observation) -> Fit:
    """The fit of the loss that was followed most often."""
    points = main_curve(seen)
    chance, zero = chance_loss(seen)
    if not points:
        return Fit(chance=chance, zero=zero, unknown=seen.bad is None)
    if contested(seen):
        return Fit(points=sum(point.count for point in points), unknown=True)
    means = [point.mean for point in points]
    length = max(1, int(ENDS * len(means)))
    windows = [median(means[i : i + length]) for i in range(0, len(means) - length + 1, max(1, length // 2))]
    late = sorted(means[-max(3, len(means) // 3) :])
    middle = median(late)
    spread = late[(3 * len(late)) // 4] - late[len(late) // 4]
    before = windows[-1 - max(1, len(windows) // 4)] if len(windows) > 2 else means[0]
    return Fit(
        first=median(means[: min(3, length)]),
        last=median(means[-length:]),
        best=min(windows),
        chance=chance,
        zero=zero,
        points=sum(point.count for point in points),
        roughness=spread / abs(middle) if middle else math.inf,
        falling=1 - windows[-1] / before if before else 0.0,
        highest_late=max(point.high for point in points[-max(3, len(points) // 3) :]),
    )


def contested(seen: Observation) -> bool:
    """Whether several optimisers follow losses of their own, as adversaries do: one may fall where the other rises."""
    counts = [sum(point.count for point in points) for points in seen.curves.values()]
    losses = [count for count in counts if count >= SHARE * max(seen.backwards, 1)]
    return not one_player(seen) and len(losses) > 1


def one_player(seen: Observation) -> bool:
    """Whether at most one optimiser takes a fair part of the steps."""
    return sum(owner.steps >= SHARE * max(seen.steps, 1) for owner in seen.optimizers) <= 1


def main_curve(seen: Observation) -> tuple[Point, ...]:
    """The curve with the most values, without the stretches that are not finite."""
    curves = sorted(seen.curves.values(), key=lambda points: sum(point.count for point in points), reverse=True)
    return tuple(point for point in curves[0] if math.isfinite(point.mean)) if curves else ()


def heads(seen: Observation) -> tuple[Head, ...]:
    """The heads that were read, in order of time."""
    return tuple(look.head for look in seen.looks if look.head is not None)


def main_heads(seen: Observation) -> tuple[Head, ...]:
    """The heads of the loss that was met most often: a script may have several."""
    every = heads(seen)
    if not every:
        return ()
    (kind, _), *_ = Counter((head.loss, head.chain) for head in every).most_common(1)
    return tuple(head for head in every if (head.loss, head.chain) == kind)


def chance_loss(seen: Observation) -> tuple[float, float]:
    """The loss of the best constant answer, and for squared error that of answering zero."""
    known = main_heads(seen)
    return _chance_of(known) if all(head.plain for head in known) else (math.nan, math.nan)  # else the scales differ


def plain_chance(seen: Observation) -> float:
    """That of the known loss itself, whatever is added to it."""
    return _chance_of(main_heads(seen))[0]


def _chance_of(known: Sequence[Head]) -> tuple[float, float]:
    kind = known[0].loss if known else ""
    if kind == "nll":
        return _entropy(known), math.nan
    if kind in ("bce", "bce_logits") and not any(head.target_row_high > 1 for head in known):
        share = sum(head.target_mean for head in known) / len(known)
        return _binary_entropy(share), math.nan
    if kind in ("bce", "bce_logits"):  # of small batches a little low: shares in them scatter
        return fmean(head.column_entropy for head in known), math.nan
    if kind == "mse":
        spread = spread_of(known)
        return spread, spread + fmean(head.target_mean for head in known) ** 2
    return _of_own(known), math.nan


def _of_own(known: Sequence[Head]) -> float:
    """Of a cross-entropy that was written out, at most: the logarithm of how many answers there are."""
    head = known[0] if known else None
    if head is None or head.loss != "own" or "Log" not in head.chain or head.last not in ("sigmoid", "softmax"):
        return math.nan
    answers = head.output[-1] if head.last == "softmax" and head.output else 2
    return math.log(answers) if len(head.output) == 2 and (head.last == "softmax" or head.output[-1] == 1) else math.nan


def spread_of(known: Sequence[Head]) -> float:
    """The variance of all targets that were read."""
    middle = fmean(head.target_mean for head in known)
    return fmean(head.target_std**2 + (head.target_mean - middle) ** 2 for head in known)


def values_at_ends(seen: Observation) -> tuple[float, float]:
    """The known loss itself, without what is added to it: medians of its first and of its last batches."""
    values = [head.value for head in main_heads(seen) if head.value is not None and math.isfinite(head.value)]
    return (median(values[:AT_START]), median(values[-AT_END:])) if len(values) > AT_START else (math.nan, math.nan)


def _entropy(known: Sequence[Head]) -> float:
    total: Counter[int] = Counter()
    for head in known:
        total.update(dict(zip(head.classes, head.counts, strict=True)))
    rows = total.total()
    return -sum(n / rows * math.log(n / rows) for n in total.values()) if rows else math.nan


def _binary_entropy(share: float) -> float:
    if not 0 < share < 1:
        return math.nan
    return -(share * math.log(share) + (1 - share) * math.log(1 - share))
