"""The remedies that a study measures: what each changes, and at which strengths.

The cheap and decisive stand first: a budget that ends early has measured those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.network import Perceptron
from whyfit.evidence.question import Question
from whyfit.evidence.recipe import Recipe
from whyfit.study.augmentations import augmentation_changes
from whyfit.study.learning_curve import curve_family
from whyfit.study.plan import Arm, Family, Rows
from whyfit.study.revisit import keeps_weights

DROPOUT = (0.1, 0.25, 0.5)
"""Rates: 0.5 is Srivastava et al.'s (2014) for hidden units, half and a fifth of it below."""
L2 = (1e-4, 1e-3, 1e-2)
L1 = (1e-5, 1e-4, 1e-3)
DECAY = (1e-2, 1e-1, 1.0)
"""1e-2 is torch's default for AdamW; Loshchilov and Hutter (2019) search around it, up to a hundred times more."""
SMALLER = (0.5, 0.25, 0.0625)
"""Shares of the units of each hidden layer: down to where a network of the usual size must underfit."""
BENDS = (8, 32)
"""Units of the hidden layer that a network without one is given."""
ENSEMBLE = 8
"""Networks in the ensemble: most of the gain has come by eight (Lakshminarayanan et al. 2017 stop at 5 to 15)."""
UNEQUAL = 2.0
"""Class weights are tried where the largest class has at least twice the rows of the smallest."""
LONGER = 3
"""How many times the epochs, and the patience, when training longer is tried."""


def families(data: Dataset, recipe: Recipe, label_preserving: Sequence[str] = ()) -> tuple[Family, ...]:
    """All families that mean something for this data and recipe, the cheap and decisive first.

    `label_preserving` names the flips that somebody declared to leave every row's class as it is.
    """
    found = [_more_data(recipe), *curve_family(data, recipe), *_penalties(recipe), *_sizes(recipe)]
    if isinstance(recipe.network, Perceptron) and recipe.network.hidden:  # hidden units are what is dropped
        found.append(_family("dropout", [(rate, {"dropout": rate}) for rate in DROPOUT], recipe))
    found += [
        _family("augmentation", list(augmentation_changes(data, recipe, label_preserving)), recipe),
        _ensemble(recipe),
        _early_stopping(recipe),
        *_longer(recipe),
        _schedule(recipe),
        *_class_weights(data, recipe),
    ]
    return tuple(kept_where_small(family, data) for family in found if family.candidates)


def kept_where_small(family: Family, data: Dataset) -> Family:
    """The family with its networks kept where they are small: their outputs on disturbed inputs are looked at after."""
    arms = (replace(arm, kept=keeps_weights(arm.recipe, data)) for arm in family.candidates)
    return replace(family, candidates=tuple(arms))


def _family(
    name: str, changes: list[tuple[Any, dict[str, Any]]], recipe: Recipe, question: Question = Question.OVERFITTING
) -> Family:
    arms = tuple(Arm(name, recipe.but(**change), strength) for strength, change in changes)
    return Family(name, question, arms)


def _reverse(name: str, recipe: Recipe, rows: Rows) -> Family:
    return Family(name, Question.OVERFITTING, (Arm(name, recipe, None, rows),), reverse=True)


def _more_data(recipe: Recipe) -> Family:
    """The gain from m/2 to m rows: measured, not extrapolated."""
    return _reverse("more_data", recipe, "half")


def _ensemble(recipe: Recipe) -> Family:
    """The first seeds of each fit are those of the plain arm, so only the rest is trained."""
    arm = Arm("ensemble", recipe, ENSEMBLE, seeds=ENSEMBLE)
    return Family("ensemble", Question.OVERFITTING, (arm,), kind="ensemble")


def _penalties(recipe: Recipe) -> Iterator[Family]:
    yield _family("l2", [(s, {"l2": s}) for s in L2], recipe)
    yield _family("l1", [(s, {"l1": s}) for s in L1], recipe)
    both = [(s2, {"l1": s1, "l2": s2}) for s1, s2 in zip(L1, L2, strict=True)]
    yield _family("l1_l2", both, recipe)
    yield _family("weight_decay", [(s, {"weight_decay": s}) for s in DECAY], recipe)


def _sizes(recipe: Recipe) -> Iterator[Family]:
    """A smaller network against variance, a larger one against bias."""
    if not isinstance(recipe.network, Perceptron):
        return
    hidden, same = recipe.network.hidden, recipe.network.embedding
    if not hidden:  # a linear network: what it cannot bend to is bias
        bent = [(str(units), {"network": Perceptron((units,), same)}) for units in BENDS]
        yield _family("larger_network", bent, recipe)
        return
    smaller = [(share, _scaled(hidden, share)) for share in SMALLER]
    yield _family("smaller_network", [(s, {"network": Perceptron(h, same)}) for s, h in smaller if h != hidden], recipe)
    wider, deeper = _scaled(hidden, 2.0), (*hidden, hidden[-1])
    larger = [("wider", {"network": Perceptron(wider, same)}), ("deeper", {"network": Perceptron(deeper, same)})]
    yield _family("larger_network", larger, recipe)


def _scaled(hidden: tuple[int, ...], share: float) -> tuple[int, ...]:
    return tuple(max(1, round(units * share)) for units in hidden)


def _early_stopping(recipe: Recipe) -> Family:
    """At equal rows: without early stopping the stop rows are training rows too."""
    if recipe.patience is None:
        return _family("early_stopping", [(patience, {"patience": patience}) for patience in (3, 10)], recipe)
    return _reverse("early_stopping", recipe.but(patience=None), "train_and_stop")


def _longer(recipe: Recipe) -> Iterator[Family]:
    patience = None if recipe.patience is None else recipe.patience * LONGER
    yield _family("longer_training", [(LONGER, {"epochs": recipe.epochs * LONGER, "patience": patience})], recipe)


def _schedule(recipe: Recipe) -> Family:
    return _family("schedule", [("cosine with warm-up", {"schedule": "cosine", "warmup": 0.1})], recipe)


def _class_weights(data: Dataset, recipe: Recipe) -> Iterator[Family]:
    if data.task == "classification":
        counts = np.bincount(data.target, minlength=len(data.classes))
        if counts.max() >= UNEQUAL * max(1, counts.min()):
            weighted = _family("class_weights", [("balanced", {"class_weights": "balanced"})], recipe)
            yield replace(weighted, balanced=True)
