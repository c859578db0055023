"""A gradient that shrinks with depth vanishes; one that is small everywhere, as at the end of training, does not."""

from exams.cases import evidence, last, layer, run
from whyfit.evidence.finding import Severity
from whyfit.exams.gradients import GradientsExam

EXAM = GradientsExam()


def stack(*sizes):
    return (*(layer(str(i + 1), delta_std=size) for i, size in enumerate(sizes)), last())


def codes(*runs):
    return [finding.code for finding in EXAM.judge(evidence(*runs))]


def test_an_even_flow_is_sound():
    assert codes(run(stack(0.01, 0.02, 0.01))) == ["gradients.sound"]


def test_small_gradients_at_the_end_of_training_are_sound():
    assert codes(run(stack(0.01, 0.01), stack(1e-9, 1e-9))) == ["gradients.sound"]


def test_a_gradient_that_shrinks_a_thousandfold_vanishes_at_its_worst_layer():
    (finding,) = EXAM.judge(evidence(run(stack(1e-7, 1e-5, 1e-3, 1e-2), stack(1e-7, 1e-5, 1e-3, 1e-2))))
    assert (finding.code, finding.where.layer) == ("gradients.vanishing", "1")
    assert 9e-6 < finding.numbers["ratio"] < 1.1e-5


def test_one_bad_moment_is_no_state():
    assert codes(run(stack(1e-7, 1e-2), stack(1e-2, 1e-2), stack(1e-2, 1e-2))) == ["gradients.sound"]


def test_a_gradient_that_grows_a_thousandfold_explodes():
    assert codes(run(stack(50.0, 1e-2))) == ["gradients.exploding"]


def test_a_diverged_network_is_named_with_its_place():
    bad = run(status="diverged", reason="not_finite:gradient:epoch=3:step=70:layer=2")
    earlier = run(status="diverged", reason="not_finite:loss:epoch=1:step=12")
    (finding,) = EXAM.judge(evidence(bad, earlier, run()))
    assert (finding.code, finding.severity) == ("gradients.not_finite", Severity.SERIOUS)
    assert (finding.numbers["what"], finding.where.step, finding.numbers["runs"]) == ("loss", 12, 2)


def test_a_network_of_one_hidden_layer_has_no_flow_to_judge():
    assert codes(run(stack(1e-9))) == ["gradients.sound"]
