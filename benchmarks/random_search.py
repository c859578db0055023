"""The recipe that a study recommends, beside the best of a random search over recipes at the same cost.

Ten data sets of 200 to 5,000 rows, ten seeds (search_data.py). A quarter of the rows is put aside; on the rest a
study of 700 networks recommends a recipe. A random search gets the CPU seconds that the study used, its looks and
verdicts included (CPU seconds, so that other work on the machine does not count): it draws recipes, scores each by
5-fold cross-validation, and takes the best, the default of scikit-learn's `RandomizedSearchCV`. Both recipes are then
trained alike, five networks each on all rows inside (a seventh of them to stop by), and scored on the rows that were
put aside. Beside them the default recipe, scikit-learn's perceptron with its defaults behind a scaler, and pytabkit's
RealMLP with its defaults, where it is installed (see `population.py` for the peers' Python).

The error is the share of wrong answers, or 1 − R². The unit is the data set: seeds are averaged first, then the mean
over data sets of log(their error / ours) has an interval by Student's t. A ratio above 1 is to our favour.

It takes about three hours of CPU and resumes: each data set and seed is kept in `.truth` as it ends. `--seconds` ends
it earlier, `--seeds 3` is a whole run of fewer seeds, and the result says of how many.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from common import Spread, arguments_with_seconds, finish, one_thread_everywhere

one_thread_everywhere()

import numpy as np  # noqa: E402  # after the environment is set

import whyfit  # noqa: E402
from peer_worker import PeerProcess  # noqa: E402
from search_data import DATA, Rows  # noqa: E402
from search_peer import error_of  # noqa: E402
from whyfit.data.load import load  # noqa: E402
from whyfit.doors.study_door import Wishes, gather, prepared  # noqa: E402
from whyfit.doors.voice import Silence  # noqa: E402
from whyfit.evidence.dataset import Dataset  # noqa: E402
from whyfit.evidence.network import Perceptron  # noqa: E402
from whyfit.evidence.recipe import Recipe  # noqa: E402
from whyfit.evidence.split import Split  # noqa: E402
from whyfit.study.study import Study  # noqa: E402
from whyfit.training.check import problems_of  # noqa: E402

Array = np.ndarray
SEEDS, NETWORKS, FINAL = 10, 700, 5
QUICK_SEEDS, QUICK_NETWORKS, QUICK_DATA = 1, 120, ("noisy classes", "diabetes")
STOP = 1 / 7
KEPT = Path(__file__).parents[1] / ".truth"
SIDES = {"random search": "vs_random_search", "default recipe": "vs_default_recipe", "sklearn": "vs_sklearn_defaults",
         "realmlp": "vs_realmlp_defaults"}  # fmt: skip
AIMS = {"vs_random_search": 1.0}
MEASURED = ("evidence", "data", "rules", "nets", "training", "study")
"""Rooms of whyfit that a run depends on: runs of other code are not mixed with it."""


def recommended(study: Study) -> Recipe:
    """What a study recommends."""
    facts = gather(study).recommended
    return study.plan.plain.recipe if facts is None else facts.recipe


def studied(data: Dataset, networks: int, seed: int) -> tuple[Recipe, Recipe, float, float]:
    """The recommended recipe, the default one, the CPU seconds used, and what was trained in default networks."""
    with prepared(data, Wishes(budget=f"{networks}n", seed=seed), Silence()) as study:
        began = time.process_time()
        study.run()
        seconds = time.process_time() - began
        return recommended(study), study.plan.plain.recipe, seconds, study.equivalents


def drawn(noise: np.random.Generator, plain: Recipe) -> Recipe:
    """A recipe at random: what a practitioner's grid holds, rates by logarithm."""
    optimizer = str(noise.choice(["adam", "adamw", "rmsprop", "nadam", "momentum", "sgd"]))
    slow = optimizer in ("momentum", "sgd")
    hidden = (int(noise.choice([32, 64, 128, 256])),) * int(noise.integers(1, 4))
    return plain.but(
        network=Perceptron(hidden),
        activation=str(noise.choice(["relu", "leaky_relu", "elu", "gelu", "tanh"])),
        batch_norm=str(noise.choice(["none", "before"])),
        dropout=float(noise.choice([0.0, 0.1, 0.25, 0.5])),
        optimizer=optimizer,
        learning_rate=float(10 ** noise.uniform(-2.5 if slow else -4.0, -0.5 if slow else -2.0)),
        batch_size=int(noise.choice([16, 32, 64, 128])),
        epochs=int(noise.choice([30, 90])),
        l2=float(noise.choice([0.0, 10 ** noise.uniform(-5, -2)])),
        schedule=str(noise.choice(["constant", "cosine"])),
    )


