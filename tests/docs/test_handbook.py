"""The handbook is whole: a page a question in both languages, an entry a finding code, nothing that leads nowhere."""

import importlib
import inspect
import re
import sys
from collections import defaultdict
from pathlib import Path

import pytest
import typer.testing

import whyfit
from whyfit.evidence.question import Question
from whyfit.explain.answers import ANSWERS
from whyfit.text import LANGUAGES
from whyfit.text.catalogue import finding_codes

DOCS = Path(__file__).resolve().parents[2] / "docs"
ENGLISH_ONLY = {"design.md", "evidence.md", "statistics.md"}
"""Of the people who work on whyfit."""
README = (DOCS.parent / "README.md").read_text(encoding="utf-8")
OF_A_QUESTION = defaultdict(set, explain={"--layers", "--activation", "--loss", "--optimizer"})
"""Options that `explain` takes by question."""


@pytest.fixture
def handbook(monkeypatch):
    """The helpers of the notebooks, which stand beside the pages."""
    monkeypatch.syspath_prepend(str(DOCS))
    import handbook

    yield handbook
    for name in [name for name in sys.modules if name.partition(".")[0] == "handbook"]:
        del sys.modules[name]


@pytest.fixture
def parts(handbook):
    """What gives each part of a page."""
    return importlib.import_module("handbook.parts")


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


