"""Copies beyond chance stay in one part; rows that are equal by chance, or few, do not tie a table together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from whyfit.data.facts import split_facts
from whyfit.data.load import load
from whyfit.data.splits import holdout, kfold
from whyfit.data.together import joined, kept_together


def table(seed, *, rows=400, copied=60, columns=4, noise=0.0):
    """Continuous rows, some of which are copies of others, exact or nearly so."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(rows, columns))
    target = (values[:, 0] + rng.normal(size=rows) > 0).astype(int)
    of = rng.integers(0, rows, copied)
    more = values[of] + noise * rng.normal(size=(copied, columns))
    order = rng.permutation(rows + copied)
    return np.concatenate([values, more])[order], np.concatenate([target, target[of]])[order]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("copied", "noise", "kind"), [(60, 0.0, "copies"), (12, 1e-4, "near_copies")])
def test_copies_stay_in_one_part_and_their_healthy_twin_is_left_alone(seed, copied, noise, kind):
    data = load(table(seed, copied=copied, noise=noise))
    grouped, found = kept_together(data)
    assert found.kinds == (kind,)
    splits = kfold(grouped)
    facts = split_facts(grouped, splits, together=found)
    assert facts.together == (kind,)
    torn = split_facts(data, kfold(data))
    counted, there = (facts.copies, torn.copies) if kind == "copies" else (facts.near, torn.near)
    assert counted.copied_score_rows == there.copied_score_rows > copied / 3  # as a division at random would have them
    here = split_facts(grouped, splits)
    assert (here.copies if kind == "copies" else here.near).copied_score_rows == 0
    twin, none = kept_together(load(table(seed, copied=0)))
    assert (none.kinds, twin.groups) == ((), None)


def test_rows_equal_by_chance_are_not_tied_together():
    rng = np.random.default_rng(0)
    values = rng.integers(0, 3, size=(500, 5)).astype(float)
    data = load({**{f"x{i}": values[:, i] for i in range(5)}, "y": rng.integers(0, 2, 500)}, target="y")
    same, found = kept_together(data)
    assert found.copies.pairs > 100
    assert same is data


def test_a_table_of_which_too_few_rows_differ_is_divided_as_it_is():
    values, target = table(0, rows=40, copied=300)
    data = load((values, target))
    same, found = kept_together(data)
    assert found.copies.beyond_chance
    assert (same is data, found.kinds) == (True, ())


def test_declared_groups_are_joined_by_the_copies_between_them():
    values, target = table(0)
    who = np.arange(460) // 2
    data = replace(load((values, target)), groups=who)
    grouped, found = kept_together(data)
    assert found.kinds == ("copies",)
    for codes in (found.same, who):
        pairs = np.unique(np.stack([codes, grouped.groups]), axis=1)
        assert pairs.shape[1] == np.unique(codes).size  # each lies in one group


def test_groups_that_copies_would_all_join_stay_as_they_were_declared():
    values, target = table(0, rows=200, copied=200)
    data = replace(load((values, target)), groups=np.arange(400) % 12)
    assert kept_together(data)[0] is data


def test_in_time_an_earlier_row_that_comes_again_is_not_trained_on():
    values, target = table(0)
    data = replace(load((values, target)), time=np.arange(460.0))
    grouped, found = kept_together(data)
    for split in kfold(grouped):
        assert not np.isin(found.same[split.train], found.same[split.score]).any()
        assert split.train.max() < split.score.min()


def test_many_small_groups_are_divided_in_proportion_and_stay_whole():
    values, target = table(0, rows=4000, copied=400)
    grouped, _ = kept_together(load((values, target)))
    for split in (*kfold(grouped), holdout(grouped)):
        parts = (split.train, split.stop, split.score)
        assert sum(np.unique(grouped.groups[part]).size for part in parts) == np.unique(grouped.groups).size
        assert abs(target[split.score].mean() - target.mean()) < 0.01


def test_links_join_rows_directly_and_by_others():
    data = replace(load(table(0, rows=6, copied=0)), groups=np.array([0, 0, 1, 2, 3, 4]))
    codes = joined(data, None, [(1, 2), (4, 5)])
    assert [codes[1], codes[2], codes[5]] == [codes[0], codes[0], codes[4]]
    assert np.unique(codes).size == 3
