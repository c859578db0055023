"""One column of a table to what a network can take: numbers, or codes of levels; and what was inferred on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from whyfit.data.origin import Notes, Origin, refuse_infinite
from whyfit.data.written import Reading, as_booleans, as_dates, as_numbers, days_since_first, without_missing_words
from whyfit.evidence.dataset import Column
from whyfit.evidence.types import AnyArray

IDENTIFIER_SHARE = 0.9
"""A text column with this share of distinct values says who a row is, not what it is like. Chosen: names and free text
have 0.95 to 1, postal codes and models of cars under 0.5 in tables of 1,000 rows and more."""

IDENTIFIER_ROWS = 20
"""Below this many values, distinct ones are no sign of an identifier. Chosen."""

MOST_LEVELS = 100
"""Levels beyond the most frequent ones share one level, as each is a feature of its own. Chosen: 100 levels of 10,000
rows keep 100 rows each on average; 10-million-row tables stay within memory."""

MIXED_SHARE = 0.9
"""A text column of which this share are numbers, or dates, is a column of them with words in it. Chosen."""

EXACT = 2**24
"""Whole numbers up to here are exact in 32-bit floating point."""

OTHER_LEVEL = "(other)"


@dataclass(frozen=True, eq=False, slots=True)
class Input:
    """One input column, ready for a dataset.

    Attributes
    ----------
    column
        Its name and kind.
    values
        (rows,) float64 with NaN for a numeric column, int64 codes with −1 for a categorical one.
    key
        (rows,) a number for each distinct value, in their order, −1 where missing, where `values` cannot tell them all
        apart; else None.
    """

    column: Column
    values: AnyArray
    key: AnyArray | None = None


def input_of(series: pl.Series, notes: Notes, origin: Origin) -> Input | None:
    """Read one column; None where it is left out, which is noted.

    Raises
    ------
    DataError
        Where a value is infinite.
    """
    dtype = series.dtype
    if dtype in (pl.Categorical, pl.Enum):
        return _categorical(series.cast(pl.String), notes, cut=False)
    if dtype == pl.String:
        return _text(series, notes, origin)
    values = native_numbers(series)
    if values is None:
        _left_out(series.name, "unsupported", notes)
        return None
    return _numeric(series.name, values, notes, origin, moment=dtype.is_temporal())


def native_numbers(series: pl.Series) -> AnyArray | None:
    """(rows,) float64 with NaN where missing, for columns that are numbers, truth values or times; else None."""
    dtype = series.dtype
    if dtype.is_temporal():
        return days_since_first(series)
    if dtype.is_numeric() or dtype == pl.Boolean:
        return series.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return np.full(len(series), np.nan) if dtype == pl.Null else None


def _numeric(name: str, values: AnyArray, notes: Notes, origin: Origin, *, moment: bool = False) -> Input | None:
    if np.isnan(values).all():
        _left_out(name, "all_missing", notes)
        return None
    refuse_infinite(values, name, origin)
    return Input(Column(name, "numeric", moment=moment), values, _long_number(values))


def _long_number(values: AnyArray) -> AnyArray | None:
    """Codes of numbers that 32 bits cannot tell apart, as account numbers and moments are; None for all others."""
    known = ~np.isnan(values)
    seen = values[known]
    if not np.abs(seen).max() > EXACT:
        return None
    distinct, codes = np.unique(seen, return_inverse=True)
    if not (seen == np.round(seen)).all() and np.unique(seen.astype(np.float32)).size == distinct.size:
        return None
    key = np.full(values.size, -1, dtype=np.int64)
    key[known] = codes
    return key


def _left_out(name: str, why: str, notes: Notes) -> None:
    notes.add(f"data.left_out_{why}", column=name)


def _text(series: pl.Series, notes: Notes, origin: Origin) -> Input | None:
    plain = series.cast(pl.Float64, strict=False)
    if series.null_count() == plain.null_count() < len(series):
        return _numeric(series.name, plain.fill_null(float("nan")).to_numpy(), notes, origin)
    text = without_missing_words(series)
    present = len(text) - text.null_count()
    if present == 0:
        _left_out(series.name, "all_missing", notes)
        return None
    reading = as_numbers(text) or as_booleans(text) or as_dates(text)
    if reading is None:
        reading = _mixed(text, notes, origin)
    if reading is not None:
        _note(reading, series.name, notes)
        return _numeric(series.name, reading.values, notes, origin, moment=reading.code == "data.dates")
    if present >= IDENTIFIER_ROWS and text.n_unique() - (text.null_count() > 0) >= IDENTIFIER_SHARE * present:
        _left_out(series.name, "identifier", notes)
        return None
    return _categorical(text, notes, cut=True)


def _note(reading: Reading, name: str, notes: Notes) -> None:
    if reading.code is not None:
        notes.add(reading.code, column=name, **dict(reading.facts))


def _mixed(text: pl.Series, notes: Notes, origin: Origin) -> Reading | None:
    """Numbers, or dates, with a few words between them, which are missing values and are said."""
    reading, code = as_numbers(text, share=MIXED_SHARE), "data.mixed"
    if reading is None:
        reading, code = as_dates(text, share=MIXED_SHARE), "data.mixed_dates"
    if reading is None:
        return None
    odd = np.flatnonzero(np.isnan(reading.values) & text.is_not_null().to_numpy())
    first = int(odd[0])
    notes.add(code, column=text.name, words=int(odd.size), word=text[first], row=origin.row_number(first))
    return reading


def _categorical(text: pl.Series, notes: Notes, *, cut: bool) -> Input:
    counts = text.drop_nulls().alias("level").value_counts(sort=True)  # polars adds a column `count`
    levels = counts[counts.columns[0]].to_list()
    key = None
    if cut and len(levels) > MOST_LEVELS:
        notes.add("data.levels_cut", column=text.name, levels=len(levels), kept=MOST_LEVELS)
        key = (text.rank("dense").cast(pl.Int64) - 1).fill_null(-1).to_numpy()
        kept = set(sorted(levels, key=_by_count(counts))[: MOST_LEVELS - 1])
        text = text.replace({level: OTHER_LEVEL for level in levels if level not in kept})
        levels = [*kept, OTHER_LEVEL]
    ordered = tuple(sorted(set(levels)))
    return Input(Column(text.name, "categorical", ordered), codes_of(text, ordered), key)


def _by_count(counts: pl.DataFrame) -> Callable[[str], tuple[int, str]]:
    table = dict(counts.iter_rows())
    return lambda level: (-table[level], level)


def codes_of(text: pl.Series, levels: tuple[str, ...]) -> AnyArray:
    """(rows,) int64: the position of each value among the levels, −1 where it is missing."""
    return text.cast(pl.Enum(levels)).to_physical().cast(pl.Int64).fill_null(-1).to_numpy()
