"""The curve of a study's activation: from the catalogue, upright where its derivative jumps."""

from exams.cases import last, layer, run
from whyfit.doors.activation_curve import POINTS, activation_curve


def curve(activation):
    return activation_curve((run((layer("1", activation=activation), last())),))


def test_a_jump_of_the_derivative_is_drawn_upright():
    relu = curve("relu")
    place = relu.inputs.index(0.0)
    assert relu.derivatives[place : place + 2] == (0.0, 1.0)
    assert len(relu.inputs) == POINTS + 1
    assert len(curve("tanh").inputs) == POINTS


def test_what_is_no_function_of_one_number_has_no_curve():
    assert curve("maxout") is None
    assert curve("unknown") is None
    assert activation_curve((run((last("1"),)),)) is None
