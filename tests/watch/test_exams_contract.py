"""Every exam of a watched run holds to the contract, also where hardly anything was seen."""

import pytest

from whyfit.evidence.evidence import Evidence
from whyfit.evidence.exam import Exam
from whyfit.evidence.finding import Finding, Severity
from whyfit.evidence.observation import LookAt, Observation
from whyfit.evidence.question import Question
from whyfit.exams.watched.all import CAUSES, EFFECTS, OF_SCORES, WATCHED_EXAMS, caused, examine_watched
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


BLIND = LookAt(0, 0, 1.0, 0.1, layers=(), parameters=())
"""What is left of a look where no layer could be read."""
NOTHING = {
    "an empty observation": Observation(),
    "looks without layers": Observation(looks=(BLIND,) * 9, backwards=9, steps=9, probes={"Net": {"modes": {}}}),
    "a compiled network": Observation(looks=(BLIND,) * 9, backwards=9, compiled=True),
    "saved tensors of the script's own": Observation(looks=(BLIND,) * 9, backwards=9, own_saving=True),
    "a batch norm and a dropout that were never called": Observation(
        looks=(BLIND,) * 9, backwards=9, modules=({"type": "BatchNorm1d"}, {"type": "Dropout", "p": 0.5})
    ),
}


@pytest.mark.parametrize("what", NOTHING)
def test_nothing_is_called_well_where_nothing_was_seen(what):
    answers, found = examine_watched(NOTHING[what])
    assert found == ()
    assert all(answer.why_code for answer in answers.values())


def test_a_hidden_inside_is_said_by_its_reason():
    why = {name: examine_watched(seen)[0][Question.RELU].why_code for name, seen in NOTHING.items()}
    assert why["a compiled network"] == "compiled"
    assert why["saved tensors of the script's own"] == "own_saving"


def test_all_twelve_questions_have_an_answer():
    answers, found = examine_watched(EMPTY)
    assert list(answers) == list(Question)
    assert not any(finding.severity.rank > 1 for finding in found)


def test_the_causal_map_knows_only_codes_that_exist_and_each_once():
    known = set().union(*(exam.codes for exam in WATCHED_EXAMS))
    assert set(CAUSES) <= known
    assert len(CAUSES) == len(set(CAUSES))
    assert set(CAUSES) >= EFFECTS | OF_SCORES


def _alarm(code):
    return Finding(code, Severity.WARNING)


def test_the_scale_of_the_data_is_no_consequence_of_a_missing_line():
    kept, scale = _alarm("optimizers.gradients_kept"), _alarm("gradients.unscaled_inputs")
    flat, chance = _alarm("saturation.by_inputs"), _alarm("overfitting.at_chance")
    ordered = caused((chance, flat, scale, kept))
    assert [finding.code for finding in ordered] == [kept.code, scale.code, flat.code, chance.code]
    assert [finding.because for finding in ordered] == [None, None, scale.code, kept.code]


def test_nothing_of_the_training_follows_from_a_fault_of_the_evaluation():
    scored, fading, chance = map(
        _alarm, ("dropout.evaluated_in_training_mode", "gradients.vanish_with_depth", "overfitting.at_chance")
    )
    ordered = caused((chance, fading, scored))
    assert [finding.because for finding in ordered] == [None, None, fading.code]
    assert [finding.because for finding in caused((chance, scored))] == [None, None]
