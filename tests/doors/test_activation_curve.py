"""The curve of a study's activation: from the catalogue, upright where its derivative jumps."""

from exams.cases import last, layer, run
from whyfit.doors.activation_curve import POINTS, activation_curve, watched_activation
from whyfit.evidence.observation import LayerLook, LookAt, Observation


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


def watched(*names):
    layers = tuple(LayerLook(name=str(place), activation=name) for place, name in enumerate(names))
    looks = (LookAt(1, 1, 0.5, 0.1, layers, ()), LookAt(2, 2, 0.5, 0.1, (), ()))
    return watched_activation(Observation(looks=looks))


def test_a_watched_network_has_the_curve_of_its_commonest_activation():
    assert watched("tanh", "relu", "tanh", "log_softmax").name == "tanh"
    assert watched("log_softmax") is None
    assert watched_activation(Observation()) is None