def listed(language, page):
    """The pages below a page, from its tables of contents."""
    text = (DOCS / language / page).read_text(encoding="utf-8")
    names = [
        name
        for tree in re.findall(r"^```\{toctree\}(.*?)^```", text, re.MULTILINE | re.DOTALL)
        for name in tree.split()
    ]
    below = {str(Path(page).parent / f"{name}.md") for name in names if re.fullmatch(r"[\w/]+", name)}
    return {one for one in below if (DOCS / language / one).exists()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_can_be_reached_from_the_first(language):
    reached, new = set(), {"index.md"}
    while new:
        reached |= new
        new = {below for page in new for below in listed(language, page)} - reached
    assert reached == pages(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_of_a_howto_and_of_the_readme_knows_the_options_it_is_given(language):
    runner, app = typer.testing.CliRunner(), importlib.import_module("whyfit.cli").app
    texts = [path.read_text(encoding="utf-8") for path in (DOCS / language).rglob("*.md")]
    lines = re.findall(r"^\$ (?:\.venv/bin/)?whyfit (\w+) ([^#\n]*)", "\n".join([*texts, README]), re.MULTILINE)
    helps = {name: runner.invoke(app, [name, "--help"]).output for name in {command for command, _ in lines}}
    assert len(lines) > 25
    for command, given in lines:
        own = re.split(r" -- | \S+\.py | -m ", f" {given} ")[0] if command == "watch" else given
        options = set(re.findall(r"--[a-z-]+", own)) - OF_A_QUESTION[command]
        assert {option for option in options if option not in helps[command]} == set(), (command, given)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_program_of_a_howto_is_python(language):
    for path in (DOCS / language / "howto").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        for program in re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
            compile(program, str(path), "exec")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_code_has_an_entry_in_the_reference(parts, language):
    entries = re.findall(r"^### `(.+)`$", parts.all_codes(language).text, re.MULTILINE)
    assert sorted(entries) == sorted(finding_codes(language))
    assert len(entries) > 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_code_stands_on_the_page_of_its_question(parts, language):
    for question in Question:
        mine = {code for code in finding_codes(language) if code.startswith(f"{question.value}.")}
        assert set(re.findall(r"`([a-z_]+\.[a-z_]+)`\]", parts.codes(question.value, language).text)) == mine


def test_a_template_is_shown_without_its_braces(parts):
    assert parts._bare("{copies} {copies:plural|row|rows}[[ in {layer:name}]].") == "… row in …."


def test_markdown_shows_text_as_it_stands(parts):
    assert parts.escaped("a_b*c|d<e>") == r"a\_b\*c\|d\<e\>"
    assert parts.escaped("no `no_grad` a_b") == r"no `no_grad` a\_b"


def test_both_languages_of_a_belief_have_the_same_words_and_a_picture(handbook):
    beliefs, pictures = (importlib.import_module(f"handbook.{name}") for name in ("beliefs", "belief_pictures"))
    assert set(beliefs.LABELS["en"]) == set(beliefs.LABELS["zh"])
    assert set(pictures.PICTURES) == set(beliefs.BELIEFS)
    for language in LANGUAGES:
        text = (DOCS / language / "beliefs.md").read_text(encoding="utf-8")
        for part in ("belief", "belief_drawn"):
            assert re.findall(rf"page\.{part}\('(\w+)', '{language}'\)", text) == list(beliefs.BELIEFS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["slope", "ranges", "modes", "dead", "bias", "adamw"])
def test_the_picture_of_a_belief_has_its_words_and_its_marks(name, language, handbook):
    beliefs = importlib.import_module("handbook.beliefs")
    svg = beliefs.picture(name, language).text
    assert beliefs.LABELS[language][f"picture_{name}"] in svg
    assert svg.count('role="graphics-symbol"') > 0


@pytest.mark.parametrize("name", ["slope", "ranges", "modes", "dead", "bias", "adamw"])
def test_a_belief_that_is_false_is_found_to_be_false(name, handbook):
    beliefs = importlib.import_module("handbook.beliefs")
    assert beliefs.BELIEFS[name]().verdict == "false"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_comparison_is_read_from_the_results_of_the_benchmarks(language, handbook):
    measured = importlib.import_module("handbook.measured")
    text = measured.speed(language).text
    results = measured.RESULTS.read_text(encoding="utf-8")
    assert "numpy" in text
    rows = re.findall(r"^\| ([\d-]+, \d+) \| ([\d.]+) \|", text, re.MULTILINE)
    assert len(rows) > 3
    assert all(f"| {shape} vs_torch | {median} |" in results for shape, median in rows)


def test_every_part_that_a_page_asks_for_is_made_before_the_pages_are_built(handbook):
    """A cell that is written another way would compute by itself, once a language."""
    prepare, page = (importlib.import_module(f"handbook.{name}") for name in ("prepare", "page"))
    written = [
        cell
        for language in LANGUAGES
        for path in pages(language)
        for cell in re.findall(r"^page\..*$", (DOCS / language / path).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    found = list(prepare.calls())
    assert len(found) == len(written)
    assert {call for some in prepare.tasks() for call in some} == set(found)
    for name, arguments in found:
        inspect.signature(getattr(page, name)).bind(*arguments)


def test_what_was_made_is_read_again_and_made_anew_once_a_source_changed(handbook, tmp_path, monkeypatch):
    kept, parts = (importlib.import_module(f"handbook.{name}") for name in ("kept", "parts"))
    monkeypatch.setattr(kept, "CACHE", tmp_path)
    made = []
    monkeypatch.setattr(parts, "asks", lambda *asked: made.append(asked) or parts.Markdown("?"))
    for digest in ("a", "a", "b"):
        kept.digest.cache_clear()
        monkeypatch.setenv(kept.DIGEST, digest)
        assert kept.kept("parts", "asks", "splits", "en").text == "?"
    assert made == [("splits", "en")] * 2
    monkeypatch.delenv(kept.DIGEST)
    kept.digest.cache_clear()
    assert len(kept.digest()) == 16


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_public_name_is_in_the_reference(language):
    text = (DOCS / language / "reference" / "api.md").read_text(encoding="utf-8")
    names = set(whyfit.__all__) - {"__version__", "report", "splits"}
    names |= {f"data.splits.{name}" for name in whyfit.splits.__all__} | {
        f"report.{name}" for name in whyfit.report.__all__
    }
    assert {name for name in names if not re.search(rf"whyfit\.{name}\b", text)} == set()
    catalogues = ["optimizers", "activations", "initializers", "augmentations", "losses"]
    assert re.findall(r"page\.catalogue\('(\w+)'", text) == catalogues


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_other_tools_stand_with_their_ratio_and_their_version(language, handbook):
    measured = importlib.import_module("handbook.measured")
    text, results = measured.same_question(language).text, measured.RESULTS.read_text(encoding="utf-8")
    found = re.findall(r"\| (mlxtend|deepchecks|cleanlab)( [\d.]+)? \| ([\d.]+) \|", text)
    assert [tool for tool, *_ in found] == ["mlxtend", "deepchecks", "cleanlab"]
    assert all(f"| vs_{tool} | {ratio} |" in results for tool, _, ratio in found)
    assert all(version for tool, version, _ in found if tool != "mlxtend")
