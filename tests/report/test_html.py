"""The report as one HTML file."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from report.samples import empty, hostile, hostile_script, sample, stored, watched
from whyfit.evidence.question import Question
from whyfit.report import document_of
from whyfit.report.document import WherePart
from whyfit.report.fragment import fragment_of
from whyfit.report.html import json_for_script, to_html
from whyfit.report.phrases import arm_name, numbers_of, place
from whyfit.report.templates import tight
from whyfit.text import LANGUAGES, Words
from whyfit.text.catalogue import entries

LARGEST = 1_500_000
"""Bytes: what a mail still carries without complaint."""
CODE = {"script", "style"}
VOID = {"meta", "link", "img", "br"}
SOURCES = {"src", "href", "srcset", "data", "action", "formaction", "poster", "background", "xlink:href"}


class Reader(HTMLParser):
    """Gathers every element with its attributes, the text, and what stands in scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.code, self.open, self.unclosed = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.unclosed.append(tag)

    def handle_data(self, data):
        if self.open and self.open[-1] in CODE:
            self.code.append((self.open[-1], data))


def pages():
    makers = (sample, watched, empty, hostile, hostile_script)
    return [(make.__name__, language, make) for make in makers for language in LANGUAGES]


@pytest.fixture(scope="module", params=pages(), ids=lambda page: f"{page[0]}-{page[1]}")
def page(request):
    _, language, make = request.param
    return to_html(stored(make), language)


def test_nothing_is_loaded_from_anywhere(page):
    for _, attributes in Reader(page).elements:
        for name in SOURCES & set(attributes):
            assert attributes[name].startswith(("#", "data:,")), attributes


def test_there_are_no_handlers_no_inline_styles_and_no_foreign_elements(page):
    reader = Reader(page)
    for tag, attributes in reader.elements:
        assert not any(name.startswith("on") or name == "style" for name in attributes), (tag, attributes)
        assert tag not in {"img", "iframe", "object", "embed", "form", "base"}
    assert [tag for tag, _ in reader.elements].count("script") == 2
    assert [tag for tag, _ in reader.elements].count("style") == 1
    assert reader.unclosed == []
    assert reader.open == []


def test_the_policy_allows_our_style_and_script_by_digest_and_nothing_else(page):
    reader = Reader(page)
    [policy] = [one["content"] for tag, one in reader.elements if one.get("http-equiv") == "Content-Security-Policy"]
    allowed = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    style = next(text for tag, text in reader.code if tag == "style")
    script = [text for tag, text in reader.code if tag == "script"][-1]
    assert allowed["default-src"] == "'none'"
    assert allowed["script-src"] == f"'{digest(script)}'"
    assert allowed["style-src"] == f"'{digest(style)}'"
    assert "unsafe" not in policy


def digest(text):
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_the_page_is_small_enough_to_be_sent(page):
    assert len(page.encode()) < LARGEST


def test_a_full_study_stays_small():
    from report.samples import FINDINGS, run
    from whyfit.evidence.evidence import Evidence

    runs = tuple(run(seed, layers=100, epochs=600, stopped=600) for seed in range(3))
    report = sample(FINDINGS * 40, evidence=Evidence(runs=runs))
    assert len(to_html(document_of(report)).encode()) < LARGEST


def test_every_question_has_its_section_in_order(page):
    places = [page.index(f'<section class="question" id="{question.value}"') for question in Question]
    assert places == sorted(places)


def test_findings_stand_first_and_most_serious_on_top():
    page = to_html(stored(sample))
    severities = re.findall(r'<article class="finding (\w+)"', page)
    assert severities == ["serious", "warning", "note"]
    assert page.index('id="findings"') < page.index('id="score"') < page.index('id="splits"')


def test_a_page_speaks_one_language():
    chinese = to_html(stored(sample), "zh")
    assert '<html lang="zh-Hans">' in chinese
    assert Words("zh").title(Question.OVERFITTING) in chinese
    text = re.sub(r"<(script|style|pre)\b.*?</\1>", "", chinese, flags=re.DOTALL)
    for english in ("Findings", "training rows", "not measured", "The network", "unseen"):
        assert english not in text


def test_every_chart_has_a_table_and_a_title():
    page = to_html(stored(sample))
    charts = re.findall(r'<figure data-chart="(\w+)" aria-labelledby="title-(\w+)"', page)
    assert len(charts) > 8
    assert all(name == title for name, title in charts)
    assert page.count("<table>") == len(charts)


def test_what_was_inferred_from_the_data_is_told():
    told = [
        {"code": "data.target_last", "facts": {"column": "<b>y</b>"}},
        {"code": "data.unheard_of", "facts": {}},
        {"code": 3},
        "x",
    ]
    page = to_html(document_of(sample(data={"told": told})))
    assert "The target is column “&lt;b&gt;y&lt;/b&gt;”, the last one; <code>--target</code> chooses another." in page
    assert Words().label("told") not in to_html(stored(sample))


def test_json_in_a_script_cannot_end_it():
    text = str(json_for_script({"</script>": "<!--\u2028&"}))
    assert not set("<>&\u2028") & set(text)


def test_a_notebook_gets_a_fragment_without_a_script():
    for make in (sample, empty, hostile, hostile_script):
        reader = Reader(fragment_of(stored(make)))
        assert "script" not in {tag for tag, _ in reader.elements}
        assert reader.unclosed == []
        assert not any(name.startswith("on") for _, attributes in reader.elements for name in attributes)


def test_code_in_quotation_marks_stands_as_code_and_markup_in_it_stays_text():
    assert tight('say `name="flip"` here') == "say <code>name=&#34;flip&#34;</code> here"
    assert "<b>" not in tight("`<b>` & `a & b`")


def test_a_command_breaks_between_its_words_and_nowhere_inside_them():
    document = document_of(sample())
    words = str(document.provenance["command"]).split()
    text = to_html(document, "en")
    assert " ".join(f'<span class="word">{word}</span>' for word in words) in text


def test_the_number_rows_are_counted_from_is_part_of_the_place_and_no_number():
    document = document_of(sample())
    finding = document.findings[0]
    told = {"evidence": {**finding.evidence, "first_row": 2}, "where": WherePart(rows=(4, 9))}
    counted = finding.model_copy(update=told)
    assert "of the file" in place(counted, Words("en"))
    assert numbers_of(counted, document, Words("en")) == numbers_of(finding, document, Words("en"))


def test_a_strength_of_two_words_stands_in_the_language_asked_for():
    said = {name: arm_name("batch_norm_and_dropout", "after, dropout 0.25", Words(name)) for name in LANGUAGES}
    assert said == {
        "en": "batch norm with dropout (after, dropout 0.25)",
        "zh": "批归一化加 dropout (激活之后，dropout 0.25)",
    }


@pytest.mark.parametrize("make", [sample, watched])
def test_every_fact_of_the_provenance_has_its_name_in_chinese(make):
    known = entries("zh", "provenance")
    versions = {"numpy", "scipy", "numba"}
    assert set(document_of(make()).provenance) - versions - set(known) <= {"interrupted"}
