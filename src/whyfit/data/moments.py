"""Columns that may say when a row was taken: dates, seconds since 1970, years, and numbers that count evenly.

How a column looks makes it a candidate only: whether rows near in it answer for each other is decided by their targets
(`time_order`). Blind to times at uneven distances that are written as plain numbers from an unknown start and do not
stand in order; nothing tells those from any other measurement.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from whyfit.data.order import order_facts
from whyfit.data.subset import rows_of
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.leaks import OrderFacts
from whyfit.evidence.types import AnyArray, FloatArray, IntArray

LEAST_KNOWN = 100
"""Rows with a value, at least. Chosen."""

LEAST_STEPS, LEAST_OF_UNIX = 150, 50
"""Distinct values at least. A window of a fiftieth of the rows is forbidden around each: three steps, so that its edge
is farther away than the next value; or one, where the numbers look like nothing else. Ages have fewer."""

UNIX = (1e8, 4.1e9)
"""Seconds since 1970 from 1973 to 2099; the same in thousandths, millionths and billionths."""

YEARS = (1700, 2200)
"""Whole years, or years with a fraction."""

EVENLY, LIKE_MEDIAN = 0.9, 0.01
"""Share of the steps from one value to the next that are as long as the median step, and how nearly. Chosen: hours and
days of a series with some gaps have 0.95 and more, 600 of 1,000 whole numbers drawn at random 0.6."""

MOST_ROWS = 3_000
"""Rows whose neighbours are looked for: 9 million distances, some tenths of a second a column."""

MOST_MOMENTS = 6
"""Candidates that are tried: dates and the like, then those in whose order the target's neighbours are most alike.
Chosen."""


class Moment(NamedTuple):
    """A column that may be a time.

    Attributes
    ----------
    name
        Of the column.
    known
        (known,) rows that have a value.
    values
        (known,) numbers in the order of the values, which 32 bits may have rounded.
    date
        Whether it is written as a date or time: rows of the same day then answer for each other by their time. Equal
        numbers may as well be a group, a code or an age.
    follows
        Whether it rises or falls from row to row: its order is that of the rows.
    unix
        Whether its numbers are seconds since 1970 in our times.
    """

    name: str
    known: IntArray
    values: AnyArray
    date: bool
    follows: bool
    unix: bool = False

    @property
    def sure(self) -> bool:
        """Whether it looks like a time and like hardly anything else; a number that counts may be a measurement."""
        return self.date or self.follows or self.unix


def moments(data: Dataset) -> list[Moment]:
    """The candidates that are tried."""
    found = list(_moments(data))
    sure = [one for one in found if one.sure]
    others = sorted(((_alike(data, one), place) for place, one in enumerate(found) if not one.sure), reverse=True)
    return [*sure, *(found[place] for alike, place in others if alike > 0)][:MOST_MOMENTS]


def _moments(data: Dataset) -> Iterator[Moment]:
    keys = dict(data.keys)
    for column, values in zip([c for c in data.columns if c.kind == "numeric"], data.numeric.T, strict=True):
        known = np.flatnonzero(~np.isnan(values))
        if known.size < LEAST_KNOWN:
            continue
        seen = values[known].astype(np.float64)
        exact = keys[column.name][known] if column.name in keys else seen
        last = latest(exact)
        distinct, evenly = np.unique(exact[last]).size, _evenly(seen[last])
        follows, unix = _follows_rows(exact) and (evenly or _whole(seen)), _unix(seen)
        may_be = distinct >= LEAST_STEPS and (evenly or _years(seen))
        if column.moment or follows or may_be or (unix and distinct >= LEAST_OF_UNIX):
            yield Moment(column.name, known, exact, column.moment, follows, unix)


def latest(values: AnyArray) -> IntArray:
    """(compared,) positions of the largest values, in the order of the rows; all of them where they are few enough."""
    if values.size <= MOST_ROWS:
        return np.arange(values.size)
    return np.sort(np.argpartition(values, values.size - MOST_ROWS)[-MOST_ROWS:])


def in_time(values: AnyArray) -> tuple[IntArray, FloatArray]:
    """(rows,) places in the order of time, all different; and the same where equal values share their mean place.

    Examples
    --------
    >>> in_time(np.array([7, 3, 7, 1]))
    (array([2, 1, 3, 0]), array([2.5, 1. , 2.5, 0. ]))
    """
    place = np.empty(values.size, dtype=np.int64)
    place[np.argsort(values, kind="stable")] = np.arange(place.size)
    codes, sizes = np.unique(values, return_inverse=True, return_counts=True)[1:]
    return place, np.bincount(codes, weights=place)[codes] / sizes[codes]


def order_by(data: Dataset, rows: IntArray, values: AnyArray) -> OrderFacts | None:
    """How far the targets of these rows are alike from one to the next in the order of the values."""
    return order_facts(replace(rows_of(data, rows), time=values.astype(np.float64)))


def _alike(data: Dataset, moment: Moment) -> float:
    """How far the target's autocorrelation in this order is beyond what chance gives; nothing else can leak by it."""
    last = latest(moment.values)
    order = order_by(data, moment.known[last], moment.values[last])
    return 0.0 if order is None else order.autocorrelation - order.by_chance


def _follows_rows(values: AnyArray) -> bool:
    for some in (values[:LEAST_KNOWN], values):  # most columns fail on the first few
        steps = np.diff(some)
        if not ((steps > 0).all() or (steps < 0).all()):
            return False
    return True


def _whole(values: FloatArray) -> bool:
    return bool((values == np.round(values)).all())


def _unix(values: FloatArray) -> bool:
    low, high = float(values.min()), float(values.max())
    return any(UNIX[0] * unit <= low and high <= UNIX[1] * unit for unit in (1, 1e3, 1e6, 1e9))


def _years(values: FloatArray) -> bool:
    return bool(YEARS[0] <= values.min() and values.max() <= YEARS[1])


def _evenly(values: FloatArray) -> bool:
    """Whether the distinct values lie at even distances, but for gaps and for what 32 bits round."""
    steps = np.diff(np.unique(values))
    if not steps.size:
        return False
    usual, rounding = float(np.median(steps)), float(np.spacing(np.float32(np.abs(values).max())))
    return bool((np.abs(steps - usual) <= LIKE_MEDIAN * usual + rounding).mean() >= EVENLY)
