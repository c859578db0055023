"""The page of the results: each figure with the bound that it was held to."""

import runpy
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
section = runpy.run_path(str(BENCHMARKS / "all.py"))["_section"]

RESULT = {
    "benchmark": "options",
    "machine": "a machine",
    "versions": {"numpy": "2"},
    "met": False,
    "aims": {"vs_peer": 8},
    "limits": {"dropout": 0.25},
    "ratios": {
        "vs_peer": {"median": 8.5, "low": 8.0, "high": 9.0},
        "dropout": {"median": 0.3, "low": 0.2, "high": 0.4},
        "stated": {"median": 1.0, "low": 1.0, "high": 1.0},
    },
    "figures": {"plain": {"median": 51.5, "low": 50.0, "high": 53.0}},
}


def test_aims_limits_and_what_was_measured_stand_on_the_page():
    lines = section(RESULT)
    assert lines[0] == "## options: NOT met"
    assert "| vs_peer | 8.5 | 8 to 9 | at least 8 |" in lines
    assert "| dropout | 0.3 | 0.2 to 0.4 | at most 0.25 |" in lines
    assert "| stated | 1 | 1 to 1 |  |" in lines
    assert "| plain | 51.5 | 50 to 53 |" in lines


def test_networks_a_second_and_who_was_absent_stand_on_the_page():
    counted = {"networks_a_second": {"whyfit": 11.42, "torch": 1.443}, "epochs": 30, "absent": {"keras": "no module"}}
    lines = section(RESULT | counted)
    assert "| networks of 30 epochs | a second |" in lines
    assert "| whyfit | 11.42 |" in lines
    assert "Not beside it: keras: no module." in lines
    assert not [line for line in section(RESULT) if "a second" in line]


def test_what_did_not_finish_has_no_table():
    assert section({"benchmark": "gpu", "not_run": "no accelerator"})[2] == "Not run: no accelerator."
    assert "exit code 3" in section({"benchmark": "gpu", "broke": 3, "met": False})[2]


def test_a_note_takes_the_place_of_no_figure():
    """Where one did, the page of all results could not be written."""
    document = runpy.run_path(str(BENCHMARKS / "common.py"))["_document"]
    assert document("drawing", {}, {}, {}, {"unit": "seconds"}, met=True)["unit"] == "seconds"
    with pytest.raises(AssertionError, match="figures"):
        document("drawing", {}, {}, {}, {"figures": "seconds"}, met=True)


@pytest.mark.parametrize("absent", [[], ["first paint"], None, "mlxtend is not installed"])
def test_what_is_absent_may_be_told_by_name_alone_or_in_words(absent):
    said = [line for line in section(RESULT | {"absent": absent}) if line.startswith("Not beside it")]
    assert said == ([f"Not beside it: {absent if isinstance(absent, str) else absent[0]}."] if absent else [])