def searched(data: Dataset, seconds: float, plain: Recipe, seed: int) -> tuple[Recipe, int, float]:
    """The best recipe that a random search finds in so many CPU seconds, how many it tried, and what it used."""
    noise, folds = np.random.default_rng(seed), whyfit.splits.kfold(data, seed=seed)
    best, tried, began = (math.inf, plain), 0, time.process_time()
    while time.process_time() - began < seconds:
        recipe = drawn(noise, plain)
        if problems_of(recipe, data):
            continue
        outcomes = list(whyfit.train(recipe, data=data, splits=folds, seeds=seed))
        tried += 1
        error = float(np.mean([_error(outcome, data) for outcome in outcomes]))
        best = min(best, (error, recipe), key=lambda pair: pair[0])
    return best[1], tried, time.process_time() - began


def scored(recipe: Recipe, data: Dataset, inside: Array, outside: Array, seed: int) -> float:
    """The mean error of networks trained on the rows inside, on the rows outside."""
    order = np.random.default_rng(seed).permutation(inside)
    cut = round(STOP * len(order))
    split = Split(train=order[cut:], stop=order[:cut], score=outside)
    outcomes = whyfit.train(recipe, data=data, splits=split, seeds=range(seed, seed + FINAL))
    return float(np.mean([_error(outcome, data) for outcome in outcomes]))


def _error(outcome: Any, data: Dataset) -> float:
    """By the error that the task has; a network that diverged is as good as a constant."""
    truth = data.target[outcome.rows]
    if outcome.status != "done":
        return 1.0
    answers = outcome.predictions.argmax(axis=1) if data.task == "classification" else outcome.predictions.ravel()
    return error_of(data.task, answers, truth.ravel())


def one(name: str, seed: int, networks: int, peer: PeerProcess) -> dict[str, Any]:
    """One data set and seed, all sides."""
    began, rows = time.perf_counter(), DATA[name]()
    inside, outside = rows.divided(seed)
    part = load((rows.x[inside], rows.y[inside]), task=rows.task)
    whole = load((rows.x, rows.y), task=rows.task)
    ours, plain, seconds, equivalents = studied(part, networks, seed)
    theirs, tried, used = searched(part, seconds, plain, seed)
    recipes = {"ours": ours, "random search": theirs, "default recipe": plain}
    errors = {side: scored(recipe, whole, inside, outside, seed) for side, recipe in recipes.items()}
    answers = _peers(rows, inside, outside, seed, peer)
    errors |= {side: found["error"] for side, found in answers.items() if "error" in found}
    return {
        "data": name,
        "seed": seed,
        "errors": errors,
        "absent": {side: found["absent"] for side, found in answers.items() if "absent" in found},
        "recommended": differences(ours, plain),
        "found": differences(theirs, plain),
        "tried": tried,
        "equivalents": equivalents,
        "cpu_seconds": {"study": seconds, "search": used},
        "seconds": time.perf_counter() - began,
    }


def differences(recipe: Recipe, plain: Recipe) -> dict[str, Any]:
    """What a recipe changes, as plain values."""
    before = plain.plain()
    return {name: value for name, value in recipe.plain().items() if value != before[name]}


def _peers(rows: Rows, inside: Array, outside: Array, seed: int, peer: PeerProcess) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "rows.npz"
        np.savez(place, x=rows.x, y=rows.y, inside=inside, outside=outside)
        peer.begin(call="search_peer", data=str(place), task=rows.task, seed=seed)
        return peer.end()


