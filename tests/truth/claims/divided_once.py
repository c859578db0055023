"""Coverage and width where the rows are divided once: a hold-out, unshuffled folds, and overlapping splits.

A hold-out's interval is of the networks in hand: its truth is their risk on fresh rows, in each study anew. Folds and
overlapping splits estimate the risk at m training rows, which is brute-forced over fresh training samples.
"""

from typing import Any

import numpy as np

from truth.evidence import Result, Rule, at_least, at_most, between
from truth.features import PENALTY, UNITS, outputs_of
from truth.runner import Claim
from truth.worlds import World
from whyfit.evidence.estimate import Estimate
from whyfit.study.statistics.blocks import holdout_estimate
from whyfit.study.statistics.corrected import nadeau_bengio
from whyfit.study.statistics.limits import error_estimate

SIZES, TASKS = (100, 300, 1000, 5000), ("regression", "binary")
STUDIES, STUDIES_A_CHUNK = 400, 50
SAMPLES, SAMPLES_A_CHUNK = 1000, 100
FRESH_ROWS = 4000
NETWORKS = 4
"""On each split: two repeats of two seeds, as `checkup` trains them where a division cannot be repeated."""
FOLDS, SCORED = 5, 0.15
PLAIN = {"plain": (UNITS, PENALTY)}
LEAST_CELL, MEAN_LOW, MEAN_HIGH, WIDEST, WIDEST_ONCE = 0.91, 0.93, 0.985, 1.5, 3.2
"""Those of all intervals; Nadeau and Bengio's over five values has t(4) and is simulated at 2.8 oracles."""

LABELS = [f"{task}-{rows}" for task in TASKS for rows in SIZES]


def run(label: str, index: int) -> dict[str, list]:
    """One chunk: of truth, or of studies."""
    truth, (task, size) = label.startswith("truth"), label.removeprefix("truth-").split("-")
    noise = np.random.default_rng([7, SIZES.index(int(size)), TASKS.index(task), truth, index])
    one, count = (_truth, SAMPLES_A_CHUNK) if truth else (_study, STUDIES_A_CHUNK)
    rows = [one(World(task), int(size), noise) for _ in range(count)]
    return {name: [row[name] for row in rows] for name in rows[0]}


def _outputs(world: World, data: tuple, train: np.ndarray, asked: np.ndarray, noise: np.random.Generator) -> np.ndarray:
    """(networks, asked rows)."""
    x, target = data
    return np.stack(
        [outputs_of(x[train], target[train], asked, int(noise.integers(2**62)), PLAIN)[0] for _ in range(NETWORKS)]
    )


