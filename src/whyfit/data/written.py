"""Numbers, truth values and dates as people write them, read from columns of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from whyfit.evidence.types import AnyArray

MISSING_WORDS = frozenset(
    {"", "na", "n/a", "#n/a", "#na", "<na>", "nan", "-nan", "null", "none", "nil", "?", "missing"}
)
"""What pandas and R write for a missing value, and `?` of the UCI archive; compared in lower case."""

MISSING_SIGNS = frozenset({"-", "--", ".", "...", "—", "*", "#value!", "#ref!", "#div/0!", "#num!"})
"""What stands for a missing value in columns of numbers (SAS writes a dot, spreadsheets their errors)."""

TRUTH_WORDS = (("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("on", "off"), ("是", "否"))
"""Pairs of words for true and false, in lower case."""

DATE_FORMS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%Y年%m月%d日",
)
"""Forms of a date; the first that fits every value is taken and told, so month-first wins where both orders fit."""

TIME_FORMS = (
    *("", " %H:%M:%S%.f", " %H:%M:%S", " %H:%M", "T%H:%M:%S%.f", "T%H:%M:%S", "T%H:%M"),
    *(" %I:%M %p", " %I:%M:%S %p"),
)
"""What may follow a date; before that an offset from UTC is taken off, and the moment moved by it."""

OFFSET = r"(\d)\s*(?:Z|UTC|GMT|([+-]\d{2}):?(\d{2})?)$"
"""Hours and minutes east of UTC behind a time of day, as ISO 8601 writes them."""

MONTH = r"^(1[6-9]|20)\d{2}[-/](0?[1-9]|1[0-2])$"
"""A year and a month, which stand for the first day of it."""

FEW = 100
"""Values that tell whether a column may be of some kind, before all are read."""

MINUS = "−"
"""The sign that word processors write; everything here reads a hyphen."""

THOUSANDS_COMMA = r"^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$"
"""No thousands begin with a zero: 0,125 has a decimal comma."""
DECIMAL_COMMA = r"^[+-]?(\d+|\d{1,3}(\.\d{3})+|\d{1,3}([   ]\d{3})+)?,\d+([eE][+-]?\d+)?$"
THOUSANDS_SPACE = r"^[+-]?\d{1,3}([   '’]\d{3})+(\.\d*)?$"
LONG_YEAR = r"\d{4}"
"""A year in full; without one the year has two digits, 69 to 99 of the last century, and stands behind."""

NOTHING = r"^[+-]?0+([.,]0+)?$"
"""Zero is zero in every unit."""

UNITS = (
    *("US$", "%", "‰", "€", "$", "£", "¥", "₹", "₽", "₩", "元", "円", "zł", "kr"),
    *("EUR", "USD", "GBP", "CHF", "CNY", "RMB", "JPY", "INR", "CAD", "AUD", "SEK", "NOK", "DKK", "PLN", "BRL"),
)
"""Signs of a share or a currency, before or behind a number; one column holds one of them."""
PLAIN = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"


@dataclass(frozen=True, eq=False, slots=True)
class Reading:
    """A column of text read as numbers.

    Attributes
    ----------
    values
        (rows,) float64, NaN where missing.
    code, facts
        What was inferred, None for plain numbers.
    """

    values: AnyArray
    code: str | None = None
    facts: tuple[tuple[str, str], ...] = ()


def without_missing_words(series: pl.Series) -> pl.Series:
    """The text without surrounding blanks, null where it says that nothing is there."""
    return _without(series.str.strip_chars(), MISSING_WORDS)


def _without(text: pl.Series, words: frozenset[str]) -> pl.Series:
    """Null in place of these words, in whatever case; few distinct values are short, so only those are looked at."""
    short = text.filter(text.str.len_bytes() <= max(len(word.encode()) for word in words)).unique().drop_nulls()
    gone = [value for value in short.to_list() if value.lower() in words]
    return _nulled(text, text.is_in(gone).fill_null(value=False)) if gone else text


def _nulled(text: pl.Series, gone: pl.Series) -> pl.Series:
    return pl.select(pl.when(~gone).then(text)).to_series().alias(text.name)


def as_numbers(text: pl.Series, *, share: float = 1.0) -> Reading | None:
    """Read plain numbers, else thousands separators, else decimal commas; None where too few values are numbers.

    Where every comma has three digits behind it and both are possible, it is a thousands separator. One sign of a
    share or a currency is taken off before: 5 % is 5.

    Examples
    --------
    >>> reading = as_numbers(pl.Series(["€ 1,200", "-€5", None]))
    >>> reading.values.tolist(), reading.code, reading.facts
    ([1200.0, -5.0, nan], 'data.units', (('unit', '€'),))
    """
    if text.str.starts_with(MINUS).any():
        text = text.str.replace(MINUS, "-", literal=True)
    text = _without(text, MISSING_SIGNS)
    wanted = share * (len(text) - text.null_count())
    reading = _numbers(text, wanted)
    unit = None if reading is not None else _unit(text)
    if unit is None or (reading := _numbers(_without_unit(text, unit), wanted)) is None:
        return reading
    return Reading(reading.values, "data.units", (("unit", unit),))


def _numbers(text: pl.Series, wanted: float) -> Reading | None:
    for code, plain in _forms(text):
        values = plain.cast(pl.Float64, strict=False)
        if 0 < wanted <= len(values) - values.null_count():
            return Reading(values.fill_null(float("nan")).to_numpy(), code)
    return None


def _unit(text: pl.Series) -> str | None:
    """The unit of the first of the first values that has one."""
    for value in text.drop_nulls().head(FEW).to_list():
        bare = value.strip("+-( )")
        for unit in UNITS:
            rest = bare.removeprefix(unit) if bare.startswith(unit) else bare.removesuffix(unit)
            if rest != bare and rest.strip(" +-\u00a0\u202f")[:1].isdigit():
                return unit
    return None


def _without_unit(text: pl.Series, unit: str) -> pl.Series:
    """The numbers beside that unit, and zeros; null without one, as 0.05 beside 5 % is another number."""
    sign = re.escape(unit)
    behind, before = rf"\s*{sign}$", rf"^([+-]?)\s*{sign}\s*([+-]?)"
    has = (text.str.contains(behind) | text.str.contains(before) | text.str.contains(NOTHING)).fill_null(value=False)
    return _nulled(text.str.replace(behind, "").str.replace(before, "$1$2"), ~has)


def _forms(text: pl.Series) -> Iterator[tuple[str | None, pl.Series]]:
    yield None, text
    if text.str.contains(r"^[+-]?[\d.,   '’]+([eE][+-]?\d+)?$").any():
        yield "data.thousands", _rewritten(text, THOUSANDS_COMMA, ",")
        yield "data.thousands", _rewritten(text, THOUSANDS_SPACE, r"[   '’]")
        bare = text.str.replace_all(r"[.   ]", "").str.replace(",", ".", literal=True)
        fits = text.str.contains(DECIMAL_COMMA) | text.str.contains(r"^[+-]?(\d+|\d{1,3}(\.\d{3})+)$")
        yield "data.decimal_comma", _nulled(bare, ~fits.fill_null(value=False))


def _rewritten(text: pl.Series, form: str, separator: str) -> pl.Series:
    """Values of that form without their separators, plain numbers as they are, everything else null."""
    fits = text.str.contains(form) | text.str.contains(PLAIN)
    return _nulled(text.str.replace_all(separator, ""), ~fits.fill_null(value=False))


def as_booleans(text: pl.Series) -> Reading | None:
    """Read pairs of words such as yes and no as 1 and 0."""
    lower = text.str.to_lowercase()
    if lower.head(1000).n_unique() > 3:
        return None
    words = set(lower.drop_nulls().unique().to_list())
    for true, false in TRUTH_WORDS:
        if words == {true, false}:
            values = (lower == true).cast(pl.Float64).fill_null(float("nan"))
            return Reading(values.to_numpy(), "data.booleans", (("true", true),))
    return None


def as_dates(text: pl.Series, *, share: float = 1.0) -> Reading | None:
    """Read dates and times as days since the earliest one; None where too few values are dates of one form.

    A time of day with its offset from UTC is that moment in UTC; without one it is taken as it stands.

    Examples
    --------
    >>> as_dates(pl.Series(["2026-03-01 10:00+02:00", "2026-03-01 14:00Z"])).values.tolist()
    [0.0, 0.25]
    """
    present = text.drop_nulls()
    if present.is_empty() or present.head(FEW).str.contains(r"\d").sum() < share * min(FEW, len(present)):
        return None
    bare, east = _to_utc(text) if _has_clock(present) else (text, None)
    if present.str.contains(MONTH).all():
        bare = bare.str.replace("$", "-01").str.replace("/", "-", literal=True)
    form = _date_form(bare, share)
    if form is None:
        return None
    moments = bare.str.to_datetime(form, time_unit="us", strict=False)
    return Reading(days_since_first(moments if east is None else moments - east), "data.dates", (("form", form),))


def _has_clock(present: pl.Series) -> bool:
    return bool(present.head(FEW).str.contains(r"\d:\d\d").any())


def _to_utc(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The text without its offsets, and how far east of UTC each value is."""
    hours, minutes = (text.str.extract(OFFSET, group).cast(pl.Int64, strict=False).fill_null(0) for group in (2, 3))
    west = text.str.extract(OFFSET, 2).str.starts_with("-").fill_null(value=False)
    east = pl.select(60 * hours + pl.when(west).then(-minutes).otherwise(minutes)).to_series()
    return text.str.replace(OFFSET, "$1"), (east * 60_000_000).cast(pl.Duration("us"))


