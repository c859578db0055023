"""The gap and its weight; chance, too few epochs; and the healthy network beside each."""

from dataclasses import replace

import numpy as np
import pytest

from exams.cases import evidence, gap, run, score
from whyfit.evidence.estimate import Estimate
from whyfit.evidence.evidence import SeenGapFacts
from whyfit.evidence.finding import Severity
from whyfit.evidence.outcome import Curves
from whyfit.exams.overfitting import OverfittingExam

EXAM = OverfittingExam()


def judged(**parts):
    return EXAM.judge(evidence(**parts))


def test_no_gap_is_no_finding():
    (finding,) = judged()
    assert (finding.code, finding.severity) == ("overfitting.none", Severity.OK)


@pytest.mark.parametrize(
    ("score_error", "severity"), [(0.03, Severity.NOTE), (0.2, Severity.WARNING), (0.6, Severity.SERIOUS)]
)
def test_a_gap_weighs_as_much_as_the_share_of_the_learned_that_is_lost(score_error, severity):
    facts = gap(score_error, score_error / 2, score_error * 1.5, train_error=0.0, score_error=score_error)
    (finding,) = judged(gap=facts, score=score(score_error, score_error / 2, score_error * 1.4))
    assert (finding.code, finding.severity) == ("overfitting.overfits", severity)
    assert finding.numbers["lost"] == pytest.approx(score_error / 0.9)


def test_a_gap_whose_interval_holds_zero_is_not_claimed():
    (finding,) = judged(gap=gap(0.2, -0.01, 0.41, train_error=0.0, score_error=0.2))
    assert finding.code == "overfitting.none"


def test_a_network_that_learned_nothing_is_at_chance():
    facts = gap(0.01, -0.02, 0.04, train_error=0.88, score_error=0.89)
    (finding,) = judged(gap=facts, score=score(0.89, 0.86, 0.92))
    assert (finding.code, finding.severity) == ("overfitting.chance", Severity.SERIOUS)


def test_a_network_that_learned_a_little_underfits():
    facts = gap(0.01, -0.02, 0.04, train_error=0.84, score_error=0.85)
    (finding,) = judged(gap=facts, score=score(0.85, 0.83, 0.87))
    assert finding.code == "overfitting.underfits"


def test_learning_by_heart_is_not_chance_even_when_the_score_is():
    facts = gap(0.9, 0.85, 0.95, train_error=0.0, score_error=0.9)
    (finding,) = judged(gap=facts, score=score(0.9, 0.86, 0.94))
    assert (finding.code, finding.severity) == ("overfitting.overfits", Severity.SERIOUS)


def test_a_score_better_than_training_is_a_note():
    (finding,) = judged(gap=gap(-0.02, -0.03, -0.01))
    assert (finding.code, finding.severity) == ("overfitting.score_below_train", Severity.NOTE)


def falling(rate):
    loss = 2.0 * np.exp(-rate * np.arange(1, 31))
    return run(curves=Curves(loss, loss, loss, loss), best_epoch=30)


def test_training_cut_off_while_the_loss_still_falls_is_found():
    found = EXAM.judge(evidence(falling(0.05), falling(0.05)))
    assert [finding.code for finding in found] == ["overfitting.still_learning"]


def test_training_that_came_to_rest_is_not():
    assert EXAM.judge(evidence(falling(0.001), falling(0.001)))[0].code == "overfitting.none"


def test_runs_that_stopped_by_themselves_were_not_cut_off():
    from dataclasses import replace

    stopped = replace(falling(0.05), epochs=100)
    assert EXAM.judge(evidence(stopped, stopped))[0].code == "overfitting.none"


def seen_gap(value, half, **parts):
    shares = {"penalty": 0.0, "average": 0.0, "mode": 0.0, "rows": 0.0} | parts
    return SeenGapFacts(Estimate(value, value - half, value + half), augmented=False, fits=10, **shares)


def test_a_printed_loss_above_the_held_out_one_is_taken_apart():
    facts = replace(gap(), seen=seen_gap(-0.3, 0.1, mode=-0.25, average=-0.04, penalty=0.01))
    (_, finding) = judged(gap=facts)
    assert (finding.code, finding.severity) == ("overfitting.seen_below_train", Severity.NOTE)
    assert finding.numbers["below"] == 0.3
    assert {name: finding.numbers[name] for name in ("mode", "average", "penalty", "easier")} == {
        "mode": 0.25,
        "average": 0.04,
        "penalty": 0.01,
        "easier": 0.0,
    }


@pytest.mark.parametrize("seen", [None, seen_gap(0.3, 0.1, rows=0.3), seen_gap(-0.05, 0.1, rows=-0.05)])
def test_a_printed_loss_that_is_not_shown_to_be_above_is_no_finding(seen):
    (finding,) = judged(gap=replace(gap(), seen=seen))
    assert finding.code == "overfitting.none"
