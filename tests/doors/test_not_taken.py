"""The engines that a study does not take, with the reason of each."""

from __future__ import annotations

import pytest

from report.samples import sample
from training.members import member
from whyfit.doors.not_taken import NOT_TIMED, SLOWER, not_taken
from whyfit.evidence.network import NetworkFile
from whyfit.evidence.recipe import Recipe
from whyfit.report import document_of
from whyfit.report.provenance import provenance_of
from whyfit.study.store import Store
from whyfit.text import Words
from whyfit.training.choose import FASTEST, ONLY_ONE, Choice
from whyfit.training.contract import Cost
from whyfit.training.engines.kernel import KernelEngine
from whyfit.training.engines.single import SingleEngine
from whyfit.training.engines.stacked import StackedEngine

OWN = member(Recipe.for_data("classification", NetworkFile("net.py", "make", "0")))
SECONDS = {"single": Cost(3.0, 1), "stacked": Cost(1.0, 1)}


@pytest.fixture
def store():
    with Store(None) as one:
        yield one


def test_the_kernel_is_taken_without_a_clock_and_torch_is_not_loaded_to_ask(store):
    assert not_taken(member(Recipe()), "cpu", KernelEngine(), None, store) == {
        "stacked": NOT_TIMED,
        "single": NOT_TIMED,
    }


def test_one_that_could_was_slower_and_one_that_could_not_says_why(store):
    choice = Choice(StackedEngine(), FASTEST, SECONDS, {})
    assert not_taken(OWN, "cpu", choice.engine, choice, store) == {"kernel": "not_a_perceptron", "single": SLOWER}


def test_what_an_engine_found_out_when_it_was_tried_is_its_reason(store):
    choice = Choice(SingleEngine(), ONLY_ONE, {}, {"stacked": "NotStackableError:steps_too_long_to_gain"})
    found = not_taken(OWN, "cpu", choice.engine, choice, store)
    assert found["stacked"] == "steps_too_long_to_gain"


def test_on_an_accelerator_the_kernel_is_not_asked(store):
    choice = Choice(SingleEngine(), FASTEST, SECONDS, {})
    assert not_taken(member(Recipe()), "cuda", choice.engine, choice, store)["kernel"] == "computes_on_a_cpu"


def test_a_resumed_study_says_what_was_measured_when_it_began(store):
    choice = Choice(StackedEngine(), FASTEST, SECONDS, {})
    first = not_taken(OWN, "cpu", choice.engine, choice, store)
    again = Choice(StackedEngine(), ONLY_ONE, {}, {})
    assert not_taken(OWN, "cpu", again.engine, again, store) == first


def test_every_reason_has_words_in_both_languages():
    codes = {
        NOT_TIMED, SLOWER, "not_a_perceptron", "computes_on_a_cpu", "needs_more_memory", "needs_torch",
        "network_of_another_process", "optimizer_not_stackable", "steps_too_long_to_gain",
    }  # fmt: skip
    for language in ("en", "zh"):
        assert all(Words(language).term(code) != code for code in codes)


def test_the_report_gives_them_in_words():

    document = document_of(sample(provenance={"engines_not_taken": {"kernel": "not_a_perceptron", "single": SLOWER}}))
    facts = dict(provenance_of(document, Words("en")))
    assert facts["engines not taken"] == "kernel (for perceptrons alone), single (slower here)"
