"""Numbers as words show them: as many digits as they deserve, and never a bare `nan`."""

from __future__ import annotations

import math
import sys

DIGITS = 3
"""Significant digits of a measured number: intervals are seldom narrower than a percent of the estimate."""

PLAIN_FROM, PLAIN_BELOW = 1e-3, 1e6
"""Between these a number is written out; outside, with a power of ten."""

ROUNDING = 1e-12
"""A share below this is what is left of a difference of equal shares in float64."""

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def is_number(value: object) -> bool:
    """Whether it is a number that was measured: not a truth value, not NaN, nothing that a float cannot hold."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return not math.isnan(value) if isinstance(value, float) else abs(value) <= sys.float_info.max


def count(value: float) -> str:
    """A whole number with its thousands apart.

    Examples
    --------
    >>> count(20000)
    '20,000'
    """
    return f"{value:,.0f}".replace("-", "−") if math.isfinite(value) else _infinite(value)


def number(value: float, digits: int = DIGITS) -> str:
    """A measured number, to three significant digits.

    Examples
    --------
    >>> number(0.027123), number(-12.0), number(1234.5), number(3.2e-9)
    ('0.0271', '−12', '1,234', '3.2 × 10⁻⁹')
    """
    if not math.isfinite(value):
        return _infinite(value)
    if value == 0 or PLAIN_FROM <= abs(value) < PLAIN_BELOW:
        return _written_out(value, digits)
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    power = str(int(exponent)).translate(SUPERSCRIPTS)
    return f"{_bare(mantissa)} × 10{power}".replace("-", "−")


def percent(value: float, gap: str = " ") -> str:
    """A share as a percentage, to a tenth, finer below one percent.

    Examples
    --------
    >>> percent(0.0741), percent(0.5), percent(0.00123), percent(1.0), percent(-5.6e-18)
    ('7.4 %', '50 %', '0.12 %', '100 %', '0 %')
    """
    if not math.isfinite(value):
        return _infinite(value)
    scaled = 0.0 if abs(value) < ROUNDING else 100 * value
    text = f"{scaled:.1f}" if abs(scaled) >= 1 or scaled == 0 else f"{scaled:.2g}"
    if "e" in text:
        return f"{number(scaled, 2)}{gap}%"
    return f"{_bare(text)}{gap}%".replace("-", "−")


def points(value: float) -> str:
    """A difference of two shares in percentage points, without a unit.

    Examples
    --------
    >>> points(0.0242), points(-0.5), points(0.00123)
    ('2.4', '−50', '0.12')
    """
    return percent(value, gap="").removesuffix("%") if math.isfinite(value) else _infinite(value)


def _written_out(value: float, digits: int) -> str:
    magnitude = math.floor(math.log10(abs(value))) if value else 0
    return _bare(f"{value:,.{max(0, digits - 1 - magnitude)}f}").replace("-", "−")


def _bare(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _infinite(value: float) -> str:
    return "?" if math.isnan(value) else "−∞" if value < 0 else "∞"
