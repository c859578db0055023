"""Where a network is not shown to beat a constant, row and refit misses and the wider interval holds."""

import numpy as np

from truth.coverage import FILES, LEAST_CELL
from truth.evidence import Result, at_least, at_most
from truth.features import UNITS, outputs_of
from truth.runner import Claim
from truth.studies import FOLDS, out_of_fold, shuffles
from truth.worlds import NOISE, World
from whyfit.study.statistics.interval import row_and_refit, score_spread
from whyfit.study.statistics.limits import error_estimate

SIZES = (60, 100, 200)
PENALTIES = (0.02, 0.1, 0.3, 1.0)
"""From near the point of interpolation, where a network is far worse than a constant, to a sane one."""

REPEATS = 4
STUDIES, STUDIES_A_CHUNK = 2000, 100
"""With 400 a cell 91 % cannot be told from 89 %."""
SAMPLES, SAMPLES_A_CHUNK, FRESH_ROWS = 2000, 200, 500
CONSTANT_ROWS = 1_000_000
"""Rows behind the loss of the best constant."""

WIDEST = 2.2

LABELS = [f"{rows}/{penalty:g}" for rows in SIZES for penalty in PENALTIES]


def run(label: str, index: int) -> dict[str, list]:
    """One chunk: of truth, or of studies."""
    truth, place = label.startswith("truth "), label.removeprefix("truth ")
    noise, world = np.random.default_rng([LABELS.index(place), truth, index]), World("regression")
    rows, arm = int(place.split("/")[0]), {"plain": (UNITS, float(place.split("/")[1]))}

    def learner(x: np.ndarray, target: np.ndarray, asked: np.ndarray, seed: int) -> np.ndarray:
        return outputs_of(x, target, asked, seed, arm)

    if truth:
        return {"risk": [_risk(world, rows, learner, noise) for _ in range(SAMPLES_A_CHUNK)]}
    return {"studies": [_study(world, rows, learner, noise) for _ in range(STUDIES_A_CHUNK)]}


def _risk(world: World, rows: int, learner, noise: np.random.Generator) -> float:
    x, target = world.draw(rows * (FOLDS - 1) // FOLDS, noise)
    fresh, _ = world.draw(FRESH_ROWS, noise)
    return float(world.risk(learner(x, target, fresh, int(noise.integers(2**62)))[0], fresh).mean())


def _study(world: World, rows: int, learner, noise: np.random.Generator) -> list[float]:
    """Value; low and high of the interval that is given, and of row and refit; whether the wider one is given."""
    x, target = world.draw(rows, noise)
    folds = shuffles(rows, REPEATS, noise)
    losses = world.loss(out_of_fold(learner, x, target, folds, 1, noise)[0], target)
    trained = rows * (FOLDS - 1) // FOLDS
    given = score_spread(losses, folds, training_rows=trained, baseline=float(target.var()))
    ours = error_estimate(given, bounded=False)
    narrow = row_and_refit(losses, folds, training_rows=trained).estimate()
    return [ours.value, ours.low, ours.high, narrow.low, narrow.high, float(given.method == "nadeau_bengio")]


def sum_up(values: dict[str, list[dict[str, list]]]) -> Result:
    """Coverage of both intervals in every cell, beside the loss over that of the best constant."""
    world = World("regression")
    constant = float(world.mean(world.draw(CONSTANT_ROWS, np.random.default_rng(0))[0]).var()) + NOISE**2
    cells = {label: _cell(values[label], values[f"truth {label}"], constant) for label in LABELS}
    worse = [cell["row_and_refit_coverage"] for cell in cells.values() if cell["loss_over_constant"] > 1.0]
    better = [cell["row_and_refit_coverage"] for cell in cells.values() if cell["loss_over_constant"] <= 1.0]
    figures = {"cells": cells, "worse_than_constant": [min(worse), max(worse)], "better": [min(better), max(better)]}
    rules = (
        at_least(
            "lowest coverage of the interval that is given", min(c["coverage"] for c in cells.values()), LEAST_CELL
        ),
        at_most("mean width over the oracle", float(np.mean([c["width"] for c in cells.values()])), WIDEST),
    )
    return Result(rules, figures, ("trained networks", "classification"))


def _cell(chunks: list[dict], truths: list[dict], constant: float) -> dict[str, float]:
    value, low, high, narrow_low, narrow_high, wider = np.array([row for c in chunks for row in c["studies"]]).T
    truth = float(np.mean([risk for chunk in truths for risk in chunk["risk"]]))
    return {
        "truth": truth,
        "loss_over_constant": truth / constant,
        "coverage": float(np.mean((low <= truth) & (truth <= high))),
        "row_and_refit_coverage": float(np.mean((narrow_low <= truth) & (truth <= narrow_high))),
        "width": float((high - low).mean() / 2 / (1.96 * value.std(ddof=1))),
        "wider_share": float(wider.mean()),
        "studies": int(value.size),
    }


CLAIMS = (
    Claim(
        name="unproven_networks",
        states="The wider interval given to a network not shown to beat a constant covers where the other fails.",
        files=(*FILES, "tests/truth/claims/unproven_networks.py", "tests/truth/features.py"),
        chunks=dict.fromkeys(LABELS, STUDIES // STUDIES_A_CHUNK)
        | {f"truth {label}": SAMPLES // SAMPLES_A_CHUNK for label in LABELS},
        run=run,
        sum_up=sum_up,
        settings={
            "learner": f"{UNITS} random ReLU features with a ridge",
            "cells": "rows/penalty",
            "studies_a_cell": STUDIES,
            "samples_behind_a_truth": SAMPLES,
            "folds": FOLDS,
            "repeats": REPEATS,
        },
    ),
)
