"""Every question has an answer, computed on the spot; its checks hold, and fail where a number is wrong."""

import json
from dataclasses import replace

import numpy as np
import pytest

from whyfit.errors import ArgumentError
from whyfit.evidence.explanation import Check, Step, Table, line_of, rows_of
from whyfit.evidence.question import Question
from whyfit.explain import autograd, backprop, batchnorm
from whyfit.explain.answers import ANSWERS, explained

QUICK = {"overfitting": {"steps": 100}, "optimizers": {"steps": 3}, "relu": {"steps": 50}}


@pytest.fixture(scope="module")
def answers():
    """All twelve, once; what takes long with fewer steps."""
    return {question: explained(question.value, QUICK.get(question.value, {})) for question in Question}


def table(explanation, name):
    return next(part for part in explanation.parts if isinstance(part, Table) and part.name == name)


def column(explanation, name, head):
    one = table(explanation, name)
    return [row[one.columns.index(head)] for row in one.rows]


def test_all_twelve_questions_have_an_answer():
    assert list(ANSWERS) == list(Question)


@pytest.mark.parametrize("question", Question)
def test_every_check_of_every_answer_holds(answers, question):
    assert [check for check in answers[question].checks if not check.holds] == []


@pytest.mark.parametrize("question", set(Question) - {Question.OVERFITTING})
def test_every_answer_but_one_checks_its_numbers(answers, question):
    """Overfitting's numbers are a measurement with intervals; there is nothing exact to compare with."""
    assert answers[question].checks


@pytest.mark.parametrize("question", Question)
def test_what_was_asked_stands_in_the_answer_as_plain_values(answers, question):
    assert json.loads(json.dumps(answers[question].asked)) == answers[question].asked


@pytest.mark.parametrize("loss", backprop.LOSSES)
@pytest.mark.parametrize("activation", backprop.SHOWN)
def test_backprop_agrees_with_autograd_for_every_activation_and_loss(activation, loss):
    shown = explained("backprop", {"layers": "3,4,2,3", "activation": activation, "loss": loss, "rows": 3})
    assert shown.holds
    assert len(shown.checks) > 10


def test_a_wrong_derivation_is_seen(monkeypatch):
    """The activation's derivative left out: every line below the last fails, and so do both summaries."""

    def without_slope(self, passed, delta):
        right = true_backward(self, passed, delta)
        first = self.weights[1].T @ right.deltas[1]
        weights = (first @ passed.after[0].T, *right.weights[1:])
        return replace(right, deltas=(first, *right.deltas[1:]), weights=weights)

    true_backward = backprop.Net.backward
    monkeypatch.setattr(backprop.Net, "backward", without_slope)
    shown = explained("backprop", {"layers": "2,3,1", "activation": "tanh"})
    failed = [check for check in shown.checks if not check.holds]
    assert {check.name for check in failed} == {"line", "autograd", "differences"}
    assert not shown.holds


def test_a_wrong_backward_of_batch_norm_is_seen(monkeypatch):
    """The part of the gradient that goes through the variance left out."""
    monkeypatch.setattr(batchnorm, "_backward", lambda normed, deviation, gamma, g: gamma / deviation * (g - g.mean()))
    assert not explained("batchnorm", {}).holds


def test_without_torch_backprop_says_so_and_is_checked_by_differences(monkeypatch):
    monkeypatch.setattr(backprop, "has_torch", lambda: False)
    shown = explained("backprop", {})
    assert "no_torch" in [getattr(part, "name", "") for part in shown.parts]
    assert [check.name for check in shown.checks] == ["differences"]


def test_backprop_shows_shapes_that_fit():
    shown = explained("backprop", {"layers": "2,3,1"})
    shapes = {step.latex: step.shape for step in shown.parts if isinstance(step, Step)}
    assert shapes["W_1"] == (3, 2)
    assert shapes[r"\partial L/\partial W_2 = \delta_2 h_1^\top"] == (1, 3)


def test_a_forgotten_sum_matters_only_with_more_than_one_output():
    one = dict(zip(*(column(explained("backprop", {}), "mistakes", head) for head in ("mistake", "off")), strict=True))
    two = explained("backprop", {"layers": "2,3,2"})
    two = dict(zip(*(column(two, "mistakes", head) for head in ("mistake", "off")), strict=True))
    assert one["sum_forgotten"] == 0
    assert two["sum_forgotten"] > 0


def test_zero_and_constant_starts_stay_one_unit(answers):
    one = table(answers[Question.INITIALIZATION], "symmetry")
    distinct = {(row[0], row[1]): row[3] for row in one.rows}
    assert [distinct[name, 200] for name in ("zero", "constant", "he_normal")] == [1, 1, 6]