def _date_form(text: pl.Series, share: float) -> str | None:
    """The first form that fits most values, every one but for that share; tried on a few first, as most fit none."""
    present = text.drop_nulls()
    few, best, fits = present.head(FEW // 2), None, share * len(present)
    dates: tuple[str, ...] = DATE_FORMS
    if not few.str.contains(LONG_YEAR).any():  # polars reads 26 as the year 26
        dates = tuple(form.replace("%Y", "%y") for form in DATE_FORMS if not form.startswith("%Y"))
    for form in (date + clock for date in dates for clock in TIME_FORMS):
        if _fitting(few, form) < share * len(few):
            continue
        found = _fitting(present, form)
        if found == len(present):
            return form
        if found >= fits:
            best, fits = form, found + 1
    return best


def _fitting(present: pl.Series, form: str) -> int:
    return len(present) - present.str.to_datetime(form, time_unit="us", strict=False).null_count()


def days_since_first(series: pl.Series) -> AnyArray:
    """Dates and times as days since the earliest one; a shift, so nothing of other rows reaches training by it."""
    if series.dtype in (pl.Duration, pl.Time):
        ticks = series.cast(pl.Duration("us")).dt.total_microseconds()
    else:
        ticks = series.cast(pl.Datetime("us")).dt.epoch("us")
    start = ticks.min() or 0
    return ((ticks - start).cast(pl.Float64) / 86_400e6).fill_null(float("nan")).to_numpy()
