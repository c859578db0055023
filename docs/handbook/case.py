"""A worked case: what was found in a faulty run, and what the remedy gained; computed once for both languages."""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import whyfit

HERE = Path(__file__).parent
CACHE = HERE.parent / "_build" / "cases"
"""Made anew when the code of the case, of these helpers or of whyfit changes; `make clean` removes it."""


ONE_STUDY = ("bias_variance", "overfitting")
"""Cases that are parts of one study."""


@dataclass(frozen=True)
class Found:
    """One finding, as plain values."""

    code: str
    severity: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """One worked case.

    Attributes
    ----------
    found
        Of the faulty run, for the question that the case is about.
    quiet
        Whether the repaired run is free of the faulty run's warnings.
    faulty, repaired
        The error of both, on rows never seen in training.
    gain, low, high
        faulty − repaired, and its 95 % interval.
    metric
        `error` (a share of rows) or `squared_error`.
    method
        Of the interval: `nadeau_bengio` over repeated k-fold, `row_and_refit` of a study, `seeds` (Student's t over
        seeds on one division), or `none` where there is nothing to compare.
    networks
        How many were trained for these numbers.
    remedy
        Name of the remedy, where the case does not name it itself.
    reports
        The reports of the `faulty` run and of the `repaired` one, as JSON, for the pictures; the only one of a study
        is called faulty.
    """

    found: tuple[Found, ...]
    quiet: bool
    faulty: float
    repaired: float
    gain: float
    low: float
    high: float
    metric: str
    method: str
    networks: int
    remedy: str = ""
    reports: Mapping[str, str] = field(default_factory=dict)


def worked(name: str) -> Case:
    """The case of that name: from the cache, or computed."""
    if not _place(name).exists():
        for one in ONE_STUDY if name in ONE_STUDY else (name,):  # each page is a process: what they share is kept here
            case = importlib.import_module(f"handbook.cases.{one}").run()
            CACHE.mkdir(parents=True, exist_ok=True)
            _place(one).write_text(json.dumps(asdict(case), indent=1), encoding="utf-8")
    known = json.loads(_place(name).read_text(encoding="utf-8"))
    return Case(**{**known, "found": tuple(Found(**one) for one in known["found"])})


def _place(name: str) -> Path:
    return CACHE / f"{name}-{digest()}.json"


@lru_cache(maxsize=1)
def digest() -> str:
    """Of the sources that decide the numbers."""
    state = hashlib.blake2b(digest_size=8)
    own = [HERE / f"{name}.py" for name in ("case", "runs", "scripts", "study", "beliefs")]
    for file in (*own, *sorted((HERE / "cases").glob("*.py")), *sorted(Path(whyfit.__file__).parent.rglob("*.py"))):
        state.update(file.read_bytes())
    return state.hexdigest()


def found_in(report: Any, question: str) -> tuple[Found, ...]:
    """The findings of a report on one question; those that are `ok` only where there is no other."""
    mine = tuple(
        Found(one.code, one.severity.value, plain({**dict(one.numbers), **(one.where.plain() if one.where else {})}))
        for one in report.findings
        if one.question.value == question
    )
    return tuple(one for one in mine if one.severity != "ok") or mine


def stored(report: Any) -> str:
    """The report as JSON."""
    return str(report.document.model_dump_json())


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON has them."""
    return json.loads(json.dumps(facts, default=float))
