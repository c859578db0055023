"""A study killed at a random moment and gone on with ends in the report of one that was never killed."""

import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from study.killing import kill_moment, killed_once, report_of, what_must_agree
from truth.evidence import Result, at_least
from truth.runner import Claim

STUDIES = {
    "digits": (["--budget", "60n", "--seed", "3"], 60),
    "digits, many batches": (["--budget", "130n"], 130),
}
"""Arguments of a study, and its networks."""
KILLS = {"digits": 40, "digits, many batches": 10}


def run(label: str, index: int) -> dict[str, object]:
    """One study: killed once or twice, then gone on with."""
    arguments, networks = STUDIES[label]
    noise = np.random.default_rng([list(STUDIES).index(label), index])
    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder) / "s.db"
        moments = sorted(kill_moment(noise, networks) for _ in range(1 + index % 2))
        kept = [killed_once(study, arguments, after) for after in moments]
        resumed = report_of(study, arguments)
    return {
        "kept": kept,
        "same": what_must_agree(resumed) == _whole(label),
        "none_trained_twice": resumed["provenance"]["taken_from_study"] == kept[-1],
    }


@cache
def _whole(label: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        return what_must_agree(report_of(Path(folder) / "s.db", STUDIES[label][0]))


def sum_up(values: dict[str, list[dict[str, object]]]) -> Result:
    """Every one of them, or the claim is not met."""
    every = [one for ones in values.values() for one in ones]
    rules = (
        at_least("studies whose report is the same", sum(one["same"] for one in every), len(every)),
        at_least("studies that trained nothing twice", sum(one["none_trained_twice"] for one in every), len(every)),
        at_least("studies killed", len(every), 50),
    )
    return Result(
        rules, {"kept_at_the_kills": {label: [one["kept"] for one in ones] for label, ones in values.items()}}
    )


CLAIMS = [
    Claim(
        name="kills",
        states="A study killed with SIGKILL at a random moment resumes to the same report, and trains nothing twice.",
        files=(
            "src/whyfit/study/store.py",
            "src/whyfit/study/runner.py",
            "src/whyfit/study/study.py",
            "src/whyfit/study/codec.py",
            "tests/study/killing.py",
            "tests/truth/claims/kills.py",
        ),
        chunks=KILLS,
        run=run,
        sum_up=sum_up,
    )
]
