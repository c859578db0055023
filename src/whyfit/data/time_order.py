"""Whether rows that are near in time answer for each other: by a column that says when, or by the order of the rows.

The guess "as the nearest row has it" is made with every other row, and with those at another time only. What is told
apart: a measurement on which the target depends hardly tells more by the next value than by one a fiftieth of the rows
away, and twice as far it tells less and less; a target that drifts changes most from one row to the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from whyfit.data.guesses import constant_loss, feature_values, losses, nearest
from whyfit.data.moments import MOST_ROWS, Moment, in_time, latest, moments, order_by
from whyfit.data.sorted_rows import shuffled_within, sorted_by
from whyfit.data.subset import rows_of
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.leaks import TimeSuspect
from whyfit.evidence.types import IntArray

WINDOW = 0.02
"""Share of the rows that is forbidden before and after a row in time. Chosen."""

SUSPECT_P = 0.0005
"""Of the purse of 0.002 for all rules of question 1 beside copies and likeness: a quarter for groups, divided by the
columns that are tried, and a quarter for time, divided by the orders that are."""

WAYS_IN_TIME = 2
"""By all columns, and by time alone; the purse is divided between them."""

LEAST_RISE, LEAST_DOUBLED = 0.1, 0.01
"""Least rise of the guess's loss, as a share of the loss of the best constant; the second where the loss doubles at
least. Chosen."""

ROUGH = 2**1.5 - 1
"""A number that only counts is a time where its relation to the target is rough. The mean squared difference of targets
k rows apart grows as k^a: a = 1 for a walk, a < 1 where it returns to its mean, a = 2 for any smooth function of a
measurement (Matheron 1963, on variograms). From one window to two it then grows 2^a − 1 times as much as from no window
to one; the border lies at a = 1.5."""

HALF = 0.5
"""Share of the rows whose next row is of the same group, above which the order of rows is that of the groups. In any
order that has nothing to do with groups it is about the share of the largest one."""

EXPLAINED = 0.5
"""Share of the rise that an order which only keeps the rows sorted must bring, to explain what their own brings.
Chosen: of 200 healthy tables that are sorted, one warns; columns that drift are found in 20 of 20
(docs/evidence, `leaks`)."""

SAMPLE_SEED = 20_003


def times(data: Dataset) -> Iterator[TimeSuspect]:
    """Every column by which a time was found; where none is one, the order of the rows in the source."""
    candidates = moments(data)
    limit = SUSPECT_P / WAYS_IN_TIME / (len(candidates) + 1)
    found = [one for moment in candidates for one in _time(data, moment, limit)]
    yield from found
    if not found and not any(one.follows for one in candidates) and not stands_by_groups(data):
        yield from (_with_sorting(data, one, limit) for one in _time(data, _as_it_stands(np.arange(data.rows)), limit))


def _as_it_stands(place: IntArray) -> Moment:
    return Moment("", np.arange(place.size), place, date=True, follows=True)


def _with_sorting(data: Dataset, found: TimeSuspect, limit: float) -> TimeSuspect:
    """Say by which column the rows stand sorted, where another order that is sorted so does what theirs does."""
    tail = np.arange(data.rows)[-MOST_ROWS:]
    names, block = sorted_by(rows_of(data, tail))
    if not names:
        return found
    place = np.arange(data.rows)
    place[tail] = tail[shuffled_within(block, np.random.default_rng(SAMPLE_SEED))]
    again = _time(data, _as_it_stands(place), limit)
    rise = max((one.error_without - one.error_with for one in again), default=0.0)
    explained = rise >= EXPLAINED * (found.error_without - found.error_with)
    return replace(found, sorted_by=names[0]) if explained else found


def stands_by_groups(data: Dataset) -> bool:
    """Whether rows of a declared group follow each other: neighbours are then alike by their group, not by any time."""
    return data.groups is not None and bool((data.groups[1:] == data.groups[:-1]).mean() > HALF)


def _time(data: Dataset, moment: Moment, limit: float) -> Iterator[TimeSuspect]:
    """A run of rows that follow each other in time, the latest; thinning would take the neighbours away.

    Nearest by all columns, then by time alone: a target that drifts while most columns are noise shows only in the
    second, as the row before tells the next (its autocorrelation), and a network finds it through the time itself.
    Rows of an equal number, which may be a group or a code, are compared neither way.
    """
    last = latest(moment.values)
    rows, (place, label) = moment.known[last], in_time(moment.values[last])
    width = WINDOW * rows.size
    blocks = (label // max(1, round(2 * width))).astype(np.int64)
    for alone, values in ((False, feature_values(data, rows)), (True, place[:, None].astype(np.float64))):
        free = nearest(values) if moment.date else nearest(values, label)
        p, with_all, without = rise_of(data, rows, free, nearest(values, label, width), blocks)
        if not (p <= limit and matters(data, with_all, without)):
            continue
        if moment.sure or _is_rough(data, rows, (with_all, without), nearest(values, label, 2 * width)):
            order = order_by(data, moment.known, moment.values)
            name, undated = moment.name or None, data.rows - moment.known.size
            yield TimeSuspect(name, WINDOW, with_all, without, p, alone, order, undated=undated)
            return


def _is_rough(data: Dataset, rows: IntArray, lost: tuple[float, float], farther: IntArray) -> bool:
    there = farther >= 0
    if not there.any():
        return False
    twice = float(losses(data, rows[there], rows[farther[there]]).mean())
    return twice - lost[1] <= ROUGH * (lost[1] - lost[0])


def rise_of(
    data: Dataset, rows: IntArray, free: IntArray, apart: IntArray, blocks: IntArray
) -> tuple[float, float, float]:
    """By Wilcoxon's signed ranks over blocks, the p of the rise of the loss; then the loss both ways.

    Rows that may be compared with none are left out.
    """
    from scipy.stats import wilcoxon  # noqa: PLC0415  # heavy

    there = apart >= 0
    if not there.any():
        return 1.0, 0.0, 0.0
    with_all = losses(data, rows[there], rows[free[there]])
    without = losses(data, rows[there], rows[apart[there]])
    sums = np.bincount(blocks[there], weights=without - with_all)
    sums = sums[np.abs(sums) > 0]
    p = float(wilcoxon(sums, alternative="greater").pvalue) if sums.size > 1 else 1.0
    return p, float(with_all.mean()), float(without.mean())


def matters(data: Dataset, with_all: float, without: float) -> bool:
    """Whether the rise is large enough to change what is concluded from a score."""
    least = LEAST_DOUBLED if without >= 2 * with_all else LEAST_RISE
    return without - with_all >= least * constant_loss(data)
