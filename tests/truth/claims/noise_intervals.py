"""Coverage of the noise at repeated inputs: its interval, and the bounds on the Bayes error."""

import numpy as np

from truth.evidence import Result, at_least, between
from truth.runner import Claim
from whyfit.study.statistics.noise import LEAST_REPEATED, repeated_noise

INPUTS = (10, 20, 50, 200)
"""Repeated inputs of a data set; each in two to five rows."""

SHAPES = ("normal", "heavy", "two classes", "five classes")
"""Noise: normal, t with 5 degrees of freedom, or labels flipped with probability 0.2."""

FLIP, DEGREES = 0.2, 5
STUDIES, STUDIES_A_CHUNK = 1000, 100
LEAST_CELL, LEAST_HEAVY, MEAN_LOW, MEAN_HIGH = 0.91, 0.88, 0.93, 0.985
"""A variance under heavy tails falls short of 95 % at any size that data sets have: a known shortfall, said apart."""

LABELS = [f"{shape}/{inputs}" for shape in SHAPES for inputs in INPUTS]


def run(label: str, index: int) -> dict[str, list]:
    """One chunk of studies: the ends of the interval, and the truth."""
    shape, inputs = label.split("/")
    noise = np.random.default_rng([LABELS.index(label), index])
    return {"studies": [_study(shape, int(inputs), noise) for _ in range(STUDIES_A_CHUNK)]}


def _study(shape: str, inputs: int, noise: np.random.Generator) -> list[float]:
    codes = np.repeat(np.arange(inputs), noise.integers(2, 6, size=inputs))
    if "classes" in shape:
        classes = 2 if shape.startswith("two") else 5
        clean = noise.integers(0, classes, size=inputs)[codes]
        other = (clean + noise.integers(1, classes, size=codes.size)) % classes
        target = np.where(noise.random(codes.size) < FLIP, other, clean)
        found, truth = repeated_noise(codes, target, classes=classes), FLIP
    else:
        normal = shape == "normal"
        raw = noise.normal(size=codes.size) if normal else noise.standard_t(DEGREES, size=codes.size)
        found, truth = repeated_noise(codes, noise.normal(size=inputs)[codes] + raw), 1.0 if normal else DEGREES / 3
    return [found.low, found.high, truth]


def sum_up(values: dict[str, list[dict[str, list]]]) -> Result:
    """Coverage of every cell."""
    cells = {label: _cell(values[label]) for label in LABELS}
    covered = [cell["coverage"] for cell in cells.values()]
    heavy = [cell["coverage"] for label, cell in cells.items() if label.startswith("heavy")]
    others = [cell["coverage"] for label, cell in cells.items() if not label.startswith("heavy")]
    rules = (
        at_least("lowest coverage of a cell, but for heavy tails", min(others), LEAST_CELL),
        at_least("lowest coverage of a cell with heavy tails", min(heavy), LEAST_HEAVY),
        between("mean coverage", float(np.mean(covered)), MEAN_LOW, MEAN_HIGH),
    )
    return Result(rules, {"cells": cells, "least_repeated": LEAST_REPEATED}, ("several outputs",))


def _cell(chunks: list[dict[str, list]]) -> dict[str, float]:
    low, high, truth = np.array([row for chunk in chunks for row in chunk["studies"]]).T
    width = float((high - low).mean())
    return {"coverage": float(np.mean((low <= truth) & (truth <= high))), "width": width, "studies": int(low.size)}


CLAIMS = (
    Claim(
        name="noise_coverage",
        states="The noise at repeated inputs lies in its interval, and the Bayes error within its bounds.",
        files=(
            "src/whyfit/study/statistics/jackknife.py",
            "src/whyfit/study/statistics/noise.py",
            "src/whyfit/study/statistics/proportion.py",
            "tests/truth/claims/noise_intervals.py",
        ),
        chunks=dict.fromkeys(LABELS, STUDIES // STUDIES_A_CHUNK),
        run=run,
        sum_up=sum_up,
        settings={
            "rows_of_an_input": "2 to 5",
            "flipped_labels": FLIP,
            "heavy_tail_degrees": DEGREES,
            "studies": STUDIES,
        },
    ),
)
