"""The jackknife of a mean is the variance of the mean; groups stay whole."""

import numpy as np
import pytest

from whyfit.study.statistics.jackknife import jackknife_variance, leave_groups_out, leave_repeats_out, row_groups


def test_of_a_mean_over_rows_it_is_about_the_variance_of_the_mean():
    values = np.random.default_rng(0).normal(size=(200, 3000))
    left_out = leave_groups_out(values, row_groups(3000))
    assert jackknife_variance(left_out).mean() == pytest.approx(1 / 3000, rel=0.05)


def test_leaving_groups_out_is_what_deleting_does():
    values = np.random.default_rng(0).normal(size=(2, 50))
    cut = row_groups(50)
    expected = np.stack([values[:, cut != group].mean(axis=1) for group in range(30)], axis=1)
    assert leave_groups_out(values, cut) == pytest.approx(expected)


def test_over_repeats_each_is_left_out_once():
    kept = leave_repeats_out(lambda index: index.sum(), 4)
    assert kept.tolist() == [6, 5, 4, 3]


def test_given_groups_stay_whole_and_cuts_are_even():
    groups = np.repeat(np.arange(70), 3)
    cut = row_groups(210, groups)
    assert all(np.unique(cut[groups == code]).size == 1 for code in range(70))
    assert set(np.bincount(cut).tolist()) == {6, 9}


def test_fewer_rows_than_cuts_leave_one_out():
    assert sorted(row_groups(7).tolist()) == list(range(7))


def test_the_cuts_are_the_same_in_every_run():
    assert (row_groups(100) == row_groups(100)).all()
