"""The combined recipe: what was shown to help, together, as one more arm in one more round.

Which remedies go in is decided by their verdicts; how many of them are taken (the best two, the best three, …, all) is
chosen inside each fit on its stop rows, as strengths are. It is judged by itself and not with the remedies: it exists
only where Hommel's rule has rejected for two of them, so under no effect at all it is claimed no more often than they.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

from whyfit.evidence.question import Question
from whyfit.evidence.recipe import Recipe
from whyfit.study.plan import Arm, Family
from whyfit.study.statistics.losses import Loss
from whyfit.study.track import Track

COMBINED = "combined"
LEAST_PARTS = 2
MOST_CANDIDATES = 4
"""The best two to the best five: more of them would each be a twist on the same recipe (chosen)."""
ALTERNATIVES = (("l1", "l2", "weight_decay"), ("dropout",), ("network",))
"""Fields that do one thing in several ways: of remedies that set one of the same group, the better one is taken."""
UNITS = ("loss", "label_smoothing", "class_weights")
"""Fields that change what the loss on the stop rows is measured in: arms that differ in them cannot be chosen by it."""


def combined_family(tracks: Sequence[Track], plain: Recipe, loss: Loss, kept: bool) -> Family | None:  # noqa: FBT001  # one place calls it
    """The family of combinations of what helps; None where fewer than two remedies that go together do.

    Parameters
    ----------
    loss
        The one that verdicts are taken in.
    kept
        Whether its networks leave their weights.
    """
    changes = list(_going_together(_helping(tracks, plain, loss)))
    if len(changes) < LEAST_PARTS:
        return None
    counts = range(LEAST_PARTS, len(changes) + 1)[:MOST_CANDIDATES]
    arms = [Arm(COMBINED, plain.but(**_merged(changes[:count])), count, kept=kept) for count in counts]
    return Family(COMBINED, Question.OVERFITTING, tuple(arms), kind="combined")


def comparable(recipe: Recipe, plain: Recipe) -> bool:
    """Whether losses on the stop rows of both are in the same units."""
    return not set(UNITS) & set(recipe.differences(plain))


def may_be_recommended(family: Family) -> bool:
    """Whether its candidates are recipes on the training rows of plain: no ensemble, no other rows.

    Examples
    --------
    >>> may_be_recommended(Family("l2", Question.OVERFITTING, ()))
    True
    """
    return family.kind not in ("ensemble", "curve") and not family.reverse


def _helping(tracks: Sequence[Track], plain: Recipe, loss: Loss) -> list[dict[str, Any]]:
    """What each remedy that helps changes, the largest gain first; only what a recipe can say."""
    found = []
    for track in tracks:
        verdict = track.verdict.get(loss)
        if verdict is None or verdict.verdict != "helps" or track.family.kind != "recipe" or track.family.reverse:
            continue
        assert track.choice is not None
        arm = track.family.candidates[track.choice.most_often]
        if comparable(arm.recipe, plain):
            found.append((verdict.gain.value, arm.recipe.differences(plain)))
    return [change for _, change in sorted(found, key=lambda pair: -pair[0])]


def _going_together(changes: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each change that sets nothing that a better one before it has set."""
    taken: set[str] = set()
    for change in changes:
        touched = {name for field in change for name in _group(field)}
        if change and not taken & touched:
            taken |= touched
            yield change


def _group(field: str) -> tuple[str, ...]:
    return next((group for group in ALTERNATIVES if field in group), (field,))


def _merged(changes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for change in changes:
        merged |= change
    assert set(merged) <= {field.name for field in fields(Recipe)}
    return merged
