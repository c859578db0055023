"""The walk-through of the quickstart, run as it stands on the page, in a folder of its own."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "en" / "quickstart.md"
CELL = re.compile(r"^```\{code-cell\} python\n(?::tags:[^\n]*\n)?(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def walked():
    """What each cell of the page printed, in order, and the folder that it worked in."""
    import contextlib
    import io

    names, said = {}, []
    for cell in CELL.findall(PAGE.read_text(encoding="utf-8")):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(cell, str(PAGE), "exec"), names)
        said.append(out.getvalue())
    return [one for one in said if one], names["folder"]


def test_the_fault_of_the_script_is_named_first_and_gone_once_it_is_mended(walked):
    (faulty, mended, *_), _ = walked
    assert re.search(r"Findings\s+serious\s+A softmax stands before", faulty)
    assert "softmax" not in mended.lower()


def test_the_checkup_gives_a_score_with_its_interval_and_writes_its_page(walked):
    said, folder = walked
    assert re.search(
        r"error rate on rows never seen in training: [\d.]+ % \([\d.]+ to [\d.]+, 95 % interval\)", said[2]
    )
    assert (folder / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_explanation_ends_with_its_own_check(walked):
    said, _ = walked
    assert "0.25" in said[3]


def test_the_page_runs_every_kind_of_command_that_the_readme_names(walked):
    readme = (PAGE.parents[2] / "README.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"whyfit (checkup|watch|explain)\b", readme))
    page = PAGE.read_text(encoding="utf-8")
    assert shown == {name for name in shown if f'shell("{name}"' in page} == {"checkup", "watch", "explain"}
