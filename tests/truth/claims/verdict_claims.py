"""False claims where nothing helps, and right ones where something does, by the whole rule: looks, Hommel, floor."""

import math

import numpy as np

from truth.evidence import Result, at_least, at_most
from truth.features import UNITS, outputs_of
from truth.runner import Claim
from truth.studies import FOLDS, out_of_fold, shuffles
from truth.worlds import World
from whyfit.study.statistics.interval import gain_spread
from whyfit.study.statistics.looks import REPEATS_AT_LOOKS, Look, take_look
from whyfit.study.statistics.verdict import RemedyVerdict, least_gain, verdicts

ROWS = 300
STUDIES, STUDIES_A_CHUNK = 400, 10

PENALTIES = (0.02, 0.1, 0.3, 1.0, 3.0, 10.0)
"""The arms of the null worlds: plain and six others, all different networks."""

NULLS = ("coins", "twins")
"""`coins`: labels are coins, so no network errs less than another in 0-1 error. `twins`: the arms are the plain recipe
with other seeds, in squared error, so that no gain is real."""

SIGNALS = ("regression", "binary")
"""Worlds where the arms' true gains are brute-forced."""

SIGNAL_ARMS = {"penalty_1": (UNITS, 1.0), "penalty_30": (UNITS, 30.0), "units_8": (8, 0.02), "units_24": (24, 0.02)}
SAMPLES, SAMPLES_A_CHUNK, FRESH_ROWS = 2000, 100, 2000

MOST_HELPS, MOST_ANY, LEAST_POWER = 0.05, 0.085, 0.90
"""Of 200 studies at most 10 with a false "helps" and 17 with any false claim; clear remedies are named in 90 %."""

MOST_WRONG = 0.025
"""A gain of one standard error is claimed with the wrong sign by chance: in at most half of the error of 0.05."""

CLEAR = 4.0
"""A gain is clear where it is at least four standard errors, at the spread of the last look."""


def run(label: str, index: int) -> dict[str, list]:
    """One chunk: of truth, or of studies."""
    noise = np.random.default_rng([(*NULLS, *SIGNALS, "truth-regression", "truth-binary").index(label), index])
    if label.startswith("truth"):
        rows = [_truth(World(label.removeprefix("truth-")), noise) for _ in range(SAMPLES_A_CHUNK)]
    else:
        rows = [_study(label, noise) for _ in range(STUDIES_A_CHUNK)]
    return {name: [row[name] for row in rows] for name in rows[0]}


def _arms(label: str) -> dict[str, tuple[int, float]]:
    if label in SIGNALS:
        return {"plain": (UNITS, 0.02), **SIGNAL_ARMS}
    penalties = (0.3,) * 7 if label == "twins" else (0.05, *PENALTIES)
    return {"plain" if i == 0 else f"arm_{i}": (UNITS, penalty) for i, penalty in enumerate(penalties)}


def _learner(label: str):
    arms = _arms(label)
    if label != "twins":
        return lambda x, target, asked, seed: outputs_of(x, target, asked, seed, arms)
    own = {name: {name: arm} for name, arm in arms.items()}
    return lambda x, target, asked, seed: np.concatenate(
        [outputs_of(x, target, asked, seed + i, arm) for i, arm in enumerate(own.values())]
    )