def _truth(world: World, rows: int, noise: np.random.Generator) -> dict[str, float]:
    """The risk of one network on one fresh training sample of m rows."""
    x, target = world.draw(rows * (FOLDS - 1) // FOLDS, noise)
    fresh, _ = world.draw(FRESH_ROWS, noise)
    outputs = outputs_of(x, target, fresh, int(noise.integers(2**62)), PLAIN)[0]
    return {"risk": float(world.risk(outputs, fresh).mean())}


def _study(world: World, rows: int, noise: np.random.Generator) -> dict[str, list[float]]:
    data = world.draw(rows, noise)
    order = noise.permutation(rows)
    folds = [np.sort(fold) for fold in np.array_split(order, FOLDS)]
    loose = [noise.permutation(rows)[: rows // FOLDS] for _ in range(FOLDS)]
    return {
        "holdout": _holdout(world, data, order, noise),
        "fixed": _numbers(_of_splits(world, data, folds, noise)),
        "loose": _numbers(_of_splits(world, data, loose, noise)),
    }


def _holdout(world: World, data: tuple, order: np.ndarray, noise: np.random.Generator) -> list[float]:
    """Value, low, high and the risk of these very networks."""
    rows = order.size
    scored, train = order[: round(SCORED * rows)], order[round(2 * SCORED * rows) :]
    fresh, _ = world.draw(FRESH_ROWS, noise)
    outputs = _outputs(world, data, train, np.concatenate([data[0][scored], fresh]), noise)
    losses = world.loss(outputs[:, : scored.size], data[1][scored])
    found = holdout_estimate(losses, training_rows=train.size, zero_one=world.task == "binary")
    return [*_numbers(found), float(world.risk(outputs[:, scored.size :], fresh).mean())]


def _of_splits(world: World, data: tuple, scored: list[np.ndarray], noise: np.random.Generator) -> Estimate:
    rows, means = data[1].size, []
    for part in scored:
        train = np.setdiff1d(np.arange(rows), part)
        means.append(world.loss(_outputs(world, data, train, data[0][part], noise), data[1][part]).mean())
    trained = rows - max(part.size for part in scored)
    spread = nadeau_bengio(np.array(means), scored=rows / FOLDS, trained=trained, rows=rows)
    return error_estimate(spread, bounded=world.task == "binary")


def _numbers(found: Estimate) -> list[float]:
    assert found.low is not None
    assert found.high is not None
    return [found.value, found.low, found.high]


def sum_up(values: dict[str, list[dict[str, list]]]) -> Result:
    """Coverage and width of every cell."""
    cells: dict[str, dict[str, float]] = {}
    for label in LABELS:
        truth = np.concatenate([chunk["risk"] for chunk in values[f"truth-{label}"]])
        for kind in ("holdout", "fixed", "loose"):
            table = np.array([row for chunk in values[label] for row in chunk[kind]])
            cells[f"{label}/{kind}"] = _cell(
                table, table[:, 3] if kind == "holdout" else np.full(len(table), truth.mean())
            )
    holdouts = [cell for name, cell in cells.items() if name.endswith("holdout")]
    once = [cell for name, cell in cells.items() if not name.endswith("holdout")]
    rules = (
        *_rules("hold-out", holdouts, WIDEST),
        *_rules("divided once, several splits", once, WIDEST_ONCE, high=1.0),
    )
    return Result(rules, {"cells": cells}, ("trained networks; groups",))


def _cell(table: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    value, low, high = table[:, :3].T
    return {
        "coverage": float(np.mean((low <= truth) & (truth <= high))),
        "width": float((high - low).mean() / 2 / (1.96 * (value - truth).std(ddof=1))),
        "studies": int(value.size),
    }


def _rules(name: str, cells: list[dict[str, Any]], widest: float, *, high: float = MEAN_HIGH) -> tuple[Rule, ...]:
    covered = [cell["coverage"] for cell in cells]
    return (
        at_least(f"{name}: lowest coverage of a cell", min(covered), LEAST_CELL),
        between(f"{name}: mean coverage", float(np.mean(covered)), MEAN_LOW, high),
        at_most(f"{name}: mean width over the oracle", float(np.mean([cell["width"] for cell in cells])), widest),
    )


CLAIMS = (
    Claim(
        name="divided_once",
        states="Where the rows are divided once, the score's interval holds what it says it is of.",
        files=(
            "tests/truth/claims/divided_once.py",
            "tests/truth/features.py",
            "tests/truth/worlds.py",
            *(
                f"src/whyfit/study/statistics/{name}.py"
                for name in ("blocks", "corrected", "limits", "proportion", "quantiles", "spread")
            ),
        ),
        chunks=dict.fromkeys(LABELS, STUDIES // STUDIES_A_CHUNK)
        | {f"truth-{label}": SAMPLES // SAMPLES_A_CHUNK for label in LABELS},
        run=run,
        sum_up=sum_up,
        settings={
            "learner": "random ReLU features with a ridge",
            "rows": list(SIZES),
            "scored_of_a_holdout": SCORED,
            "folds_or_splits": FOLDS,
            "networks_a_split": NETWORKS,
            "studies_a_cell": STUDIES,
            "samples_behind_a_truth": SAMPLES,
        },
    ),
)
