"""What a checkup does in its time: networks, the first settled verdict, the questions that are answered, the end.

Three kinds of data: the bundled digits and a table of 5,000 rows with mixed columns in the default budget of 60
seconds, and a table of 500 rows in 20 seconds, each in a process of its own. The networks are counted in networks of
the default recipe (steps times weights). Aims: at least 1,000 of them, or every verdict settled; the first verdict (on
the fit, or on a remedy) within 10 seconds of training; questions 1 to 4 and 6 to 12 answered; the end within the
budget. Compiling the kernel, which happens once on a machine, is not part of it.

Clocks are wall clocks, because that is what the budget is in. On a machine that does other work besides, `cores` (CPU
seconds a second of the whole checkup) says how much of it the checkup had.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from common import Spread, arguments, finish, one_thread_everywhere

BUDGETS = {"digits": 60, "mixed 5000": 60, "mixed 500": 20}
QUICK = {"mixed 500": 6}
LEAST_NETWORKS, FIRST_VERDICT = 1000, 10.0
QUESTIONS = (
    *("splits", "bias_variance", "overfitting", "optimizers", "initialization", "gradients", "activations", "relu"),
    *("saturation", "dropout", "batchnorm"),
)
AIMS = {"networks_or_settled": 1.0, "first_verdict": 1.0, "questions": 1.0, "within_budget": 1.0}
OVER = 1.02
"""Of the budget, for the last line to be drawn."""


def mixed(rows: int) -> Any:
    """Eight numbers and two categories; a smooth truth with an interaction, and noise."""
    import numpy as np
    import polars as pl

    draw = np.random.default_rng(rows)
    x, kind, place = draw.normal(size=(rows, 8)), draw.integers(0, 6, rows), draw.integers(0, 3, rows)
    truth = np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + 0.4 * (kind - 2.5) + 0.5 * (place == 1)
    answer = truth + draw.logistic(size=rows) > 0
    columns: dict[str, Any] = {f"x{i}": x[:, i] for i in range(8)}
    columns |= {"kind": [f"kind {k}" for k in kind], "place": [f"place {p}" for p in place]}
    return pl.DataFrame(columns | {"y": ["yes" if one else "no" for one in answer]})


def measured(name: str, budget: float) -> dict[str, Any]:
    """One checkup, with its clock."""
    from whyfit.doors.observed import loading_ahead
    from whyfit.doors.study_door import Wishes, prepared, report_of
    from whyfit.doors.voice import Silence
    from whyfit.evidence.question import Question
    from whyfit.report import to_json
    from whyfit.study.first_word import FirstWord

    class Ear(Silence):
        """Keeps when the first verdict was heard."""

        first_heard: float | None = None

        def first(self, word: FirstWord) -> None:
            self.first_heard = self.first_heard or word.seconds

    ear = Ear()
    source = None if name == "digits" else mixed(int(name.split()[1]))
    wishes = Wishes(budget=f"{budget:g}s", target=None if source is None else "y")
    with prepared(source, wishes, ear) as study:
        wall, work = time.perf_counter(), time.process_time()
        with loading_ahead():
            study.run()
        trained = time.perf_counter() - wall
        report = report_of(study, wishes)
        to_json(report)
        wall, work = time.perf_counter() - wall, time.process_time() - work
        settled = [one.seconds for one in study.settled.values()]
        heard = settled if ear.first_heard is None else [*settled, ear.first_heard]
        judged = [track for track in study.tracks if track.family.judged]
        statuses = {question.value: report.answers[question].status for question in Question}
        return {
            "networks": study.networks,
            "equivalents": study.equivalents,
            "open": sum(not track.settled for track in judged),
            "first_verdict": min(heard, default=None),
            "verdicts": len(settled),
            "not_answered": [question for question in QUESTIONS if statuses[question] == "not measured"],
            "partly": [question for question in QUESTIONS if statuses[question] == "partly measured"],
            "budget": budget,
            "trained": trained,
            "seconds": wall,
            "cores": work / wall,
        }


def apart(name: str, budget: float) -> dict[str, Any]:
    """The same in a fresh process, as a person starts it."""
    command = [sys.executable, str(Path(__file__).resolve()), "--one", name, str(budget)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=dict(os.environ))
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def share_met(runs: dict[str, dict[str, Any]]) -> dict[str, float]:
    """The share of the data on which each aim is met."""
    every = list(runs.values())
    met = {
        "networks_or_settled": [one["equivalents"] >= LEAST_NETWORKS or not one["open"] for one in every],
        "first_verdict": [(one["first_verdict"] or float("inf")) <= FIRST_VERDICT for one in every],
        "questions": [not one["not_answered"] for one in every],
        "within_budget": [one["seconds"] <= OVER * one["budget"] for one in every],
    }
    return {name: sum(ones) / len(ones) for name, ones in met.items()}


def main() -> int:
    """Every kind of data, then the table."""
    if sys.argv[1:2] == ["--one"]:
        one_thread_everywhere()
        print(json.dumps(measured(sys.argv[2], float(sys.argv[3]))))
        return 0
    args = arguments(__doc__)
    budgets = QUICK if args.quick else BUDGETS
    apart(*next(iter(QUICK.items())))  # compiles the kernel where that was not done yet
    runs = {name: apart(name, budget) for name, budget in budgets.items()}
    figures: dict[str, list[float]] = {}
    for name, one in runs.items():
        for fact in ("networks", "equivalents", "open", "verdicts", "first_verdict", "trained", "seconds", "cores"):
            figures[f"{name}: {fact}"] = [float("nan") if one[fact] is None else float(one[fact])]
        print(f"{name}: not answered {one['not_answered'] or 'none'}, partly {one['partly'] or 'none'}")
    found = {name: Spread.of([share]) for name, share in share_met(runs).items()}
    return finish("checkup", figures, found, AIMS, args, {"runs": runs})


if __name__ == "__main__":
    raise SystemExit(main())
