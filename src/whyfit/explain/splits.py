"""How data is divided: the three parts, k folds, the bootstrap; how wide an interval is; what copies pretend."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.explanation import Check, Explanation, Heading, Part, Said, Table
from whyfit.evidence.question import Question
from whyfit.explain.asked import Asked, Value

TAKES: dict[str, Value] = {"rows": 200, "seed": 0}
SIZES = (50, 100, 270, 1000, 10_000)
"""Scored rows; 270 are the 15 % of the bundled digits."""
ERROR = 0.1
"""Error rate whose interval is shown."""
SPREADS = 4.0
"""Standard deviations that a drawn share may lie off its expectation: once in 16,000 by chance."""
DRAWS = 20
"""Bootstrap samples whose out-of-bag share is compared with (1 − 1/n)^n."""
REPEATS = 40
"""Random divisions of the rows with copies."""


def explain(asked: Asked) -> Explanation:
    """Divide the digits in each way, then a table of copies in a wrong and a right one."""
    seed = asked.whole("seed", 0, 2**31)
    parts: list[Part] = [Said("answer"), Heading("ways"), *_ways(seed)]
    parts += [Heading("width"), *_widths(), Heading("copies"), *_copies(asked.whole("rows", 40, 5000), seed)]
    return Explanation(Question.SPLITS, asked.plain(), tuple(parts))


def _ways(seed: int) -> list[Part]:
    from whyfit.data import splits  # noqa: PLC0415  # scikit-learn, and only this question needs it
    from whyfit.data.digits import digits  # noqa: PLC0415

    data = digits()
    once, folds = splits.holdout(data, seed=seed), splits.kfold(data, seed=seed)
    drawn = splits.bootstrap(data, repeats=DRAWS, seed=seed, by="random")
    rows = [("holdout", once.train.size, once.stop.size, once.score.size)]
    rows += [(f"fold {number}", one.train.size, one.stop.size, one.score.size) for number, one in enumerate(folds, 1)]
    rows += [("bootstrap", drawn[0].train.size, drawn[0].stop.size, drawn[0].score.size)]
    scored = np.bincount(np.concatenate([one.score for one in folds]), minlength=data.rows)
    overlap = sum(
        len(np.intersect1d(one.score, np.concatenate([one.train, one.stop]))) for one in (once, *folds, *drawn)
    )
    share, expected = np.array([one.score.size for one in drawn]) / data.rows, (1 - 1 / data.rows) ** data.rows
    error = float(abs(share.mean() - expected) / (share.std(ddof=1) / len(drawn) ** 0.5))
    return [
        Said("ways", {"rows": data.rows}),
        Table("ways", ("way", "train", "stop", "score"), tuple(rows)),
        Check("once_each", float(np.abs(scored - 1).max()), 0.0, {"rows": data.rows}),
        Check("disjoint", float(overlap), 0.0, {"splits": 1 + len(folds) + len(drawn)}),
        Check("out_of_bag", error, SPREADS, {"expected": expected, "share": float(share.mean())}),
    ]


def _widths() -> list[Part]:
    """Wilson's interval, and the smallest difference of two independent error rates that 80 % of studies would show."""
    from whyfit.study.statistics.proportion import wilson  # noqa: PLC0415

    rows = []
    for size in SIZES:
        low, high = wilson(ERROR, size)
        rows.append((size, low, high, (high - low) / 2))
    return [Said("width", {"error": ERROR}), Table("width", ("scored_rows", "low", "high", "half_width"), tuple(rows))]


def _copies(rows: int, seed: int) -> list[Part]:
    """Labels by coin, each row twice: nothing can be learned, yet a neighbour in the training part knows the answer."""
    rng = np.random.default_rng(seed)
    features, labels = rng.standard_normal((rows, 5)), rng.integers(2, size=rows)
    X, y, group = np.repeat(features, 2, axis=0), np.repeat(labels, 2), np.repeat(np.arange(rows), 2)
    torn, whole = [], []
    for _ in range(REPEATS):
        order = rng.permutation(2 * rows)
        torn.append(_nearest(X, y, order[: int(1.6 * rows)], order[int(1.6 * rows) :]))
        kept = rng.permutation(rows)[: int(0.8 * rows)]
        inside = np.isin(group, kept)
        whole.append(_nearest(X, y, np.flatnonzero(inside), np.flatnonzero(~inside)))
    table = (("torn", float(np.mean(torn))), ("together", float(np.mean(whole))))
    facts = {"rows": rows, "repeats": REPEATS, "torn": float(np.mean(torn)), "whole": float(np.mean(whole))}
    return [Said("copies", facts), Table("copies", ("division", "error_rate"), table), Said("sound")]


def _nearest(X: np.ndarray, y: np.ndarray, train: np.ndarray, score: np.ndarray) -> float:
    """Error rate of the nearest neighbour."""
    from sklearn.neighbors import KNeighborsClassifier  # noqa: PLC0415

    return 1.0 - float(KNeighborsClassifier(1).fit(X[train], y[train]).score(X[score], y[score]))
