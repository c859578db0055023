"""A worked case: what was found in a faulty run, and what the remedy gained; computed once for both languages."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any


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


@lru_cache(maxsize=16)
def worked(name: str) -> Case:
    """The case of that name, worked once for both languages."""
    case: Case = importlib.import_module(f"handbook.cases.{name}").run()
    return case


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
