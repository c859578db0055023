"""Question 5 in a study: right gradients are shown to be right, each wrong one is named."""

from exams.cases import observation, whole_study
from whyfit.exams.backprop import BackpropExam

EXAM = BackpropExam()


def judged(**probes):
    case = whole_study(observation=observation(**probes))
    return EXAM.applies(case).status, [finding.code for finding in EXAM.judge(case)]


def test_checked_derivatives_are_the_evidence_of_a_sound_network():
    status, codes = judged()
    assert (status, codes) == ("measured", ["backprop.right"])
    (finding,) = EXAM.judge(whole_study())
    assert dict(finding.numbers) == {"error": 1e-8, "checked": 6, "kinks": 0}


def test_a_wrong_derivative_a_cut_layer_and_mixed_rows_are_named():
    assert judged(derivative={"error": 0.5})[1] == ["backprop.wrong_derivative"]
    assert judged(mixing={"others": 0.9, "share": 1.0})[1] == ["backprop.rows_mixed"]


def test_where_every_parameter_is_on_a_kink_nothing_is_claimed_of_derivatives():
    status, codes = judged(derivative={"checked": 0, "kinks": 6})
    assert (status, codes) == ("partly measured", ["backprop.arrives"])
