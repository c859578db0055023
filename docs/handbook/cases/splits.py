"""Every second row of a file of digits stands in it twice, and a splitter deals the copies out at random."""

import numpy as np
from sklearn.model_selection import StratifiedKFold

import whyfit
from handbook.case import Case, found_in, stored
from handbook.runs import BUDGET, digits

ROWS, COPIED = 400, 200


def run() -> Case:
    """What is found, and what the score is where equal rows are kept in one part, as a study does by itself."""
    X, y = digits(ROWS)
    X, y = np.vstack([X, X[:COPIED]]), np.hstack([y, y[:COPIED]])
    faulty = whyfit.checkup((X, y), cv=StratifiedKFold(5, shuffle=True, random_state=0), budget=BUDGET)
    sound = whyfit.checkup((X, y), budget=BUDGET)
    return Case(
        found=found_in(faulty, "splits"),
        quiet="splits.copies" not in {one.code for one in found_in(sound, "splits")},
        faulty=faulty.document.score.mean,
        repaired=sound.document.score.mean,
        gain=float("nan"),
        low=float("nan"),
        high=float("nan"),
        metric="error",
        method="none",
        networks=faulty.networks + sound.networks,
        reports={"faulty": stored(faulty), "repaired": stored(sound)},
    )
