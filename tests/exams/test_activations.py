"""Question 8 in a study: the last layer against the loss, and the values that hidden layers give."""

from dataclasses import replace

from exams.cases import HEAD, evidence, last, layer, observation, run, whole_study
from whyfit.exams.activations import ActivationsExam

EXAM = ActivationsExam()


def codes(case):
    return [finding.code for finding in EXAM.judge(case)]


def test_a_head_that_fits_its_loss_is_said_to_with_the_values_of_the_layers():
    case = whole_study()
    assert EXAM.applies(case).status == "measured"
    head, values = EXAM.judge(case)
    assert (head.code, dict(head.numbers)) == ("activations.head_sound", {"loss": "cross_entropy", "last": "identity"})
    assert values.code == "activations.values"
    assert values.numbers["mean_low"] == values.numbers["mean_high"] == 0.4


def test_a_softmax_before_cross_entropy_is_named():
    twice = replace(HEAD, chain=("NllLoss", "LogSoftmax", "Softmax", "Addmm"), last="softmax")
    assert codes(whole_study(observation=observation(twice)))[0] == "activations.softmax_twice"


def test_without_other_activations_trained_it_is_partly_measured():
    answer = EXAM.applies(evidence(observation=observation()))
    assert (answer.status, answer.why_code) == ("partly measured", "activations_not_swapped")


def test_a_network_without_hidden_activation_has_no_values_to_show():
    assert codes(whole_study(runs=(run((last("1"),)),))) == ["activations.head_sound"]
    assert "activations.values" in codes(whole_study(runs=(run((layer("1"), last())),)))


def test_where_no_network_was_observed_the_values_are_shown_and_the_head_is_said_to_be_unseen():
    unseen = whole_study(observation=None)
    answer = EXAM.applies(unseen)
    assert (answer.status, answer.why_code) == ("partly measured", "head_not_observed")
    assert codes(unseen) == ["activations.values"]
    answer = EXAM.applies(whole_study(observation=None, runs=(run((last("1"),)),)))
    assert (answer.status, answer.why_code) == ("not measured", "observation")
