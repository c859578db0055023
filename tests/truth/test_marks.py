"""Marked numbers keep their unit and their digits when they are brought up to date."""

import pytest

from truth.marks import marked, refreshed, said_as


def test_a_mark_names_its_evidence_and_the_way_into_it():
    text = "It covers <!-- evidence: it/figures::mean -->95.4 %<!-- /evidence --> of them."
    assert marked(text) == [("it", "figures::mean", "95.4 %")]


@pytest.mark.parametrize(
    ("said", "value", "now"),
    [("95.4 %", 0.96127, "96.1 %"), ("about 1.1 times", 1.2345, "about 1.2 times"), ("400", 200.0, "200"),
     ("−0.2 points", -0.31, "−0.3 points"), ("1,200 rows", 1500.0, "1500 rows")],
)  # fmt: skip
def test_a_number_is_said_as_it_was_said(said, value, now):
    assert said_as(said, value) == now


def test_a_mark_without_a_number_is_a_fault_of_the_page():
    with pytest.raises(ValueError, match="no number"):
        said_as("about", 1.0)


def test_text_without_marks_stays_as_it_is():
    assert refreshed("Nothing here is measured.\n") == "Nothing here is measured.\n"


def test_evidence_that_is_not_there_is_named():
    with pytest.raises(FileNotFoundError, match=r"nowhere\.json"):
        refreshed("<!-- evidence: nowhere/figures::mean -->1<!-- /evidence -->")
