"""Parts and new rows are unlike where it is significant and matters; a split that whyfit drew gets at most a note."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exams.cases import evidence
from whyfit.evidence.finding import Severity
from whyfit.evidence.leaks import AlikeFacts, ColumnShift
from whyfit.exams.splits import SplitsExam

HEALTHY = evidence().splits


def judged(*facts, kind="own", by="random"):
    case = evidence(splits=replace(HEALTHY, alike=facts, kind=kind, by=by))
    return {finding.code: finding for finding in SplitsExam().judge(case)}


def alike(auc, p, *columns, names=("train", "score")):
    return AlikeFacts(*names, auc, p, 999, 800, 200, tuple(ColumnShift(*column) for column in columns))


def new(auc, p, *columns):
    return alike(auc, p, *columns, names=("data", "new"))


CASES = {
    "alike": ((0.51, 0.3, ("a", 0.05, 0.6)), False),
    "tiny": ((0.54, 0.001, ("a", 0.05, 1e-9)), False),  # significant, but nothing that matters
    "by chance": ((0.60, 0.01, ("a", 0.30, 0.01)), False),  # large, but chance gives it once in a hundred
    "classifier": ((0.60, 0.001, ("a", 0.05, 0.6)), True),
    "column": ((0.51, 0.3, ("a", 0.30, 0.001)), True),
}


@pytest.mark.parametrize("case", CASES)
def test_parts_are_unlike_where_it_is_significant_and_matters(case):
    facts, unlike = CASES[case]
    found = judged(alike(*facts)).get("splits.unlike")
    assert bool(found) == unlike
    if found:
        assert found.severity is Severity.WARNING
        assert (found.where and found.where.column) == ("a" if case == "column" else None)


@pytest.mark.parametrize("kind", ["kfold", "holdout"])
def test_blocks_in_time_that_whyfit_drew_get_at_most_a_note(kind):
    assert judged(alike(0.9, 0.001, ("a", 0.9, 1e-9)), kind=kind, by="time")["splits.unlike"].severity is Severity.NOTE


@pytest.mark.parametrize("by", ["random", "stratified", "groups"])
def test_a_division_that_whyfit_drew_at_random_is_never_judged(by):
    found = judged(alike(0.9, 0.001, ("a", 0.9, 1e-9)), kind="kfold", by=by)
    assert "splits.unlike" not in found
    assert "splits.sound" in found


@pytest.mark.parametrize("case", CASES)
def test_new_rows_are_judged_in_the_same_way_and_likeness_is_said(case):
    facts, unlike = CASES[case]
    found = judged(new(*facts), kind="kfold")
    assert ("splits.unlike_new" in found, "splits.alike_new" in found) == (unlike, not unlike)
    if unlike:
        assert found["splits.unlike_new"].severity is Severity.WARNING


def test_a_target_that_shifted_alone_is_no_shift_of_the_inputs():
    found = judged(new(0.51, 0.3, ("y", 0.3, 0.001, True), ("a", 0.05, 0.6)))
    assert found["splits.label_shift"].where.column == "y"
    assert not {"splits.unlike_new", "splits.alike_new"} & set(found)
