"""Marked numbers keep their unit and their digits when they are brought up to date."""

import json

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


def test_a_rule_goes_by_its_name_and_one_that_is_gone_is_named(tmp_path, monkeypatch):
    """A claim that gets another rule moves the others: no number may slip to its neighbour's place."""
    monkeypatch.setattr("truth.marks.PLACE", tmp_path)
    rules = [{"rule": "another", "value": 0.1}, {"rule": "mean coverage", "value": 0.95}]
    (tmp_path / "it.json").write_text(json.dumps({"rules": rules}))
    assert refreshed("<!-- evidence: it/rules::mean coverage::value -->1 %<!-- /evidence -->").count("95 %") == 1
    with pytest.raises(KeyError, match="lowest"):
        refreshed("<!-- evidence: it/rules::lowest::value -->1 %<!-- /evidence -->")
