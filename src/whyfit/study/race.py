"""Question 4: each optimiser at its own best learning rate, found by trained networks, chosen inside each fit."""

from __future__ import annotations

import math

import numpy as np

from whyfit.evidence.effects import RaceFacts
from whyfit.evidence.outcome import Outcome
from whyfit.evidence.question import Question
from whyfit.evidence.recipe import Recipe
from whyfit.study.measure import chance_loss, constant_of
from whyfit.study.plan import Arm, Family
from whyfit.study.results import ArmResults
from whyfit.study.speed import steps_to_target
from whyfit.study.statistics.choice import choose, chosen_losses
from whyfit.study.statistics.interval import score_spread
from whyfit.study.statistics.limits import error_estimate
from whyfit.study.statistics.losses import BOUNDED

RACERS = ("sgd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "adam_l2", "adamw", "nadam")
"""Those that the question names; further ones of the catalogue race on request."""
RATES = 5
"""Rates a racer: a logarithmic grid over the sensible range that the catalogue gives."""
BATCHES = (8, 128)
"""Batch sizes beside the recipe's own, for its own optimiser: a quarter and four times the usual 32."""


def racers(recipe: Recipe) -> tuple[Family, ...]:
    """The field: optimisers, then batch sizes."""
    field = [_optimizer(recipe, name) for name in RACERS]
    field += [_batch(recipe, size) for size in BATCHES if size != recipe.batch_size]
    return tuple(field)


def race_facts(family: Family, arms: list[ArmResults], plain: ArmResults) -> RaceFacts:
    """How one racer did."""
    choice = choose(np.stack([arm.stop_losses for arm in arms]))
    folds, loss = plain.fold_of_row[: arms[0].repeats], plain.error_loss
    errors = [arm.mean_loss(loss) for arm in arms]
    centre = float(np.nanmin(errors)) if np.isfinite(errors).any() else None
    losses = chosen_losses(choice, np.stack([arm.row_losses(loss, centre) for arm in arms]), folds)
    baseline = constant_of(plain, loss)
    spread = score_spread(losses, folds, training_rows=plain.training_rows, baseline=baseline, groups=plain.data.groups)
    rates = [float(arm.recipe.learning_rate) for arm in family.candidates]
    good = [_good_share(arm) for arm in arms]
    stable = [rate for rate, share in zip(rates, good, strict=True) if share == 1.0]
    bad = [rate for rate, share in zip(rates, good, strict=True) if share < 1.0 and rate > max(stable, default=0.0)]
    picked = [arms[pick].outcomes[fit] for fit, pick in enumerate(choice.picks.ravel())]
    return RaceFacts(
        name=family.name,
        best_rate=rates[choice.most_often],
        error=error_estimate(spread, bounded=loss in BOUNDED),
        steps_to_target=steps_to_target(picked, plain),
        stable=(min(stable), max(stable)) if stable else None,
        diverged=min(bad) if bad else None,
        rates=tuple(zip(rates, errors, good, strict=True)),
        networks=sum(len(arm.outcomes) for arm in arms),
        seconds=float(sum(arm.seconds * len(arm.outcomes) for arm in arms)),
    )


def _optimizer(recipe: Recipe, name: str) -> Family:
    from whyfit.rules.optimizers import optimizers  # noqa: PLC0415  # the catalogue, only where there is a race

    entry = optimizers[name]
    grid = np.geomspace(*entry.rates, RATES)
    arms = [recipe.but(optimizer=name, settings=(), learning_rate=_short(rate)) for rate in grid]
    return Family(name, Question.OPTIMIZERS, tuple(Arm(name, r, r.learning_rate) for r in arms), kind="race")


def _batch(recipe: Recipe, size: int) -> Family:
    """At the rate of the recipe, and scaled by the batch and by its root, as the two rules of thumb have it."""
    name, scale = f"batch_{size}", size / (recipe.batch_size or size)
    rates = sorted({_short(recipe.learning_rate * factor) for factor in (1.0, math.sqrt(scale), scale)})
    arms = [recipe.but(batch_size=size, learning_rate=rate) for rate in rates]
    return Family(name, Question.OPTIMIZERS, tuple(Arm(name, r, r.learning_rate) for r in arms), kind="race")


def _short(rate: float) -> float:
    """Two significant digits: what a person would type."""
    return float(f"{rate:.2g}")


def _good_share(arm: ArmResults) -> float:
    """Share of the fits that stayed finite and ended better than the best constant output."""
    pairs = zip(arm.members, arm.outcomes, strict=True)
    return float(np.mean([_good(o, chance_loss(arm.data, m.split.train)) for m, o in pairs]))


def _good(outcome: Outcome, chance: float) -> bool:
    return outcome.status == "done" and outcome.final.train_loss < chance
