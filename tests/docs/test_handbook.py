"""The handbook is whole: a page a question in both languages, an entry a finding code, nothing that leads nowhere."""

import re
import sys
from pathlib import Path

import pytest

from whyfit.evidence.question import Question
from whyfit.explain.answers import ANSWERS
from whyfit.text import LANGUAGES
from whyfit.text.catalogue import finding_codes

DOCS = Path(__file__).resolve().parents[2] / "docs"
ENGLISH_ONLY = {"design.md", "evidence.md", "statistics.md"}
"""Of the people who work on whyfit."""


@pytest.fixture
def page(monkeypatch):
    """The helpers of the notebooks, which stand beside the pages."""
    monkeypatch.syspath_prepend(str(DOCS))
    import handbook.page

    yield handbook.page
    for name in [name for name in sys.modules if name.partition(".")[0] == "handbook"]:
        del sys.modules[name]


def pages(language):
    return {str(path.relative_to(DOCS / language)) for path in (DOCS / language).rglob("*.md")}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", Question)
def test_every_question_has_an_explanation_and_a_page_with_all_its_parts(question, language):
    text = (DOCS / language / "questions" / f"{question.value}.md").read_text(encoding="utf-8")
    for part in ("asks", "short", "case", "pictures", "mathematics", "codes"):
        assert f"page.{part}('{question.value}', '{language}')" in text, part
    assert question in ANSWERS
    assert (DOCS / "handbook" / "cases" / f"{question.value}.py").exists()


def test_both_languages_have_the_same_pages():
    assert pages("en") - ENGLISH_ONLY == pages("zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_can_be_reached_from_the_first(language):
    listed = re.findall(r"^[\w/]+$", (DOCS / language / "index.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {f"{name}.md" for name in listed} == pages(language) - {"index.md"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_code_has_an_entry_in_the_reference(page, language):
    entries = re.findall(r"^### `(.+)`$", page.all_codes(language).text, re.MULTILINE)
    assert sorted(entries) == sorted(finding_codes(language))
    assert len(entries) > 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_code_stands_on_the_page_of_its_question(page, language):
    for question in Question:
        mine = {code for code in finding_codes(language) if code.startswith(f"{question.value}.")}
        assert set(re.findall(r"`([a-z_]+\.[a-z_]+)`\]", page.codes(question.value, language).text)) == mine


def test_a_template_is_shown_without_its_braces(page):
    assert page._bare("{copies} {copies:plural|row|rows}[[ in {layer:name}]].") == "… row in …."


def test_markdown_shows_text_as_it_stands(page):
    assert page.escaped("a_b*c|d<e>") == r"a\_b\*c\|d\<e\>"


def test_both_languages_of_a_belief_have_the_same_words(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS))
    from handbook import beliefs

    assert set(beliefs.LABELS["en"]) == set(beliefs.LABELS["zh"])
    for language in LANGUAGES:
        text = (DOCS / language / "beliefs.md").read_text(encoding="utf-8")
        assert re.findall(r"beliefs\.show\('(\w+)'", text) == list(beliefs.BELIEFS)


@pytest.mark.parametrize("name", ["slope", "ranges", "modes", "dead"])
def test_a_belief_that_is_false_is_found_to_be_false(name, monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS))
    from handbook import beliefs

    assert beliefs.BELIEFS[name]().verdict == "false"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_comparison_is_read_from_the_results_of_the_benchmarks(language, page):
    from handbook import measured

    text = measured.speed(language).text
    results = measured.RESULTS.read_text(encoding="utf-8")
    assert "numpy" in text
    rows = re.findall(r"^\| ([\d-]+, \d+) \| ([\d.]+) \|", text, re.MULTILINE)
    assert len(rows) > 3
    assert all(f"| {shape} vs_torch | {median} |" in results for shape, median in rows)