def test_a_linear_network_may_start_at_zero():
    shown = explained("initialization", {"layers": "4,1", "steps": 50})
    losses = [row[2] for row in table(shown, "symmetry").rows if row[0] == "zero"]
    assert losses[1] < losses[0]


def test_adam_with_l2_leaves_the_weight_with_large_gradients_and_adamw_treats_both_alike(answers):
    one = table(answers[Question.OPTIMIZERS], "decay")
    (_, small_l2, large_l2), (_, small_w, large_w) = one.rows
    assert small_l2 < 0.1
    assert large_l2 > 0.9
    assert small_w == pytest.approx(large_w, rel=1e-3)


def test_momentum_turns_less_than_plain_descent_under_noise(answers):
    sgd, momentum, _ = column(answers[Question.OPTIMIZERS], "angles", "angle")
    assert momentum < sgd / 2


def test_sigmoids_lose_their_gradient_and_he_holds_it(answers):
    factors = dict(
        zip(*(column(answers[Question.GRADIENTS], "stacks", head) for head in ("stack", "factor")), strict=True)
    )
    assert factors["sigmoid, xavier_normal"] <= 0.25
    assert 0.8 < factors["relu, he_normal"] < 1.2
    assert factors["relu, unit_normal"] > 3


def test_buried_relu_units_stay_and_elu_units_come_back(answers):
    alive = dict(zip(*(column(answers[Question.RELU], "revived", head) for head in ("function", "alive")), strict=True))
    assert alive["relu"] == 0
    assert explained("relu", {}).holds
    assert (
        dict(zip(*(column(explained("relu", {}), "revived", head) for head in ("function", "alive")), strict=True))[
            "elu"
        ]
        > 0
    )


def test_copies_pretend_and_kept_together_do_not(answers):
    torn, together = column(answers[Question.SPLITS], "copies", "error_rate")
    assert torn < 0.2
    assert 0.4 < together < 0.6


def test_bias_falls_and_variance_rises_with_the_degree(answers):
    bias, variance = (column(answers[Question.BIAS_VARIANCE], "terms", head) for head in ("bias2", "variance"))
    assert bias[0] > 0.1 > bias[-1]
    assert variance[-1] > 2 * variance[0]


@pytest.mark.parametrize(
    ("question", "given", "message"),
    [
        ("backprob", {}, "Did you mean 'backprop'"),
        ("everything", {}, "one of the twelve questions"),
        ("dropout", {"layers": "2,3,1"}, "`--layers` has no effect on `explain dropout`"),
        ("dropout", {"rate": 1.0}, "`--rate` must be a number from 0 to under 1"),
        ("backprop", {"layers": "2,x,1"}, "`--layers` must be 2 to 7 sizes"),
        ("backprop", {"layers": "2,300,1"}, "sizes from 1 to 8"),
        ("backprop", {"layers": "²,3,1"}, "`--layers` must be"),
        ("backprop", {"loss": "hinge"}, "`--loss` must be one of"),
        ("backprop", {"loss": "cross_entropy"}, "at least two outputs"),
        ("backprop", {"activation": "rellu"}, "Did you mean 'relu'"),
        ("gradients", {"layers": "2,3"}, "`--layers` must be a whole number from 2 to 60"),
        ("optimizers", {"optimizer": "muon"}, "`--optimizer` must be one of"),
        ("optimizers", {"steps": 0}, "`--steps` must be a whole number from 1 to 200"),
        ("splits", {"seed": -1}, "`--seed` must be"),
        ("batchnorm", {"rows": 1}, "`--rows` must be a whole number from 2 to 8"),
    ],
)
def test_what_cannot_be_used_is_said_with_what_was_expected(question, given, message):
    with pytest.raises(ArgumentError, match="`") as caught:
        explained(question, given)
    assert message in str(caught.value)


def test_the_same_options_give_the_same_numbers():
    assert explained("batchnorm", {"seed": 3}) == explained("batchnorm", {"seed": 3})


def test_what_is_not_a_number_never_passes_a_check():
    assert not Check("line", float("nan"), 1.0).holds


def test_shapes_that_differ_never_agree():
    assert autograd.apart(np.zeros((2, 1)), np.zeros((1, 2))) == float("inf")


def test_arrays_become_plain_numbers():
    assert rows_of(np.array([[-0.0, 1.0]])) == ((0.0, 1.0),)
    assert line_of("a", np.arange(2), np.arange(2)).y == (0.0, 1.0)
