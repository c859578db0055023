"""Strings from outside."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whyfit.text.names import NAME_LENGTH, UNPRINTED, plain_name


@given(st.text())
def test_no_name_steers_a_terminal_or_is_longer_than_it_may_be(text):
    drawn = plain_name(text)
    assert len(drawn) <= NAME_LENGTH
    assert not any(unicodedata.category(character) in UNPRINTED for character in drawn)


def test_ordinary_names_stay_as_they_are():
    for name in ("fc1", "encoder.layers.0.self_attn", "年龄", "Größe (cm)", "a b"):
        assert plain_name(name) == name


def test_a_lone_surrogate_is_drawn():
    assert plain_name("\ud800") == "\\ud800"


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\x1b", "\n", "\x00", "\u2028"])
def test_marks_are_shown_as_codes(mark):
    assert plain_name(f"a{mark}b").isprintable()


def test_the_two_ends_of_a_long_name_are_kept():
    drawn = plain_name("start" + "x" * 1_000_000 + "end")
    assert drawn.startswith("start")
    assert drawn.endswith("end")
