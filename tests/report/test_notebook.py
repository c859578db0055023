"""Findings, recipes and outcomes in a notebook."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from report.samples import FINDINGS, HOSTILE, run
from whyfit.evidence.finding import Finding, Severity
from whyfit.evidence.outcome import Outcome
from whyfit.evidence.recipe import Recipe
from whyfit.report.notebook import DRAWINGS, finding_html, outcome_html, recipe_html, show_in_notebooks


@pytest.fixture(autouse=True)
def english(monkeypatch):
    """Whatever the locale of the machine that tests."""
    monkeypatch.setenv("LC_ALL", "C")


def outcome():
    past = run()
    return Outcome(
        key="k",
        status="done",
        curves=past.curves,
        final=past.final,
        best_epoch=17,
        stopped_epoch=22,
        rows=np.arange(3),
        engine="kernel",
        why_engine="",
        platform="",
        schema=1,
        seconds=0.21,
    )


def test_a_finding_shows_its_words_and_numbers():
    html = finding_html(FINDINGS[0])
    assert "serious: 133 of the scored rows (7.4 %) are copies of training rows." in html
    assert "expected by chance</th><td>0.2" in html


def test_a_finding_without_words_shows_its_code():
    assert "splits.unheard_of" in finding_html(Finding("splits.unheard_of", Severity.NOTE))


def test_a_recipe_shows_what_it_changes():
    assert "dropout</th><td>0.5" in recipe_html(Recipe(dropout=0.5))
    assert "default" in recipe_html(Recipe())


def test_an_outcome_shows_what_became_of_it():
    html = outcome_html(outcome())
    assert "kept epoch</th><td>17 of 22" in html
    assert "unseen loss</th><td>0.12" in html


def test_all_three_speak_the_language_of_the_locale(monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "训练行" in finding_html(FINDINGS[0])
    assert "配方" in recipe_html(Recipe())
    drawn = outcome_html(outcome())
    assert "保留的轮次</th><td>17（共 22）" in drawn
    assert not {"Outcome", "loss", "seconds"} & set(drawn.replace("<", " ").replace(">", " ").split())


def test_outside_strings_are_escaped():
    for text in HOSTILE:
        html = finding_html(Finding("splits.class_missing", Severity.NOTE, {"class": text, "part": text, text: text}))
        assert "<script" not in html
        assert "<img" not in html


def test_a_running_notebook_is_told_and_no_other_program_is(monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert not show_in_notebooks()
    told = {}
    formatter = SimpleNamespace(for_type=told.__setitem__)
    shell = SimpleNamespace(display_formatter=SimpleNamespace(formatters={"text/html": formatter}))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert show_in_notebooks()
    assert told == DRAWINGS
