"""The page on what scripts may rely on: every example runs, every piece of JSON fits the published schema."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from report.samples import sample
from whyfit.report import schema, to_json
from whyfit.text import LANGUAGES

DOCS = Path(__file__).resolve().parents[2] / "docs"
OFFERED = (
    "weights",
    "augmentations",
    "label_preserving",
    "metric=",
    "recommended",
    "capacity",
    "ensemble",
    "learning_curve",
    "modes",
    "cases",
)


def blocks(language, kind):
    page = (DOCS / language / "reference" / "interface.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def test_every_example_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report.json").write_text(to_json(sample()), encoding="utf-8")
    names = {}
    for block in blocks("en", "python"):
        exec(compile(block, "interface.md", "exec"), names)
    assert names["report"].networks == 10


def test_both_languages_have_the_same_examples():
    for kind in ("python", "json"):
        assert blocks("en", kind) == blocks("zh", kind)


@pytest.mark.parametrize("text", blocks("en", "json"), ids=lambda text: text[2:20].split('"')[0])
def test_json_on_the_page_is_what_the_schema_allows(text):
    whole = schema()
    for name, value in json.loads(text).items():
        jsonschema.validate(value, whole["properties"][name] | {"$defs": whole["$defs"]})


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_study_offers_beyond_its_verdicts_has_a_section_with_an_example(language):
    page = (DOCS / language / "reference" / "interface.md").read_text(encoding="utf-8")
    sections = re.split(r"^## ", page, flags=re.MULTILINE)[1:]
    for name in OFFERED:
        assert any(name in section and "```python" in section for section in sections), name


def test_every_chart_that_is_a_key_of_the_document_is_on_the_page():
    """A key that is added to the document without a word here is found."""
    told = " ".join(path.read_text(encoding="utf-8") for path in (DOCS / "en").rglob("*.md"))
    described = {"schema_version", "whyfit", "door", "data", "questions", "findings", "networks", "seconds", "seed"}
    for name in (
        set(schema()["properties"]) - described - {"provenance", "series", "decomposition", "optimizers", "score"}
    ):
        assert f"`{name}`" in told, name
