"""How the cases measure: recipes against each other on repeated k-fold, and scripts over seeds."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import whyfit
from handbook.case import Case, found_in, stored
from whyfit.data.load import load
from whyfit.study.statistics.corrected import nadeau_bengio
from whyfit.study.statistics.quantiles import critical_value
from whyfit.training.recipe_file import recipe_to_toml

FOLDS, REPEATS = 5, 2
SEEDS = 5
BUDGET = "20n"
"""Of the study that names the fault: in networks, so that two builds agree."""


def by_recipes(question: str, data: Any, faulty: whyfit.Recipe, repaired: whyfit.Recipe) -> Case:
    """What a study says of the faulty recipe; the gain of the repaired one, on the same folds and seeds."""
    reports = {"faulty": studied(data, faulty), "repaired": studied(data, repaired)}
    found, sound = (found_in(report, question) for report in reports.values())
    dataset = load(data)
    splits = whyfit.splits.repeated_kfold(dataset, folds=FOLDS, repeats=REPEATS)
    outcomes = whyfit.train([faulty, repaired], data, splits)
    errors = np.array([outcome.final.score_error for outcome in outcomes]).reshape(2, REPEATS, FOLDS)
    scored, trained = splits[0].score.size, splits[0].train.size
    interval = nadeau_bengio(errors[0] - errors[1], scored=scored, trained=trained).estimate()
    alarms = {one.code for one in found if one.severity in ("warning", "serious")}
    return Case(
        found=found,
        quiet=not alarms & {one.code for one in sound},
        faulty=float(errors[0].mean()),
        repaired=float(errors[1].mean()),
        gain=interval.value,
        low=interval.low,
        high=interval.high,
        metric="error" if dataset.task == "classification" else "squared_error",
        method="nadeau_bengio",
        networks=len(outcomes),
        reports={run: stored(report) for run, report in reports.items()},
    )


def studied(data: Any, recipe: whyfit.Recipe) -> Any:
    """The report of a small study of one recipe."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "recipe.toml"
        file.write_text(recipe_to_toml(recipe), encoding="utf-8")
        return whyfit.checkup(data, recipe=file, budget=BUDGET)


def by_scripts(question: str, train: Callable[..., float]) -> Case:
    """`train(broken, seed)` runs a script and gives its error on held-out rows; both ways share their seeds."""
    reports = {run: watched(partial(train, broken=run == "faulty", seed=0)) for run in ("faulty", "repaired")}
    found, sound = (found_in(report, question) for report in reports.values())
    errors = np.array([[train(broken=broken, seed=seed) for seed in range(SEEDS)] for broken in (True, False)])
    gains = errors[0] - errors[1]
    half = critical_value(0.95, SEEDS - 1) * float(gains.std(ddof=1)) / SEEDS**0.5
    alarms = {one.code for one in found if one.severity in ("warning", "serious")}
    return Case(
        found=found,
        quiet=not alarms & {one.code for one in sound},
        faulty=float(errors[0].mean()),
        repaired=float(errors[1].mean()),
        gain=float(gains.mean()),
        low=float(gains.mean()) - half,
        high=float(gains.mean()) + half,
        metric="error",
        method="seeds",
        networks=2 * SEEDS,
        reports={run: stored(report) for run, report in reports.items()},
    )


def watched(train: Callable[[], float]) -> Any:
    """What `whyfit.watch` says of a script that runs inside it."""
    with whyfit.watch(overhead=0.9) as watch:
        train()
    return watch.report()


def digits(rows: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Scikit-learn's handwritten digits, shuffled once; the first rows of them."""
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(X))[:rows]
    return X[order], y[order]
