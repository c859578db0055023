"""The pictures of question 5: each parameter's derivative against differences, and the gradient that reaches it."""

from dataclasses import replace

import pytest

from report.samples import WATCHED, sample, watched
from whyfit.evidence.evidence import Evidence
from whyfit.report import document_of
from whyfit.report.boil_parameters import MOST, parameters_of
from whyfit.report.charts.backprop import LEAST, WRONG
from whyfit.report.charts.catalogue import chart_named
from whyfit.text import Words


def rows_of(name, make):
    return {row["parameter"]: row for row in chart_named(name).rows(document_of(make()), Words())}


def test_a_wrong_derivative_lies_beyond_the_line_and_a_right_one_before_it():
    rows = rows_of("gradient_check", watched)
    assert rows["0.weight"]["error"] < WRONG < rows["12.weight"]["error"]
    assert rows["12.weight"]["limit"] == WRONG


def test_a_parameter_without_a_number_says_why():
    rows = rows_of("gradient_check", watched)
    assert (rows["2.weight"]["said"], rows["1.bias"]["said"]) == ("on a kink", "no gradient arrives")
    assert rows["2.weight"]["drawn"] is None


def test_an_exact_derivative_is_drawn_at_the_edge_and_keeps_its_number():
    exact = replace(WATCHED, probes={"Net": {"arrival": {"order": ["w"]}, "derivative": {"errors": {"w": 0.0}}}})
    row = rows_of("gradient_check", lambda: replace(watched(), evidence=Evidence(observation=exact)))["w"]
    assert (row["error"], row["drawn"]) == (0.0, LEAST)


def test_parameters_stand_in_the_order_of_the_network_with_those_that_nothing_reaches():
    rows = rows_of("gradient_arrival", watched)
    assert list(rows) == ["0.weight", "1.bias", "2.weight", "12.weight"]
    assert rows["1.bias"]["said"] == "no gradient arrives"
    assert rows["12.weight"]["low"] <= rows["12.weight"]["middle"] <= rows["12.weight"]["high"]
    assert rows["12.weight"]["said"] is None


def test_a_gradient_that_is_zero_at_every_look_is_said_to_be():
    parts = tuple(
        replace(look, parameters=tuple(replace(one, gradient=0.0) for one in look.parameters)) for look in WATCHED.looks
    )
    silent = replace(WATCHED, looks=parts)
    rows = rows_of("gradient_arrival", lambda: replace(watched(), evidence=Evidence(observation=silent)))
    assert rows["0.weight"]["said"] == "always zero"


@pytest.mark.parametrize("name", ["gradient_check", "gradient_arrival"])
def test_without_a_probe_there_is_nothing_to_draw(name):
    assert rows_of(name, sample) == {}


def test_of_many_parameters_those_that_nothing_reaches_are_kept():
    names = [f"{place}.weight" for place in range(1000)]
    found = {"Net": {"arrival": {"order": names, "cut": ["700.weight"]}}}
    parts = parameters_of(replace(WATCHED, looks=(), probes=found))
    assert len(parts) <= MOST
    assert [part.name for part in parts if not part.reached] == ["700.weight"]
    assert [part.name for part in parts] == sorted((part.name for part in parts), key=names.index)


def test_a_network_of_several_is_known_by_its_name():
    """The observer puts a network's type before its parameters where there are several."""
    parameters = tuple(replace(one, name=f"Net.{one.name}") for one in WATCHED.looks[0].parameters)
    looks = (replace(WATCHED.looks[0], parameters=parameters),)
    found = {name: {"arrival": {"order": ["0.weight"], "cut": ["0.weight"]}} for name in ("Net", "Other")}
    mine, other = parameters_of(replace(WATCHED, looks=looks, probes=found))
    assert (mine.reached, other.reached) == (True, False)
