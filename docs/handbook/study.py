"""One study behind two cases: 900 digits, remedies included."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import whyfit
from handbook.case import Case, found_in, stored
from handbook.runs import digits

BUDGET = "400n"
ROWS = 900


@lru_cache(maxsize=1)
def studied() -> Any:
    """The report."""
    return whyfit.checkup(digits(ROWS), budget=BUDGET)


def case_of(question: str, remedy: str | None = None) -> Case:
    """The findings on one question, and the gain of one remedy: that named, or the one that gains most."""
    report = studied()
    effects = [one for one in report.document.remedies if one.gain is not None and one.low is not None]
    order = sorted((one for one in effects if remedy in (None, one.name)), key=lambda one: -one.gain)
    assert order, f"{remedy} was not trained within {BUDGET}: {[one.name for one in effects]}"
    best, score = order[0], report.document.score
    more = best.name == "more_data"  # measured from half of the rows to all of them, which the score is of
    return Case(
        found=found_in(report, question),
        quiet=True,
        faulty=score.mean + best.gain if more else score.mean,
        repaired=score.mean if more else score.mean - best.gain,
        gain=best.gain,
        low=best.low,
        high=best.high,
        metric=score.metric,
        method="row_and_refit",
        networks=report.networks,
        remedy=best.name,
        reports={"faulty": stored(report)},
    )
