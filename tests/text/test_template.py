"""The small language of the catalogues."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whyfit.text import Words
from whyfit.text.names import plain_name
from whyfit.text.template import Template, listed


def fill(source, **numbers):
    return Words("en").fill(source, numbers)


def test_a_number_takes_the_format_its_name_has():
    assert fill("{share} of {rows}", share=0.0741, rows=20000) == "7.4 % of 20,000"


def test_the_format_can_be_named():
    assert fill("{x:percent}, {x:number}, {x:count}", x=0.5) == "50 %, 0.5, 0"


@pytest.mark.parametrize(("n", "said"), [(0, "0 rows"), (1, "1 row"), (1.0, "1 row"), (2, "2 rows")])
def test_plural_forms_follow_the_number(n, said):
    assert fill("{n:count} {n:plural|row|rows}", n=n) == said


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_an_optional_part_goes_with_its_number(missing):
    assert fill("Loss[[ {loss}, in {layer}]].", loss=missing, layer="fc1") == "Loss."
    assert fill("Loss[[ {loss}]].", loss=2.0) == "Loss 2."


def test_a_missing_number_is_said_to_be_missing():
    assert fill("{loss}") == "not measured"


@given(st.text())
def test_what_a_number_says_is_never_a_template(text):
    hostile = "{rows}[[x]]" + text
    drawn = fill("{name}!", name=hostile, rows=3)
    assert drawn == f"{plain_name(hostile)}!"


def test_scores_are_in_the_units_of_their_metric():
    numbers = {"score": 0.027, "gap": -0.0242, "low": -0.031}
    template = "{score}, {gap}, {low:bare}"
    assert fill(template, metric="error", **numbers) == "2.7 %, −2.4 points, −3.1"
    assert fill(template, metric="squared_error", **numbers) == "0.027, −0.0242, −0.031"


def test_one_point_is_singular():
    assert fill("{gap}", gap=0.01, metric="error") == "1 point"


def test_needed_names_are_those_outside_brackets():
    template = Template("{a} {b:plural|x|y} [[{c}]]")
    assert template.needed == {"a", "b"}
    assert template.names == {"a", "b", "c"}


def test_lists_are_cut_and_say_how_much_is_left():
    assert fill("{rows}", rows=list(range(8))) == "0, 1, 2, 3, 4 and 3 more"
    assert Words("zh").fill("{rows}", {"rows": (1, 2, 3)}) == "1、2和3"
    assert listed([], ", ", " and ", "{n} more") == ""
