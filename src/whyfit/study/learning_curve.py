"""The learning curve: the error at an eighth, a quarter, half and all of the training rows, and the law beyond them.

Half the rows are those of the remedy "more data"; the smaller shares are trained for the curve alone, on rows nested in
each other and with the same scored rows. What lies beyond all rows is a projection (`statistics.power_law`): it has no
verdict, and nothing is prescribed by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from whyfit.data.division import STOP_SHARE
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.effects import LearningCurveFacts, SizeError
from whyfit.evidence.question import Question
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.types import FloatArray, IntArray
from whyfit.study.measure import METRICS, constant_of
from whyfit.study.plan import FOLDS, PARTS, Arm, Family, Rows
from whyfit.study.results import ArmResults
from whyfit.study.statistics.interval import score_spread
from whyfit.study.statistics.limits import error_estimate
from whyfit.study.statistics.losses import BOUNDED
from whyfit.study.statistics.power_law import LEAST_SIZES, fitted, projected
from whyfit.study.track import Track

CURVE = "learning_curve"
SHARES: tuple[Rows, ...] = ("quarter", "eighth")
LEAST_ROWS = 20
"""Rows that a network of the curve is trained on, at least: with fewer, batches and classes are gone (chosen)."""
ROWS_A_CLASS = 4
"""And at least so many times the classes (chosen)."""
BEYOND = (2, 4)
"""How many times the rows the law is asked about: further off it says nothing that could be relied on (chosen)."""
LEAST_REPEATS = 2

Results = Sequence[tuple[Track, Sequence[ArmResults]]]


def curve_family(data: Dataset, recipe: Recipe) -> Iterator[Family]:
    """A quarter and an eighth of the rows, as far as they are enough to train on."""
    trained = data.rows * (1 - 1 / FOLDS) * (1 - STOP_SHARE)
    least = max(LEAST_ROWS, ROWS_A_CLASS * len(data.classes))
    arms = [
        Arm(CURVE, recipe, 1 / PARTS[part], part) for part in ("quarter", "eighth") if trained / PARTS[part] >= least
    ]
    if arms:
        yield Family(CURVE, Question.OVERFITTING, tuple(arms), kind="curve")


def learning_curve(tracks: Results, plain: ArmResults) -> LearningCurveFacts | None:
    """The measured sizes, small to large, and what the law through them says; None with fewer than two sizes."""
    parts = [
        (track.repeats, arm) for track, arms in tracks for arm in arms if arm.arm.rows in PARTS and _same(arm, plain)
    ]
    repeats = min([plain.repeats, *(repeats for repeats, _ in parts)])
    if not parts or repeats < LEAST_REPEATS:
        return None
    arms = [*sorted((arm for _, arm in parts), key=lambda arm: arm.training_rows), plain]
    rows, by_fit = np.array([arm.training_rows for arm in arms]), _by_fit(arms, repeats)
    points = tuple(_point(arm, plain, repeats) for arm in arms)
    why = "too_few_sizes" if len(arms) < LEAST_SIZES else None if np.isfinite(by_fit).all() else "diverged"
    if why is not None:
        return LearningCurveFacts(METRICS[plain.error_loss], points, why_none=why)
    law = fitted(rows, by_fit)
    return LearningCurveFacts(
        METRICS[plain.error_loss],
        points,
        floor=law.floor,
        scale=law.scale,
        exponent=law.exponent,
        projection=tuple(_beyond(rows, by_fit, times, plain) for times in BEYOND),
    )


def _same(arm: ArmResults, plain: ArmResults) -> bool:
    return arm.arm.recipe == plain.arm.recipe


def _by_fit(arms: Sequence[ArmResults], repeats: int) -> FloatArray:
    """(repeats, folds, sizes)."""
    return np.stack([arm.by_fit("score_error")[:repeats] for arm in arms], axis=-1)


def _point(arm: ArmResults, plain: ArmResults, repeats: int) -> SizeError:
    """One size, by its first seed as the smaller shares have one, with the interval of a score."""
    loss = plain.error_loss
    spread = score_spread(
        arm.row_losses(loss)[:repeats, :1],
        plain.fold_of_row[:repeats],
        training_rows=arm.training_rows,
        baseline=constant_of(plain, loss),
        groups=plain.data.groups,
    )
    return SizeError(arm.training_rows, error_estimate(spread, bounded=loss in BOUNDED))


def _beyond(
    rows: IntArray,
    by_fit: FloatArray,
    times: int,
    plain: ArmResults,
) -> SizeError:
    most, scored = int(rows[-1]), plain.data.rows / plain.folds
    seen = projected(rows, by_fit, times * most, scored=scored, trained=most).estimate()
    return SizeError(times * most, seen if seen.low is None else replace(seen, low=max(0.0, seen.low)))
