"""A study killed at random moments and gone on with ends in the report of one that was never killed.

The study that nobody kills runs in a fresh process, those that are killed in processes forked from one that has
imported everything: a start then costs nothing, and what is under test is what the file keeps.
"""

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from study.forks import Forks
from study.killed_studies import KINDS
from study.killing import kill_moments, killed_once, nearly, report_of, what_must_agree, where_they_differ
from truth.evidence import Result, at_least
from truth.runner import Claim

STUDIES = {
    "digits": 7,
    "regression": 6,
    "groups": 5,
    "order in time": 5,
    "remedies and race": 7,
    "user's network, stacked": 2,
    "user's network, single": 2,
}
"""How many of each kind."""
KILLS_A_STUDY = 3
KILLS = 100
CLOSE = 1e-3
"""How near numbers must be where an engine promises no more: who is stacked with whom moves last bits, and a last-bit
change grows to 2e-2 in 1,000 steps; these studies take fewer."""
PROMISES_NEARNESS = frozenset({"stacked"})
LEAST_SHARE = 0.2
"""Of the kills that each third of a study must have: a third of 100 is 33 with a standard deviation of 4.7."""


def run(label: str, index: int) -> dict[str, object]:
    """One study: killed three times, then gone on with."""
    kind = KINDS[label]
    noise = np.random.default_rng([list(KINDS).index(label), index])
    whole = _whole(label)
    with tempfile.TemporaryDirectory() as folder:
        study, arguments = Path(folder) / "s.db", kind.arguments(Path(folder))
        moments = kill_moments(noise, whole["networks"], KILLS_A_STUDY)
        kept = [killed_once(study, arguments, after, late, _forks()) for after, late in moments]
        resumed = report_of(study, arguments, _forks())
    report, engine = what_must_agree(resumed), resumed["provenance"]["engine"]
    same = nearly(report, whole, CLOSE) if engine in PROMISES_NEARNESS else report == whole
    return {
        "engine": engine,
        "networks": whole["networks"],
        "kept": kept,
        "same": same,
        "equal": report == whole,
        "different": where_they_differ(report, whole),
        "none_trained_twice": resumed["provenance"]["taken_from_study"] == kept[-1],
    }


@cache
def _forks() -> Forks:
    return Forks()


@cache
def _whole(label: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        return what_must_agree(report_of(Path(folder) / "s.db", KINDS[label].arguments(Path(folder))))


def sum_up(values: dict[str, list[dict[str, Any]]]) -> Result:
    """Every one of them, or the claim is not met."""
    every = [one for ones in values.values() for one in ones]
    moments = [kept / one["networks"] for one in every for kept in one["kept"]]
    thirds = np.histogram(moments, bins=3, range=(0.0, 1.0))[0]
    rules = (
        at_least("studies whose report is the same", sum(one["same"] for one in every), len(every)),
        at_least("studies that trained nothing twice", sum(one["none_trained_twice"] for one in every), len(every)),
        at_least("kills", len(moments), KILLS),
        at_least("least share of the kills in a third of the study", float(thirds.min()) / len(moments), LEAST_SHARE),
    )
    figures = {label: _figures(ones) for label, ones in values.items()}
    return Result(rules, {"kills in each third of the study": thirds.tolist(), **figures})


def _figures(ones: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "engine": ones[0]["engine"],
        "networks": ones[0]["networks"],
        "kept": [one["kept"] for one in ones],
        "equal to the last bit": sum(one["equal"] for one in ones),
        "different": [one["different"] for one in ones if one["different"]],
    }


CLAIMS = [
    Claim(
        name="kills",
        states="A study of any kind killed with SIGKILL at a moment uniform over its training resumes to the same"
        " report, and trains nothing twice.",
        files=(
            "src/whyfit/study/store.py",
            "src/whyfit/study/runner.py",
            "src/whyfit/study/study.py",
            "src/whyfit/study/codec.py",
            "src/whyfit/study/revisit.py",
            "src/whyfit/doors/observed.py",
            "src/whyfit/vitals/governor.py",
            "tests/study/forks.py",
            "tests/study/killable.py",
            "tests/study/killed_studies.py",
            "tests/study/killing.py",
            "tests/truth/claims/kills.py",
        ),
        chunks=STUDIES,
        run=run,
        sum_up=sum_up,
        settings={"kills a study": KILLS_A_STUDY, "late_seconds_at_most": 0.1, "stacked numbers within": CLOSE},
    )
]
