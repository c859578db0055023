"""Units that start equal are found; a start at random is healthy, also in narrow and deep networks."""

import math

import pytest

from exams.cases import evidence, last, layer, run
from whyfit.evidence.finding import Severity
from whyfit.exams.initialization import InitializationExam

EXAM = InitializationExam()


def codes(*runs):
    return [finding.code for finding in EXAM.judge(evidence(*runs))]


def start(*layers, **changes):
    return run((*layers, last()), **changes)


def test_a_start_at_random_is_sound():
    assert codes(start(layer("1"), layer("2"))) == ["initialization.sound"]


def test_units_equal_by_weights_and_gradients_are_serious():
    same = layer("2", distinct_weights=1.0, distinct_gradients=1.0)
    (finding,) = EXAM.judge(evidence(start(layer("1"), same)))
    assert (finding.code, finding.severity) == ("initialization.symmetric", Severity.SERIOUS)
    assert (finding.where.layer, finding.numbers["distinct"], finding.numbers["units"]) == ("2", 1, 64)


def test_equal_weights_with_different_gradients_part_at_the_first_step():
    assert codes(start(layer("1", distinct_weights=1.0))) == ["initialization.sound"]


def test_a_linear_model_may_start_at_zero():
    zero = last("1", distinct_weights=1.0, distinct_gradients=1.0)
    assert codes(run((zero,))) == ["initialization.sound"]


def test_what_was_not_measured_is_no_symmetry():
    unknown = layer("1", distinct_weights=1.0, distinct_gradients=math.nan)
    assert codes(start(unknown)) == ["initialization.sound"]


def test_a_signal_that_dies_on_the_way_is_found_at_its_first_bad_layer():
    stack = [layer(str(i), pre_std=0.2**i) for i in range(6)]
    (finding,) = EXAM.judge(evidence(start(*stack)))
    assert (finding.code, finding.where.layer) == ("initialization.scale", "2")


@pytest.mark.parametrize("units", [4, 8])
def test_the_drift_of_narrow_layers_is_chance(units):
    """Twelve layers of four units drift by a factor of exp(±1.9) at one sigma; a factor of 20 is within three."""
    stack = [layer(str(i), units=units, pre_std=20 ** (-i / 11), distinct_weights=units) for i in range(12)]
    stack = [layer(x.name, units=units, pre_std=x.pre_std, distinct_weights=float(units)) for x in stack]
    assert codes(start(*stack)) == ["initialization.sound"]


def test_the_same_drift_in_wide_layers_is_not():
    stack = [layer(str(i), units=1024, pre_std=20 ** (-i / 11), distinct_weights=1024.0) for i in range(12)]
    assert codes(start(*stack)) == ["initialization.scale"]


def test_a_first_loss_far_above_chance_is_found():
    from dataclasses import replace

    healthy = start(layer("1"))
    loud = replace(healthy, final=replace(healthy.final, first_loss=40.0))
    assert codes(loud) == ["initialization.first_loss"]
    assert codes(healthy) == ["initialization.sound"]
