"""Every exam of a watched run holds to the contract, also where hardly anything was seen."""

import pytest

from whyfit.evidence.evidence import Evidence
from whyfit.evidence.exam import Exam
from whyfit.evidence.finding import Finding, Severity
from whyfit.evidence.observation import Observation
from whyfit.evidence.question import Question
from whyfit.exams.watched.all import CAUSES, EFFECTS, WATCHED_EXAMS, caused, examine_watched
from whyfit.text.catalogue import finding_codes

EMPTY = Observation()


@pytest.mark.parametrize("exam", WATCHED_EXAMS, ids=lambda exam: exam.question.value)
def test_an_exam_holds_to_the_contract(exam):
    assert isinstance(exam, Exam)
    assert {code.split(".")[0] for code in exam.codes} == {exam.question.value}
    assert exam.codes <= finding_codes("en") & finding_codes("zh")


@pytest.mark.parametrize("exam", WATCHED_EXAMS, ids=lambda exam: exam.question.value)
def test_an_exam_bears_an_observation_of_nothing(exam):
    evidence = Evidence(observation=EMPTY)
    assert exam.applies(evidence).status in ("not measured", "does not apply", "partly measured")
    if exam.applies(evidence).status == "partly measured":
        assert not any(finding.severity.rank > 1 for finding in exam.judge(evidence))


def test_all_twelve_questions_have_an_answer():
    answers, found = examine_watched(EMPTY)
    assert list(answers) == list(Question)
    assert not any(finding.severity.rank > 1 for finding in found)


def test_the_causal_map_knows_only_codes_that_exist_and_each_once():
    known = set().union(*(exam.codes for exam in WATCHED_EXAMS))
    assert set(CAUSES) <= known
    assert len(CAUSES) == len(set(CAUSES))
    assert set(CAUSES) >= EFFECTS


def _alarm(code):
    return Finding(code, Severity.WARNING)


def test_the_scale_of_the_data_is_no_consequence_of_a_missing_line():
    kept, scale = _alarm("optimizers.gradients_kept"), _alarm("gradients.unscaled_inputs")
    flat, chance = _alarm("saturation.by_inputs"), _alarm("overfitting.at_chance")
    ordered = caused((chance, flat, scale, kept))
    assert [finding.code for finding in ordered] == [kept.code, scale.code, flat.code, chance.code]
    assert [finding.because for finding in ordered] == [None, None, scale.code, kept.code]
