"""Every code has words, in both languages, and the two say the same things."""

import ast
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import whyfit
import whyfit.exams
from whyfit.evidence.evidence import EvidenceKind
from whyfit.evidence.exam import Exam
from whyfit.evidence.finding import Severity
from whyfit.evidence.question import Question
from whyfit.rules.activations import activations
from whyfit.rules.augmentations import augmentations
from whyfit.rules.initializers import initializers
from whyfit.rules.losses import losses
from whyfit.rules.optimizers import optimizers
from whyfit.text import LANGUAGES, Words
from whyfit.text.catalogue import FINDING_FIELDS, entries, finding_codes, finding_entry, formats, question_entry
from whyfit.text.template import OPTIONAL, PLACE, Template

SOURCE = Path(whyfit.__file__).parent
KINDS = ("reasons", "told", "terms", "numbers", "provenance", "testing", "labels")
FORMS = {"count", "number", "percent", "score", "points", "bare", "name", "term", "words", "plural"}


def exams():
    """Every exam class of the package, listed or not."""
    for module in pkgutil.walk_packages(whyfit.exams.__path__, "whyfit.exams."):
        for thing in vars(importlib.import_module(module.name)).values():
            if isinstance(thing, type) and thing.__module__ == module.name and issubclass_of_exam(thing):
                yield thing


def issubclass_of_exam(thing):
    return (
        all(hasattr(thing, name) for name in ("question", "needs", "codes", "applies", "judge")) and thing is not Exam
    )


def exam_codes():
    return sorted({code for exam in exams() for code in exam.codes})


def literal_arguments(function, place):
    """The string literals that stand at one place of every call of a function, anywhere in the package."""
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == function:
                for argument in node.args[place : place + 1]:
                    yield from (leaf.value for leaf in ast.walk(argument) if isinstance(leaf, ast.Constant))


def templates(language):
    for code in finding_codes(language):
        for field, source in finding_entry(language, code).items():
            yield f"{code}.{field}", source
    for kind in ("reasons", "told", "labels"):
        yield from ((f"{kind}.{name}", source) for name, source in entries(language, kind).items())


def test_there_are_exams_whose_codes_can_be_checked():
    assert len(exam_codes()) > 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_code_of_every_exam_has_words(language):
    assert set(exam_codes()) - finding_codes(language) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_for_no_answer_has_words(language):
    literal = {code for code in literal_arguments("Answer", 1) if isinstance(code, str)}
    codes = literal | {kind.value for kind in EvidenceKind} | {whyfit.exams.NOT_BUILT}
    assert literal
    assert codes - set(entries(language, "reasons")) == set()


@pytest.mark.parametrize("code", ["remedies", "gradient_remedies_not_measured"])
def test_a_question_whose_remedies_were_left_out_does_not_say_that_none_was_trained_at_all(code):
    """Other questions of the same study may list a dozen."""
    assert "for this question" in Words("en").why(code)
    assert "这个问题" in Words("zh").why(code)


def told_codes():
    """Strings such as `data.mixed` anywhere in the room that loads data; f-strings end in what varies."""
    leaves = (
        leaf.value
        for file in (SOURCE / "data").rglob("*.py")
        for leaf in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
    )
    return {text for text in leaves if re.fullmatch(r"data\.\w+", text)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_thing_that_is_told_has_words(language):
    known = set(entries(language, "told"))
    for code in told_codes():
        assert code in known or (code.endswith("_") and any(one.startswith(code) for one in known)), code


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_remedy_and_optimiser_has_a_name(language):
    calls = ("_family", "_reverse", "Family")
    names = {name for call in calls for name in literal_arguments(call, 0) if isinstance(name, str)}
    assert "dropout" in names
    assert names - set(entries(language, "terms")) == set()
    assert {*optimizers, *activations, *initializers, *losses, *augmentations} - set(
        entries(language, "terms")
    ) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_has_a_title_and_asks_something(language):
    for question in Question:
        assert Words(language).title(question)
        assert Words(language).asks(question)[-1] in "?？"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_severity_and_status_has_a_label(language):
    names = {f"severity_{severity.value}" for severity in Severity}
    names |= {"measured", "partly_measured", "not_measured", "does_not_apply"}
    assert names - set(entries(language, "labels")) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_hold_the_same_words(kind):
    assert set(entries("en", kind)) == set(entries("zh", kind))


def test_both_languages_know_the_same_findings_with_the_same_fields():
    assert finding_codes("en") == finding_codes("zh")
    for code in finding_codes("en"):
        assert set(finding_entry("en", code)) == set(finding_entry("zh", code))


def test_both_languages_show_the_same_numbers():
    """A translation that drops a number, or makes one obligatory, tells another story."""
    english, chinese = dict(templates("en")), dict(templates("zh"))
    for name, source in english.items():
        assert Template(source).needed == Template(chinese[name]).needed, name
        assert Template(source).names == Template(chinese[name]).names, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_place_in_a_sentence_is_well_formed(language):
    for name, source in templates(language):
        rest = PLACE.sub("", OPTIONAL.sub(lambda match: match[1], source))
        assert not set("{}") & set(rest), name
        assert "[[" not in rest, name
        for place in PLACE.finditer(source):
            assert place[2] is None or place[2] in FORMS, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_have_only_the_three_fields_and_always_a_summary(language):
    for code in finding_codes(language):
        entry = finding_entry(language, code)
        assert set(entry) <= set(FINDING_FIELDS)
        assert entry["summary"].removesuffix("]]").endswith((".", "。"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_a_finding_has_a_name(language):
    shown = {name for code in finding_codes(language) for name in _names(finding_entry(language, code))}
    assert shown - set(entries(language, "numbers")) == set()


def _names(entry):
    return frozenset().union(*(Template(source).names for source in entry.values()))


def test_formats_are_ones_that_are_drawn():
    assert set(formats().values()) <= FORMS


def test_a_chinese_sentence_is_chinese():
    for name, source in templates("zh"):
        words = PLACE.sub("", source)
        assert any("\u4e00" <= character <= "\u9fff" for character in words) or not any(map(str.isalpha, words)), name


def test_no_question_file_holds_anything_but_words():
    for language in LANGUAGES:
        for question in Question:
            plain = {name for name, value in question_entry(language, question).items() if isinstance(value, str)}
            assert plain == {"title", "asks"}


def test_a_sentence_that_begins_with_a_word_of_ours_begins_with_a_capital():
    facts = {"remedy": "ensemble", "strength": 8, "gain": 0.004, "low": 0.001, "high": 0.007, "metric": "error"}
    assert Words("en").finding("overfitting.remedy_helps", facts).summary.startswith("An ensemble helps")
