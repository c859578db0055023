"""The gain of what was chosen inside each fit is unbiased and covered; that of the best-looking arm is neither."""

import numpy as np

from truth.evidence import Result, at_least, at_most
from truth.features import UNITS, outputs_of
from truth.runner import Claim
from truth.studies import FOLDS, shuffles
from truth.worlds import World
from whyfit.study.statistics.choice import choose, chosen_losses
from whyfit.study.statistics.interval import gain_spread

ROWS = 300
REPEATS = 4
STOP_SHARE = 0.2
"""Of the rows that are not scored: the stop rows, which choose."""

CANDIDATES = {f"penalty {penalty:g}": (UNITS, penalty) for penalty in (0.05, 0.2, 0.6, 2.0, 6.0, 20.0)}
"""Six, and plain (the first of them) is no candidate twice: the gain is that of choosing over always taking it."""

LABELS = ("coins", "binary", "regression")
STUDIES, STUDIES_A_CHUNK = 400, 20
SAMPLES, SAMPLES_A_CHUNK, FRESH_ROWS = 2000, 100, 2000

LEAST_COVERAGE, MOST_BIAS = 0.91, 3.0
"""Of 400 studies; the bias in its own standard errors."""


def run(label: str, index: int) -> dict[str, list]:
    """One chunk: of truth, or of studies."""
    noise = np.random.default_rng([LABELS.index(label.removeprefix("truth-")), label.startswith("truth"), index])
    if label.startswith("truth"):
        rows = [_truth(World(label.removeprefix("truth-")), noise) for _ in range(SAMPLES_A_CHUNK)]
    else:
        rows = [_study(label, noise) for _ in range(STUDIES_A_CHUNK)]
    return {name: [row[name] for row in rows] for name in rows[0]}


def _parts(rows: int, noise: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the training rows and of the stop rows among the rows that are not scored."""
    order = noise.permutation(rows)
    stop = round(STOP_SHARE * rows)
    return order[stop:], order[:stop]


def _truth(world: World, noise: np.random.Generator) -> dict[str, float]:
    """The gain of choosing, on fresh rows, by one fresh sample of training and stop rows."""
    x, target = world.draw(ROWS * (FOLDS - 1) // FOLDS, noise)
    train, stop = _parts(target.size, noise)
    fresh, _ = world.draw(FRESH_ROWS, noise)
    asked = np.concatenate([x[stop], fresh])
    outputs = outputs_of(x[train], target[train], asked, int(noise.integers(2**62)), CANDIDATES)
    stopped = world.loss(outputs[:, : stop.size], target[stop]).mean(axis=1)
    risks = world.risk(outputs[:, stop.size :], fresh).mean(axis=1)
    return {"chosen": float(risks[0] - risks[stopped.argmin()])}


def _study(label: str, noise: np.random.Generator) -> dict[str, list[float]]:
    """The gain of choosing inside the fit, and the gain of the arm that looks best, with their intervals."""
    world = World("binary" if label == "coins" else label)
    x, target = world.draw(ROWS, noise)
    target = noise.integers(0, 2, size=ROWS) if label == "coins" else target
    folds = shuffles(ROWS, REPEATS, noise)
    stopped = np.empty((len(CANDIDATES), REPEATS, 1, FOLDS))
    losses = np.empty((len(CANDIDATES), REPEATS, 1, ROWS))
    for repeat, fold in enumerate(folds):
        for part in range(FOLDS):
            inside, score = np.flatnonzero(fold != part), np.flatnonzero(fold == part)
            train, stop = (inside[positions] for positions in _parts(inside.size, noise))
            asked = np.concatenate([x[stop], x[score]])
            outputs = outputs_of(x[train], target[train], asked, int(noise.integers(2**62)), CANDIDATES)
            stopped[:, repeat, 0, part] = world.loss(outputs[:, : stop.size], target[stop]).mean(axis=1)
            losses[:, repeat, 0, score] = world.loss(outputs[:, stop.size :], target[score])
    chosen = chosen_losses(choose(stopped), losses, folds)
    best = losses[losses.mean(axis=(1, 2, 3)).argmin()]
    trained = int(ROWS * (FOLDS - 1) / FOLDS * (1.0 - STOP_SHARE))
    seen = {}
    for name, arm in (("chosen", chosen), ("best", best)):
        estimate = gain_spread(losses[0], arm, folds, training_rows=trained).estimate()
        seen[name] = [estimate.value, estimate.low, estimate.high]
    return seen


def sum_up(values: dict[str, list[dict[str, list]]]) -> Result:
    """Bias and coverage of both gains against the truth of choosing; 0 for coins."""
    figures = {}
    for label in LABELS:
        truths = [0.0] if label == "coins" else [t for chunk in values[f"truth-{label}"] for t in chunk["chosen"]]
        for name in ("chosen", "best"):
            table = np.array([row for chunk in values[label] for row in chunk[name]], dtype=float)
            figures[f"{label}/{name}"] = _figure(table, np.array(truths))
    chosen = {label: figures[f"{label}/chosen"] for label in LABELS}
    covered = [
        at_least(f"{one}: coverage of the chosen gain", chosen[one]["coverage"], LEAST_COVERAGE) for one in chosen
    ]
    biased = [at_most(f"{one}: bias in its standard errors", _bias(chosen[one]), MOST_BIAS) for one in chosen]
    rules = (*covered, *biased)
    return Result(rules, figures, ("networks trained by gradient descent", "other sizes than 300 rows"))


def _bias(figure: dict[str, float]) -> float:
    return abs(figure["bias"]) / figure["bias_error"]


def _figure(table: np.ndarray, truths: np.ndarray) -> dict[str, float]:
    value, low, high = table.T
    truth = float(truths.mean())
    spread = truths.var(ddof=1) / truths.size if truths.size > 1 else 0.0
    return {
        "truth": truth,
        "mean": float(value.mean()),
        "bias": float(value.mean() - truth),
        "bias_error": float(np.sqrt(value.var(ddof=1) / value.size + spread)),
        "coverage": float(np.mean((low <= truth) & (truth <= high))),
        "width": float((high - low).mean() / 2 / (1.96 * value.std(ddof=1))),
        "studies": int(value.size),
    }


CLAIMS = (
    Claim(
        name="chosen_gain",
        states="The gain of what was chosen on the stop rows of each fit is unbiased, and its interval covers.",
        files=(
            "src/whyfit/study/statistics/choice.py",
            "src/whyfit/study/statistics/interval.py",
            "src/whyfit/study/statistics/refit.py",
            "src/whyfit/study/statistics/spread.py",
            "tests/truth/claims/chosen_gain.py",
            "tests/truth/features.py",
            "tests/truth/studies.py",
            "tests/truth/worlds.py",
        ),
        chunks=dict.fromkeys(LABELS, STUDIES // STUDIES_A_CHUNK)
        | dict.fromkeys(("truth-regression", "truth-binary"), SAMPLES // SAMPLES_A_CHUNK),
        run=run,
        sum_up=sum_up,
        settings={
            "learner": "random ReLU features with a ridge",
            "candidates": list(CANDIDATES),
            "studies": STUDIES,
            "rows": ROWS,
            "stop_share": STOP_SHARE,
            "folds": FOLDS,
            "repeats": REPEATS,
        },
    ),
)