def _truth(world: World, noise: np.random.Generator) -> dict[str, float]:
    """The gains of one fresh training sample of m rows."""
    x, target = world.draw(ROWS * (FOLDS - 1) // FOLDS, noise)
    fresh, _ = world.draw(FRESH_ROWS, noise)
    risks = world.risk(_learner(world.task)(x, target, fresh, int(noise.integers(2**61))), fresh).mean(axis=1)
    return {name: float(risks[0] - risk) for name, risk in zip(_arms(world.task), risks, strict=True)}


def _study(label: str, noise: np.random.Generator) -> dict[str, list]:
    """A study by the rules; for each arm its verdict, gain, standard error and the fits it took."""
    world = World("binary" if label in {"coins", "binary"} else "regression")
    x, target = world.draw(ROWS, noise)
    target = noise.integers(0, 2, size=ROWS) if label == "coins" else target
    tables, folds = None, np.empty((0, ROWS), dtype=np.int64)
    looks: dict[str, tuple[Look, ...]] = {name: () for name in _arms(label) if name != "plain"}
    settled: dict[str, RemedyVerdict] = {}
    for repeats in REPEATS_AT_LOOKS:
        more = shuffles(ROWS, repeats - folds.shape[0], noise)
        losses = world.loss(out_of_fold(_learner(label), x, target, more, 1, noise), target)
        tables = losses if tables is None else np.concatenate([tables, losses], axis=1)
        folds = np.concatenate([folds, more])
        _look(looks, settled, tables, folds, label)
        if len(settled) == len(looks):
            break
    return {name: _record(verdict, looks[name][-1]) for name, verdict in settled.items()}


def _look(looks: dict, settled: dict, tables: np.ndarray, folds: np.ndarray, label: str) -> None:
    """One round: every open arm gets a look, all get their verdicts, and the settled ones keep theirs."""
    end, delta = folds.shape[0] == REPEATS_AT_LOOKS[-1], least_gain(float(tables[0].mean()))
    for number, name in enumerate(_arms(label)):
        if name in looks and name not in settled:
            spread = gain_spread(tables[0], tables[number], folds, training_rows=ROWS * (FOLDS - 1) // FOLDS)
            looks[name] = take_look(looks[name], spread, end=end)
    given = verdicts(looks, delta)
    settled.clear()
    settled.update({name: verdict for name, verdict in given.items() if verdict.settled or end})


def _record(verdict: RemedyVerdict, look: Look) -> list:
    return [verdict.verdict, verdict.missing, verdict.gain.value, look.spread.standard_error, look.spread.fits]


def sum_up(values: dict[str, list[dict[str, list]]]) -> Result:
    """Rates of false claims under the nulls; power and wrong signs where gains are real."""
    studies = {label: _by_study(values[label]) for label in (*NULLS, *SIGNALS)}
    truths = {world: _means(values[f"truth-{world}"]) for world in SIGNALS}
    nulls = {label: _null(studies[label]) for label in NULLS}
    signals = {
        f"{world}/{name}": _signal(studies[world], name, truths[world][name])
        for world in SIGNALS
        for name in SIGNAL_ARMS
    }
    clear = [signal["power"] for signal in signals.values() if _clear(signal)]
    rules = (
        *(
            at_most(f'{label}: studies with a false "helps"', null["helps"], MOST_HELPS)
            for label, null in nulls.items()
        ),
        *(at_most(f"{label}: studies with any false claim", null["any"], MOST_ANY) for label, null in nulls.items()),
        at_least("power at gains of four standard errors, lowest", min(clear), LEAST_POWER),
        at_most("wrong signs at such gains", max(s["wrong_sign"] for s in signals.values() if _clear(s)), 0.0),
        at_most("wrong signs at smaller ones", max(s["wrong_sign"] for s in signals.values()), MOST_WRONG),
    )
    return Result(rules, {"nulls": nulls, "signals": signals}, NOT_RUN)


def _clear(signal: dict[str, float]) -> bool:
    return signal["standard_errors"] >= CLEAR


def _means(chunks: list[dict[str, list]]) -> dict[str, float]:
    return {name: float(np.mean([gain for chunk in chunks for gain in chunk[name]])) for name in chunks[0]}


def _by_study(chunks: list[dict[str, list]]) -> list[dict[str, list]]:
    return [{name: chunk[name][i] for name in chunk} for chunk in chunks for i in range(STUDIES_A_CHUNK)]


def _null(studies: list[dict[str, list]]) -> dict[str, float]:
    claims = [{record[0] for record in study.values()} for study in studies]
    fits = [record[4] for study in studies for record in study.values()]
    return {
        "helps": float(np.mean(["helps" in claim for claim in claims])),
        "any": float(np.mean([bool(claim & {"helps", "hurts"}) for claim in claims])),
        "arms_no_effect_shown": float(np.mean([r[0] == "no effect shown" for s in studies for r in s.values()])),
        "mean_fits_an_arm": float(np.mean(fits)),
        "studies": len(studies),
    }


def _signal(studies: list[dict[str, list]], name: str, truth: float) -> dict[str, float]:
    records = [study[name] for study in studies]
    right, wrong = ("helps", "hurts") if truth > 0 else ("hurts", "helps")
    error = math.sqrt(np.mean([record[3] ** 2 for record in records]))
    return {
        "truth": truth,
        "standard_errors": abs(truth) / error,
        "power": float(np.mean([record[0] == right for record in records])),
        "wrong_sign": float(np.mean([record[0] == wrong for record in records])),
        "mean_fits": float(np.mean([record[4] for record in records])),
        "studies": len(records),
    }


NOT_RUN = ("networks trained by gradient descent", "other sizes than 300 rows")

CLAIMS = (
    Claim(
        name="verdict_claims",
        states="Where nothing helps few studies claim so; clear gains are named, and never with the wrong sign.",
        files=(
            "src/whyfit/study/statistics/hommel.py",
            "src/whyfit/study/statistics/interval.py",
            "src/whyfit/study/statistics/looks.py",
            "src/whyfit/study/statistics/power.py",
            "src/whyfit/study/statistics/quantiles.py",
            "src/whyfit/study/statistics/refit.py",
            "src/whyfit/study/statistics/spread.py",
            "src/whyfit/study/statistics/verdict.py",
            "tests/truth/claims/verdict_claims.py",
            "tests/truth/features.py",
            "tests/truth/studies.py",
            "tests/truth/worlds.py",
        ),
        chunks=dict.fromkeys((*NULLS, *SIGNALS), STUDIES // STUDIES_A_CHUNK)
        | dict.fromkeys(("truth-regression", "truth-binary"), SAMPLES // SAMPLES_A_CHUNK),
        run=run,
        sum_up=sum_up,
        settings={
            "learner": "random ReLU features with a ridge",
            "studies": STUDIES,
            "rows": ROWS,
            "folds": FOLDS,
            "looks_after_repeats": list(REPEATS_AT_LOOKS),
            "arms": "six under each null, four where gains are real",
        },
    ),
)
