"""Numbers in words."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whyfit.text import numbers


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (0.0271, "0.0271"),
        (0.1, "0.1"),
        (1234.56, "1,235"),
        (-0.5, "−0.5"),
        (0.001, "0.001"),
        (0.00099, "9.9 × 10⁻⁴"),
        (2.5e7, "2.5 × 10⁷"),
        (1e6, "1 × 10⁶"),
        (999999.9, "1,000,000"),
        (0.9999, "1"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "?"),
    ],
)
def test_a_measured_number_has_three_digits(value, said):
    assert numbers.number(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0 %"),
        (0.981, "98.1 %"),
        (1, "100 %"),
        (0.00001, "0.001 %"),
        (1e-9, "1 × 10⁻⁷ %"),
        (-0.0123, "−1.2 %"),
        (12, "1200 %"),
    ],
)
def test_a_share_is_a_percentage(value, said):
    assert numbers.percent(value) == said


@given(st.floats(allow_nan=True, allow_infinity=True) | st.integers())
def test_every_number_can_be_drawn(value):
    if numbers.is_number(value):
        for draw in (numbers.number, numbers.percent, numbers.count, numbers.points):
            assert draw(float(value))


@given(st.floats(min_value=1e-6, max_value=1e9))
def test_three_digits_are_within_half_a_percent(value):
    drawn = numbers.number(value).replace(",", "")
    if "×" in drawn:
        mantissa, power = drawn.split(" × 10")
        drawn = f"{mantissa}e{power.translate(str.maketrans('⁻⁰¹²³⁴⁵⁶⁷⁸⁹', '-0123456789'))}"
    assert float(drawn) == pytest.approx(value, rel=0.0051)


@pytest.mark.parametrize("value", [True, None, "3", math.nan, 10**400])
def test_what_is_no_number_is_none(value):
    assert not numbers.is_number(value)
