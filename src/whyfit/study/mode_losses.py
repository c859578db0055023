"""What training mode does to the loss of networks that are kept: the same training rows in both modes.

    mode = L(training rows, training mode) − L(training rows, evaluation mode)

Dropout thins the network and batch norm takes the batch's own statistics while it trains; what a training loop prints
is the first term, what the network is used as is the second. Only recipes with dropout or batch norm are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from whyfit.evidence.effects import ModeFacts
from whyfit.evidence.recipe import Recipe
from whyfit.study.results import ArmResults
from whyfit.study.revisit import MOST_FITS, training_mode_loss
from whyfit.study.track import Track

SAME = 1e-5
"""Relative: two sums of the same float32 losses in another order differ by about a tenth of it."""
Results = Sequence[tuple[Track, Sequence[ArmResults]]]


def mode_facts(tracks: Results, plain: ArmResults) -> tuple[ModeFacts, ...]:
    """The plain arm, and the candidates that have another dropout or batch norm; none without torch."""
    own = _modal(plain.arm.recipe)
    others = (arm for _, arms in tracks for arm in arms if _modal(arm.arm.recipe) != own)
    return tuple(facts for arm in (plain, *others) if has_modes(arm.arm.recipe) for facts in _facts(arm))


def has_modes(recipe: Recipe) -> bool:
    """Whether its network may do different things in its two modes; of a user's own network it is not known.

    Examples
    --------
    >>> has_modes(Recipe()), has_modes(Recipe(dropout=0.5))
    (False, True)
    """
    return _modal(recipe) != (0.0, "none")


def _modal(recipe: Recipe) -> tuple[float | str, str]:
    return recipe.dropout, recipe.batch_norm


def _facts(arm: ArmResults) -> Iterator[ModeFacts]:
    """Of the first fits whose weights were kept."""
    pairs = zip(arm.members, arm.outcomes, strict=True)
    kept = [(one, outcome) for one, outcome in pairs if outcome.weights is not None and outcome.status == "done"]
    known = [
        (training, outcome.final.train_loss, outcome.final.score_loss)
        for member, outcome in kept[:MOST_FITS]
        if (training := training_mode_loss(member, outcome, arm.data)) is not None
    ]
    training, evaluation, unseen = np.mean(known, axis=0).tolist() if known else [np.nan] * 3
    differ = abs(training - evaluation) > SAME * max(abs(training), abs(evaluation))
    if differ and np.isfinite([training, evaluation, unseen]).all():
        yield ModeFacts(
            name=arm.arm.name,
            strength=arm.arm.strength,
            training=training,
            evaluation=evaluation,
            unseen=unseen,
            fits=len(known),
        )
