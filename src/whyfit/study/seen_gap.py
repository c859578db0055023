"""The gap between validation and training as a training loop shows it, taken apart.

    seen = L_stop(kept) − (L_printed + penalty)
         = [L_stop(kept) − L_train(kept)]                              rows: easier or harder ones
         + [L_train(kept) − L_train(kept, training mode)]              mode: dropout, batch norm
         + [L_train(kept, training mode) − L_printed]                  average over the epoch against its end
         − penalty

L_printed is the mean of the batches of the kept epoch, as they passed. Without dropout and batch norm the second part
is 0, and nothing is looked at again; with them it is measured on the networks that were kept.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from whyfit.evidence.estimate import Estimate
from whyfit.evidence.evidence import SeenGapFacts
from whyfit.evidence.member import Member
from whyfit.evidence.outcome import Outcome
from whyfit.evidence.recipe import Recipe
from whyfit.study.results import ArmResults
from whyfit.study.revisit import training_mode_loss
from whyfit.study.statistics.corrected import nadeau_bengio


class _Parts(NamedTuple):
    """Of one fit."""

    penalty: float
    average: float
    mode: float
    rows: float

    @property
    def seen(self) -> float:
        """What a loop shows."""
        return self.rows + self.mode + self.average - self.penalty


def seen_gap(results: ArmResults) -> SeenGapFacts | None:
    """The seen gap of an arm over its complete repeats; None where no repeat tells all of its parts."""
    if results.data.time is not None or results.once is not None:
        return None
    table = [known for repeat in range(results.repeats) if (known := _of_repeat(results, repeat))]
    if not table:
        return None
    means = _Parts(*np.mean([parts for repeat in table for parts in repeat], axis=0).tolist())
    return SeenGapFacts(
        seen=_interval(table, results),
        penalty=means.penalty,
        average=means.average,
        mode=means.mode,
        rows=means.rows,
        augmented=results.arm.recipe.augmentation != "none",
        fits=sum(len(repeat) for repeat in table),
    )


def _interval(table: list[list[_Parts]], results: ArmResults) -> Estimate:
    """Nadeau and Bengio's: a gap is no mean over rows."""
    values = np.array([[parts.seen for parts in repeat] for repeat in table])  # (repeats, folds)
    scored = results.data.rows / results.folds
    return nadeau_bengio(values, scored=scored, trained=results.training_rows, rows=results.data.rows).estimate()


def _of_repeat(results: ArmResults, repeat: int) -> list[_Parts]:
    """The parts of the first network of each fold; empty where one of them is not known."""
    size = results.folds * results.arm.seeds
    first = range(repeat * size, (repeat + 1) * size, results.arm.seeds)
    parts = [_of_fit(results.members[index], results.outcomes[index], results) for index in first]
    known = [one for one in parts if one is not None]
    return known if len(known) == len(parts) else []


def _of_fit(member: Member, outcome: Outcome, results: ArmResults) -> _Parts | None:
    final = outcome.final
    if outcome.status != "done" or not outcome.best_epoch or math.isnan(final.stop_loss):
        return None
    printed = float(outcome.curves.train_loss[outcome.best_epoch - 1])
    training = (
        final.train_loss if _same_in_both_modes(member.recipe) else training_mode_loss(member, outcome, results.data)
    )
    penalty = _penalty(member.recipe, outcome)
    if training is None or penalty is None:
        return None
    return _Parts(penalty, training - printed, final.train_loss - training, final.stop_loss - final.train_loss)


def _same_in_both_modes(recipe: Recipe) -> bool:
    """Whether nothing in the network depends on its mode; of a user's network it is not known."""
    return recipe.dropout == 0.0 and recipe.batch_norm == "none"


def _penalty(recipe: Recipe, outcome: Outcome) -> float | None:
    """l1·Σ|w| + l2/2·Σw², whose gradient the penalties are; decoupled decay is in no loss."""
    from whyfit.rules.optimizers.decay import decay_of  # noqa: PLC0415  # the catalogue

    decay = decay_of(recipe)
    if not decay.l1 and not decay.l2:
        return 0.0
    if outcome.weights is None:
        return None
    from safetensors.numpy import load  # noqa: PLC0415  # only where weights were kept

    decayed = [w.astype(np.float64) for name, w in load(outcome.weights).items() if _is_decayed(name, w.ndim, recipe)]
    return float(sum(decay.l1 * np.abs(w).sum() + decay.l2 / 2 * (w**2).sum() for w in decayed))


def _is_decayed(name: str, dimensions: int, recipe: Recipe) -> bool:
    """Weights have two dimensions or more; running statistics of a norm are no parameters."""
    running = name.endswith(("running_mean", "running_var", "num_batches_tracked"))
    return dimensions >= 2 or (recipe.decay_biases and not running)
