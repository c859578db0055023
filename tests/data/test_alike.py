"""Parts of one population are told apart as rarely as they should be; a shift in one column is found and named."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from data.sources import table
from whyfit.data import alike
from whyfit.data.alike import alike_facts
from whyfit.data.load import load
from whyfit.data.shifts import column_shifts, holm
from whyfit.evidence.dataset import Column, Dataset

FIRST, SECOND = np.arange(600), np.arange(600, 1000)


@pytest.fixture(autouse=True)
def fewer_permutations(monkeypatch):
    monkeypatch.setattr(alike, "PERMUTATIONS", 199)


def test_leave_one_out_scores_are_those_of_refits():
    """The slow, obvious twin: one ridge regression a row, without that row."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 3)), (np.arange(40) % 3 == 0).astype(float)
    x -= x.mean(axis=0)  # then the mean is orthogonal to the columns, as it is for standardised ones
    design = np.column_stack([np.ones(40), x])
    penalty = np.diag([0, 1, 1, 1]) * alike.RIDGE
    scores = np.empty(40)
    for row in range(40):
        others = np.arange(40) != row
        weights = np.linalg.solve(design[others].T @ design[others] + penalty, design[others].T @ y[others])
        scores[row] = design[row] @ weights
    assert alike._areas(alike._basis(x), y[:, None])[0] == pytest.approx(roc_auc_score(y, scores))


def test_random_parts_have_uniform_p():
    p = []
    for seed in range(40):
        data = table(200, 4, seed=seed)
        rows = np.random.default_rng(seed).permutation(200)
        p.append(alike_facts(data, rows[:120], rows[120:]).p)
    assert stats.kstest(p, "uniform").pvalue > 0.01


@pytest.mark.parametrize(
    "change",
    [lambda v: v + np.array([0, 0.6, 0, 0]), lambda v: v * np.array([1, 1.6, 1, 1])],
    ids=["mean", "spread"],
)
def test_a_shift_in_one_column_is_found_and_named(change):
    values = np.random.default_rng(0).normal(size=(1000, 4))
    values[SECOND] = change(values[SECOND])
    facts = alike_facts(table(numeric=values), FIRST, SECOND)
    assert facts.p == 1 / 200
    assert facts.auc > 0.6
    assert facts.columns[0].column == "x1"
    assert facts.columns[0].p < 0.001


def test_rows_of_groups_are_not_independent_so_groups_are_permuted():
    """Ten groups, each far from the others: by rows the parts differ beyond doubt, by groups they do not."""
    rng = np.random.default_rng(3)
    groups = np.arange(1000) // 100
    values = rng.normal(size=(10, 3))[groups] * 3 + rng.normal(size=(1000, 3))
    assert alike_facts(table(numeric=values), FIRST, SECOND).p == 1 / 200
    grouped = alike_facts(table(numeric=values, groups=groups), FIRST, SECOND)
    assert grouped.p > 0.05
    assert all(one.p > 0.05 for one in grouped.columns)


def test_a_shift_of_the_target_is_named_as_the_target():
    target = np.concatenate([np.arange(600) % 2, np.zeros(400, dtype=int)])
    first = alike_facts(table(1000, target=target), FIRST, SECOND).columns[0]
    assert (first.column, first.target, first.distance) == ("target", True, pytest.approx(0.5))
    unlabelled = alike_facts(table(1000, target=target), FIRST, SECOND, labelled=False)
    assert not any(shift.target for shift in unlabelled.columns)


def test_a_new_level_and_new_missing_values_are_shifts():
    codes = np.column_stack([np.concatenate([np.arange(600) % 2, np.arange(400) % 3])])
    numeric = np.random.default_rng(0).normal(size=(1000, 1))
    numeric[600::2] = np.nan
    columns = (Column("size", "numeric"), Column("city", "categorical", ("a", "b", "c")))
    data = Dataset(columns, numeric, codes, np.arange(1000) % 2, "classification", ("p", "q"))
    shifts = {shift.column: shift for shift in column_shifts(data, FIRST, SECOND, labelled=False)}
    assert shifts["size"].p < 1e-10
    assert shifts["size"].distance == pytest.approx(0.5)
    assert shifts["city"].distance == pytest.approx(1 / 3, abs=0.01)
    assert shifts["city"].p < 1e-10


def test_large_parts_images_and_missing_values_stay_within_bounds():
    facts = alike_facts(load(), np.arange(1000), np.arange(1000, 1797))
    assert (facts.first_rows, facts.second_rows) == (1000, 797)
    many = table(9000, 2)
    facts = alike_facts(many, np.arange(8000), np.arange(8000, 9000))
    assert (facts.first_rows, facts.second_rows) == (3000, 1000)
    assert facts == alike_facts(many, np.arange(8000), np.arange(8000, 9000))


def test_holm_is_the_step_down_procedure():
    np.testing.assert_allclose(holm(np.array([0.02, 0.01, 0.5, 0.04])), [0.06, 0.04, 0.5, 0.08])


def in_both(seed, shift=0.0):
    """Groups of rows that are alike, each with rows in both parts, as the same patients measured later are."""
    noise = np.random.default_rng(seed)
    groups = np.arange(600) // 10
    values = noise.normal(size=(60, 3))[groups] + 0.5 * noise.normal(size=(600, 3))
    second = np.arange(600) % 10 >= 7
    values[second, 1] += shift
    data = Dataset(
        columns=tuple(Column(f"x{i}", "numeric") for i in range(3)),
        numeric=values,
        codes=np.empty((600, 0)),
        target=noise.normal(size=(600, 1)),
        task="regression",
        groups=groups,
    )
    return data, np.flatnonzero(~second), np.flatnonzero(second)


def test_groups_that_both_parts_have_are_no_difference_by_themselves():
    """Labels are exchanged inside groups: without a shift p is as often small as it should be, with one it is found."""
    p = [alike_facts(*in_both(seed)).p for seed in range(30)]
    assert stats.kstest(p, "uniform").pvalue > 0.01
    assert alike_facts(*in_both(0, shift=0.8)).p == 1 / 200


@pytest.mark.parametrize("shift", [0.0, 2.0])
def test_where_rows_come_in_groups_columns_are_tested_by_one_row_of_each(shift):
    """By all rows sixty groups of ten would differ in every column; one of them is shifted, or none."""
    noise = np.random.default_rng(0)
    groups = np.arange(600) // 10
    values = noise.normal(size=(60, 3))[groups] + 0.1 * noise.normal(size=(600, 3))
    values[300:, 1] += shift
    found = alike_facts(table(numeric=values, groups=groups), np.arange(300), np.arange(300, 600))
    assert [one.column for one in found.columns if one.p < 0.01] == ([found.columns[0].column] if shift else [])
    everywhere = alike_facts(table(numeric=values, groups=np.arange(600) % 60), np.arange(300), np.arange(300, 600))
    assert everywhere.columns == ()  # every group is in both parts
