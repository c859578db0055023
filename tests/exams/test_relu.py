"""Dead is zero for every training row; sparse but living is healthy."""

from exams.cases import evidence, last, layer, run
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Severity
from whyfit.exams.relu import ReluExam

EXAM = ReluExam()


def judged(*layers):
    return EXAM.judge(evidence(run((*layers, last()))))


def test_sparse_units_that_live_are_healthy():
    (finding,) = judged(layer("1", zero_share=0.98))
    assert (finding.code, finding.severity) == ("relu.alive", Severity.OK)


def test_a_dead_third_of_a_layer_is_a_warning_that_names_the_layer():
    (finding,) = judged(layer("1"), layer("2", dead=21.0))
    assert (finding.code, finding.severity, finding.where.layer) == ("relu.dead", Severity.WARNING, "2")
    assert finding.numbers["share"] == 21 / 64


def test_one_dead_unit_is_a_note():
    (finding,) = judged(layer("1", dead=1.0))
    assert finding.severity == Severity.NOTE


def test_a_layer_that_is_dead_altogether_is_serious():
    (finding,) = judged(layer("1", dead=64.0))
    assert finding.severity == Severity.SERIOUS


def test_units_that_revived_are_not_counted():
    dead, alive = (layer("1", dead=64.0), last()), (layer("1"), last())
    (finding,) = EXAM.judge(evidence(run(dead, alive)))
    assert finding.code == "relu.alive"


def test_the_count_is_averaged_over_networks():
    runs = (run((layer("1", dead=32.0), last())), run((layer("1", dead=0.0), last())))
    (finding,) = EXAM.judge(evidence(*runs))
    assert (finding.numbers["dead"], finding.numbers["runs"]) == (16.0, 2)


def test_a_network_of_tanh_has_nothing_that_could_die():
    case = evidence(run((layer("1", activation="tanh", dead=0.0), last())))
    assert EXAM.applies(case) == Answer("does not apply", "no_relu")


def test_a_layer_that_was_not_measured_is_not_counted():
    case = evidence(run((layer("1", dead=float("nan")), last())))
    assert EXAM.applies(case) == Answer("does not apply", "no_relu")
