"""One study behind two cases: 900 digits, remedies included."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import whyfit
from handbook.case import Case, found_in
from handbook.runs import digits

BUDGET = "300n"
ROWS = 900


@lru_cache(maxsize=1)
def studied() -> Any:
    """The report."""
    return whyfit.checkup(digits(ROWS), budget=BUDGET)


def case_of(question: str, remedy: str | None = None) -> Case:
    """The findings on one question, and the gain of one remedy: that named, or the one that gains most."""
    report = studied()
    effects = [one for one in report.document.remedies if one.gain is not None and one.low is not None]
    named = [one for one in effects if one.name == remedy] or sorted(effects, key=lambda one: -one.gain)
    best, score = named[0], report.document.score
    return Case(
        found=found_in(report, question),
        quiet=True,
        faulty=score.mean,
        repaired=score.mean - best.gain,
        gain=best.gain,
        low=best.low,
        high=best.high,
        metric=score.metric,
        method="row_and_refit",
        networks=report.networks,
    )
