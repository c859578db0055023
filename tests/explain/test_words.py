"""Every explanation has all its words, in both languages, with the same numbers in them."""

import pytest

from whyfit.evidence.explanation import Check, Heading, Plot, Said, Table
from whyfit.evidence.question import Question
from whyfit.explain.answers import ANSWERS, explained
from whyfit.explain.optimizers import TAKES
from whyfit.rules.activations import activations
from whyfit.rules.optimizers import optimizers
from whyfit.text import LANGUAGES
from whyfit.text.catalogue import entries
from whyfit.text.explained import SHARED, ExplainWords
from whyfit.text.template import Template

KINDS = ("said", "head", "table", "plot", "check", "column", "cell")
QUICK = {
    "overfitting": {"steps": 60},
    "optimizers": {"steps": 1},
    "relu": {"steps": 10},
    "initialization": {"steps": 1},
}
FILES = (SHARED, *(f"explain/{question.value}" for question in Question))


@pytest.mark.parametrize("file", FILES)
def test_both_languages_hold_the_same_words_with_the_same_numbers(file):
    english, chinese = entries("en", file), entries("zh", file)
    for name in set(english) - set(chinese):
        # An English cell may stand for itself in English alone, never the other way round.
        raise AssertionError(f"{file}: {name} has no Chinese words")
    for name, source in english.items():
        assert name.partition("_")[0] in KINDS
        assert Template(source).names == Template(chinese[name]).names, name


@pytest.mark.parametrize("file", FILES)
def test_chinese_words_are_chinese(file):
    for name, source in entries("zh", file).items():
        if name.startswith(("said", "head", "table", "check")):
            assert any("\u4e00" <= character <= "\u9fff" for character in source), name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", Question)
def test_every_part_of_every_answer_has_words(question, language):
    words = ExplainWords(language, question)
    explanation = explained(question.value, QUICK.get(question.value, {}))
    sentence = {Said: "said", Heading: "head"}
    missing = words.words.label("not_measured")
    for part in explanation.parts:
        if type(part) in sentence:
            assert missing not in words.say(sentence[type(part)], part.name, part.numbers)
        if isinstance(part, Table):
            assert words.say("table", part.name)
        if isinstance(part, Plot):
            assert words.say("plot", part.name)
        if isinstance(part, Check):
            assert missing not in words.check(part)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_optimiser_says_what_it_added(language):
    words = ExplainWords(language, Question.OPTIMIZERS)
    assert all(words.entry(f"cell_added_{name}") for name in optimizers)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", activations)
def test_every_activation_can_be_shown_alone(name, language):
    explanation = explained("activations", {"activation": name})
    words = ExplainWords(language, Question.ACTIVATIONS)
    assert all(words.say("said", part.name, part.numbers) for part in explanation.parts if isinstance(part, Said))
    assert explanation.holds


def test_every_optimiser_for_numbers_can_be_shown_step_by_step():
    assert TAKES["optimizer"] in ANSWERS[Question.OPTIMIZERS].takes.values()
    for name in ("rprop", "asgd"):
        assert explained("optimizers", {"optimizer": name, "steps": 1}).holds
