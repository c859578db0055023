"""What interventions showed, and what they did not; terms and the race beside them."""

from dataclasses import replace

import pytest

from exams.cases import estimate, evidence, last, layer, racer, remedy, run, terms
from whyfit.evidence.effects import ThinnedFacts
from whyfit.evidence.estimate import Estimate
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Severity
from whyfit.evidence.question import Question
from whyfit.exams.batchnorm import BatchNormExam
from whyfit.exams.bias_variance import BiasVarianceExam
from whyfit.exams.dropout import DropoutExam
from whyfit.exams.optimizers import OptimizersExam
from whyfit.exams.overfitting import OverfittingExam
from whyfit.exams.saturation import SaturationExam


def codes(exam, **parts):
    return [finding.code for finding in exam.judge(evidence(**parts))]


@pytest.mark.parametrize("verdict", ["hurts", "no effect shown", "not decided"])
def test_a_remedy_that_was_not_shown_to_help_is_not_recommended(verdict):
    found = codes(OverfittingExam(), remedies=(remedy(verdict=verdict),))
    assert found == ["overfitting.none", "overfitting.no_remedy_helps"]


def test_remedies_that_help_are_named_most_helpful_first():
    good = (remedy("l2", gain=0.01, verdict="helps"), remedy("ensemble", gain=0.02, verdict="helps"))
    found = OverfittingExam().judge(evidence(remedies=good))
    assert [f.numbers["remedy"] for f in found if f.code == "overfitting.remedy_helps"] == ["ensemble", "l2"]


def test_more_data_has_words_of_its_own():
    good = (remedy("more_data", gain=0.01, verdict="helps"),)
    assert "overfitting.more_data_helps" in codes(OverfittingExam(), remedies=good)


def test_class_weights_have_words_of_their_own():
    good = (remedy("class_weights", gain=0.2, verdict="helps"),)
    assert "overfitting.class_weights_help" in codes(OverfittingExam(), remedies=good)


def test_a_change_of_another_question_is_not_a_remedy_against_overfitting():
    norm = (remedy("batch_norm", Question.BATCHNORM, gain=0.01, verdict="helps"),)
    assert codes(OverfittingExam(), remedies=norm) == ["overfitting.none"]
    assert codes(BatchNormExam(), remedies=norm) == ["batchnorm.change_helps"]


def test_nothing_is_measured_of_batch_norm_where_it_was_not_put_in():
    assert BatchNormExam().applies(evidence(remedies=(remedy(),))) == Answer("not measured", "remedies")


@pytest.mark.parametrize(
    ("verdict", "code"),
    [("helps", "dropout.helps"), ("hurts", "dropout.hurts"), ("not decided", "dropout.not_shown")],
)
def test_the_sweep_of_dropout_says_what_it_showed(verdict, code):
    assert codes(DropoutExam(), remedies=(remedy("dropout", verdict=verdict),)) == [code]


@pytest.mark.parametrize(
    ("variance", "rest", "code"),
    [(0.05, 0.01, "variance_largest"), (0.01, 0.05, "bias_noise_largest"), (0.02, 0.021, "cannot_tell")],
)
def test_the_largest_part_is_named_only_where_intervals_are_apart(variance, rest, code):
    assert codes(BiasVarianceExam(), decomposition=(terms(variance, rest),)) == [f"bias_variance.{code}"]


def test_terms_without_intervals_cannot_tell():
    bare = terms(0.05, 0.01)
    bare = replace(bare, variance=Estimate(0.05))
    assert codes(BiasVarianceExam(), decomposition=(bare,)) == ["bias_variance.cannot_tell"]


def test_noise_is_known_only_where_inputs_repeat():
    known = terms(noise=estimate(0.01), noise_from="repeats")
    bound = terms(noise=estimate(0.01), noise_from="best error")
    assert "bias_variance.noise_known" in codes(BiasVarianceExam(), decomposition=(known,))
    assert "bias_variance.noise_known" not in codes(BiasVarianceExam(), decomposition=(bound,))


def test_optimisers_whose_intervals_meet_are_not_called_worse():
    assert codes(OptimizersExam(), race=(racer("adam", 0.03), racer("sgd", 0.035))) == ["optimizers.race"]


def test_an_optimiser_whose_interval_lies_apart_is():
    found = OptimizersExam().judge(evidence(race=(racer("adam", 0.03), racer("adadelta", 0.3), racer("sgd", 0.031))))
    worse = next(f for f in found if f.code == "optimizers.clearly_worse")
    assert worse.numbers["names"] == ["adadelta"]
    assert found[0].numbers["near"] == 1


def test_the_fastest_is_not_the_one_that_never_came_near():
    found = OptimizersExam().judge(evidence(race=(racer("adam", 0.03, steps=None), racer("sgd", 0.031, steps=90.0))))
    assert (found[0].numbers["best"], found[0].numbers["fastest"]) == ("adam", "sgd")


def test_adamw_and_adam_with_l2_are_set_beside_each_other():
    apart = OptimizersExam().judge(evidence(race=(racer("adamw", 0.03), racer("adam_l2", 0.06))))
    decay = next(f for f in apart if f.code == "optimizers.decay_differs")
    assert decay.severity == Severity.NOTE
    assert decay.numbers["apart"]


def sigmoid(share):
    return run((layer("1", activation="sigmoid", saturated_share=share), last()))


def test_a_layer_half_of_which_is_flat_is_saturated():
    found = SaturationExam().judge(evidence(sigmoid(0.6)))
    assert (found[0].code, found[0].where.layer) == ("saturation.flat", "1")


def test_a_layer_that_is_mostly_steep_is_not():
    assert codes(SaturationExam(), runs=(sigmoid(0.3),)) == ["saturation.none"]


def test_relu_cannot_saturate_on_both_sides():
    relu = run((layer("1", saturated_share=0.9), last()))
    case = evidence(relu, remedies=(remedy(),))
    assert SaturationExam().applies(case) == Answer("does not apply", "no_saturating_activation")


def thinned(**changes):
    facts = {
        "strength": 0.25, "metric": "error", "single": 0.046, "average": 0.024, "scaled": 0.023,
        "gain": estimate(-0.001), "agreement": 0.95, "correlation": 0.2, "plain_correlation": 0.3,
        "passes": 50, "fits": 10,
    }  # fmt: skip
    return ThinnedFacts(**(facts | changes))


def test_thinned_networks_are_told_beside_networks_trained_apart():
    swept = {"remedies": (remedy("dropout"), remedy("ensemble", gain=0.003, strength=8)), "thinned": thinned()}
    assert DropoutExam().applies(evidence(**swept)).status == "measured"
    assert codes(DropoutExam(), **swept) == ["dropout.not_shown", "dropout.thinned"]
    numbers = DropoutExam().judge(evidence(**swept))[1].numbers
    assert (numbers["ensemble_gain"], numbers["ensemble_size"], numbers["plain_correlation"]) == (0.003, 8, 0.3)


def test_a_mean_of_thinned_networks_that_beats_the_whole_one_is_a_note():
    swept = {"remedies": (remedy("dropout"),), "thinned": thinned(gain=estimate(0.01, 0.005), correlation=float("nan"))}
    assert codes(DropoutExam(), **swept) == ["dropout.not_shown", "dropout.average_gains"]
    assert DropoutExam().judge(evidence(**swept))[1].numbers["correlation"] is None