def main() -> int:
    """What is left of the runs, as far as the seconds go, then the table over all that is there."""
    args = arguments_with_seconds(__doc__, SEEDS)
    names = QUICK_DATA if args.quick else tuple(DATA)
    seeds, networks = (QUICK_SEEDS, QUICK_NETWORKS) if args.quick else (args.seeds, NETWORKS)
    jobs = [(name, seed) for seed in range(seeds) for name in names]
    done = dict(run(jobs, networks, args.seconds, resume=not args.quick))
    print_runs(done)
    means = {name: _mean([one["errors"] for (data, _), one in done.items() if data == name]) for name in names}
    means = {name: errors for name, errors in means.items() if errors}
    found = {ratio: spread for side, ratio in SIDES.items() if (spread := ratio_of(means, side)) is not None}
    figures = {f"{name}: {side}": [error] for name, errors in means.items() for side, error in errors.items()}
    absent = {side: why for one in done.values() for side, why in one["absent"].items()}
    notes: dict[str, Any] = {"runs": list(done.values()), "absent": absent, "networks": networks, "seeds": seeds}
    if len(done) < len(jobs):
        notes["not_run"] = f"{len(jobs) - len(done)} of {len(jobs)} runs are still to do: call it again"
        print(notes["not_run"])
    return finish("random_search", figures, found, AIMS, args, notes)


def run(
    jobs: list[tuple[str, int]], networks: int, seconds: float, *, resume: bool
) -> Iterator[tuple[tuple[str, int], dict[str, Any]]]:
    """Each job once: from the journal where it is there, else now, as long as the seconds last."""
    journal = KEPT / f"random_search-{_code()}.jsonl"
    lines = journal.read_text(encoding="utf-8").splitlines() if resume and journal.exists() else []
    done = {(record["data"], record["seed"]): record for record in map(json.loads, lines)}
    began, peer = time.perf_counter(), PeerProcess(os.environ.get("PEERS_PYTHON", sys.executable))
    for job in jobs:
        if job not in done and time.perf_counter() - began < seconds:
            done[job] = one(*job, networks, peer)
            if resume:
                KEPT.mkdir(exist_ok=True)
                with journal.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(done[job]) + "\n")
        if job in done:
            yield job, done[job]
    peer.close()


def ratio_of(means: dict[str, dict[str, float]], side: str) -> Spread | None:
    """Exp of the mean over data sets of log(their error / ours), with its interval; None with fewer than two."""
    from scipy.stats import t

    logs = [math.log(errors[side] / errors["ours"]) for errors in means.values() if errors.get(side) and errors["ours"]]
    if len(logs) < 2:
        return None
    half = float(t.ppf(0.975, len(logs) - 1) * np.std(logs, ddof=1) / math.sqrt(len(logs)))
    middle = float(np.mean(logs))
    return Spread(math.exp(middle), math.exp(middle - half), math.exp(middle + half))


def _mean(errors: list[dict[str, float]]) -> dict[str, float]:
    sides = errors[0].keys() if errors else ()
    return {side: float(np.mean([one[side] for one in errors])) for side in sides if all(side in one for one in errors)}


def print_runs(done: dict[tuple[str, int], dict[str, Any]]) -> None:
    """Each data set and seed: the errors side by side, the CPU seconds of both searches, the recipes of the other."""
    heads = " ".join(f"{side:>14}" for side in SIDES)
    print(f"{'data, seed':20} {'ours':>9} {heads}   CPU seconds, recipes tried")
    for (name, seed), one in done.items():
        errors, cost = one["errors"], one["cpu_seconds"]
        sides = " ".join(f"{errors[side]:14.4f}" if side in errors else f"{'absent':>14}" for side in SIDES)
        used = f"{cost['study']:.0f} {cost['search']:.0f}, {one['tried']}"
        print(f"{name:16} {seed:3} {errors['ours']:9.4f} {sides}   {used}")


def _code() -> str:
    """A digest of the code that the runs depend on."""
    source = Path(whyfit.__file__).parent
    files = sorted(path for room in MEASURED for path in (source / room).rglob("*.py"))
    return hashlib.blake2b(b"".join(path.read_bytes() for path in files), digest_size=6).hexdigest()


if __name__ == "__main__":
    raise SystemExit(main())
