"""Every fourth row of the digits stands in the file twice."""

import numpy as np

import whyfit
from handbook.case import Case, found_in, stored
from handbook.runs import BUDGET, digits

ROWS, COPIED = 400, 200


def run() -> Case:
    """What is found, and what the score is without the copies."""
    X, y = digits(ROWS)
    X, y = np.vstack([X, X[:COPIED]]), np.hstack([y, y[:COPIED]])
    report = whyfit.checkup((X, y), budget=BUDGET)
    found = found_in(report, "splits")
    copies = next(one.facts for one in found if one.code == "splits.copies")
    clean = whyfit.checkup((X[:ROWS], y[:ROWS]), budget=BUDGET)
    return Case(
        found=found,
        quiet="splits.copies" not in {one.code for one in found_in(clean, "splits")},
        faulty=report.document.score.mean,
        repaired=clean.document.score.mean,
        gain=float("nan"),
        low=float(copies.get("score_with") or "nan"),
        high=float(copies.get("score_without") or "nan"),
        metric="error",
        method="none",
        networks=report.networks + clean.networks,
        reports={"faulty": stored(report)},
    )
