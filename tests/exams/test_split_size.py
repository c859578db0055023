"""The width of the score's interval, the gain that can be shown, and the rows that would do better."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exams.cases import evidence, score
from whyfit.evidence.evidence import ScoreFacts
from whyfit.evidence.finding import Severity
from whyfit.exams.splits import SplitsExam


def judged(facts):
    return {finding.code: finding for finding in SplitsExam().judge(evidence(score=facts))}


@pytest.mark.parametrize(
    ("low", "high", "severity"), [(0.02, 0.05, None), (0.0, 0.06, Severity.NOTE), (0.0, 0.12, Severity.WARNING)]
)
def test_a_wide_interval_of_the_score_is_said_with_the_rows_needed(low, high, severity):
    found = judged(score(0.03, low, high)).get("splits.small")
    assert (found and found.severity) == severity
    if found:
        assert found.numbers["needed"] == 4000
        assert found.numbers["for_one_point"] == 1398  # 196² · 5/4 · 0.03 · 0.97


def test_the_width_of_a_squared_error_is_measured_against_the_baseline():
    wide = ScoreFacts("squared_error", score(30.0, 20.0, 40.0).estimate, baseline=100.0)
    found = judged(wide)["splits.small"]
    assert (found.severity, found.numbers["for_one_point"]) == (Severity.NOTE, None)
    assert "splits.small" not in judged(replace(wide, baseline=1000.0))


def test_a_score_without_interval_is_not_judged():
    assert not {"splits.small", "splits.large_enough"} & set(judged(score(0.03, None, None)))


@pytest.mark.parametrize(("low", "high", "code"), [(0.02, 0.04, "splits.large_enough"), (0.0, 0.12, "splits.small")])
def test_width_smallest_gain_and_rows_for_one_point_are_always_said(low, high, code):
    found = judged(replace(score(0.03, low, high), smallest_gain=0.012))[code]
    assert set(found.numbers) == {"rows", "groups", "width", "smallest_gain", "needed", "for_one_point"}
    assert (found.numbers["smallest_gain"], found.numbers["for_one_point"]) == (0.012, 1398)


def test_a_smallest_gain_of_nothing_is_not_said():
    found = judged(replace(score(0.03, 0.02, 0.04), smallest_gain=0.0))["splits.large_enough"]
    assert found.numbers["smallest_gain"] is None


def test_where_rows_come_in_groups_groups_are_counted():
    grouped = replace(evidence().splits, by="groups")
    found = {one.code: one for one in SplitsExam().judge(evidence(splits=grouped, score=score(0.03, 0.0, 0.12)))}
    numbers = found["splits.small"].numbers
    assert (numbers["rows"], numbers["groups"], numbers["for_one_point"]) == (None, 1000, None)
