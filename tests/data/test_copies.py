"""Copies are counted exactly, and told from rows that are equal by chance."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from data.sources import table
from whyfit.data import copies
from whyfit.data.chance_copies import expected_equal_pairs
from whyfit.data.copies import copied_rows, copy_facts
from whyfit.data.pair_counts import BLOCK, pair_counts
from whyfit.data.row_codes import equal_rows, row_codes
from whyfit.data.splits import kfold
from whyfit.evidence.dataset import Column, Dataset


def mixed(numeric, codes):
    """Numeric and categorical columns with missing values."""
    columns = [Column(f"n{i}", "numeric") for i in range(numeric.shape[1])]
    columns += [Column(f"c{i}", "categorical", tuple("abc")) for i in range(codes.shape[1])]
    target = np.arange(len(numeric)) % 2
    return Dataset(tuple(columns), numeric, codes, target, "classification", ("p", "q"))


VALUES = st.sampled_from([0.0, -0.0, 1.0, float("nan"), 1e30])
ROWS = st.integers(2, 12).flatmap(
    lambda n: st.tuples(
        hnp.arrays(np.float32, (n, 3), elements=VALUES.map(np.float32)),
        hnp.arrays(np.int64, (n, 2), elements=st.integers(-1, 2)),
    )
)


def same(data, i, j):
    """The slow, obvious twin: missing equals missing, and minus zero is zero."""
    return np.array_equal(data.numeric[i], data.numeric[j], equal_nan=True) and np.array_equal(
        data.codes[i], data.codes[j]
    )


@given(rows=ROWS)
def test_equal_rows_share_a_number_and_others_do_not(rows):
    data = mixed(*rows)
    numbers = equal_rows(data)
    for i, j in itertools.combinations(range(data.rows), 2):
        assert (numbers[i] == numbers[j]) == same(data, i, j)
    assert list(dict.fromkeys(numbers.tolist())) == list(range(numbers.max() + 1))


@settings(deadline=None)
@given(rows=ROWS)
def test_pairs_are_counted_by_the_number_of_columns_that_differ(rows):
    data = mixed(*rows)
    codes = row_codes(data)
    slow = np.zeros(6, dtype=int)
    for i, j in itertools.combinations(range(data.rows), 2):
        differing = sum(not same(mixed(data.numeric[:, [k]], data.codes[:, :0]), i, j) for k in range(3))
        slow[differing + (data.codes[i] != data.codes[j]).sum()] += 1
    np.testing.assert_array_equal(pair_counts(codes), slow[:4])


@pytest.mark.parametrize("columns", [1, 4, 7, 300])
def test_blocks_and_strides_lose_no_pair(columns):
    codes = np.random.default_rng(columns).integers(0, 2, (BLOCK + 100, columns))
    codes[::5] = codes[0]
    differing = (codes[:, None, : min(columns, 7)] != codes[None, :, : min(columns, 7)]).sum(axis=2)
    if columns > 7:
        differing += (codes[:, None, 7:] != codes[None, :, 7:]).sum(axis=2)
    upper = differing[np.triu_indices(len(codes), 1)]
    np.testing.assert_array_equal(pair_counts(codes), [(upper == h).sum() for h in range(4)])


def test_constant_columns_and_the_order_of_columns_do_not_count():
    rng = np.random.default_rng(0)
    values = rng.integers(0, 3, (50, 4)).astype(float)
    wide = np.column_stack([np.full(50, 7.0), values[:, ::-1]])
    one, other = row_codes(table(numeric=values)), row_codes(table(numeric=wide))
    assert other.shape == (50, 4)
    np.testing.assert_array_equal(pair_counts(one), pair_counts(other))


def chance_table(seed, *, rows=2000, columns=6, levels=4, correlation=0.5):
    """Few distinct values, correlated columns: many rows are equal by chance."""
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(rows, 1)) * correlation
    values = (common + rng.normal(size=(rows, columns))) / np.sqrt(1 + correlation**2)
    return np.floor(np.clip(values * levels / 4 + levels / 2, 0, levels - 1))


def with_copies(values, share, seed):
    rng = np.random.default_rng(seed)
    count = round(share * len(values))
    planted = values.copy()
    planted[rng.choice(len(values), count, replace=False)] = values[rng.choice(len(values), count)]
    return planted


def alarms(values):
    facts = copy_facts(table(numeric=values), ())
    return facts.beyond_chance


@pytest.mark.parametrize("correlation", [0.0, 0.5, 1.0])
def test_what_chance_gives_is_foretold_within_a_fifth(correlation):
    facts = copy_facts(table(numeric=chance_table(1, correlation=correlation)), ())
    assert facts.pairs > 500
    assert facts.expected_pairs == pytest.approx(facts.pairs, rel=0.2)


@pytest.mark.parametrize("seed", range(20))
def test_copies_are_found_where_chance_repeats_are_rare_and_a_healthy_twin_is_silent(seed):
    healthy = np.random.default_rng(seed).normal(size=(300, 5))
    assert not alarms(healthy)
    assert alarms(with_copies(healthy, 0.08, seed))


@pytest.mark.parametrize("seed", range(5))
def test_a_table_that_repeats_itself_is_no_alarm(seed):
    assert not alarms(chance_table(seed))


def test_too_few_columns_to_tell_give_no_expectation():
    assert expected_equal_pairs(np.array([5, 4, 3, 0]), columns=2) is None
    assert expected_equal_pairs(np.array([5, 0, 9, 0]), columns=2) == 0.0
    assert copy_facts(table(numeric=np.ones((20, 3))), ()).pairs == 190


def test_scored_rows_that_stand_in_training_are_counted_over_one_pass():
    values = np.random.default_rng(0).normal(size=(100, 3))
    values[1::2] = values[::2]  # every row has one copy
    data = table(numeric=values)
    splits = kfold(data, by="random")
    same = equal_rows(data)
    by_hand = sum(int((split.train // 2 == row // 2).any()) for split in splits for row in split.score)
    facts = copy_facts(data, splits)
    assert (facts.copied_score_rows, facts.scored_rows) == (by_hand, 100)
    assert sum(copied_rows(same, split).sum() for split in splits) == by_hand
    assert facts.examples == ((0, 1), (2, 3), (4, 5))
    assert (facts.agreeing, facts.disagreeing) == (0, 50)  # targets alternate


def test_a_large_table_is_compared_by_a_sample_that_is_always_the_same(monkeypatch):
    monkeypatch.setattr(copies, "MOST_ROWS", 50)
    data = table(500)
    assert copy_facts(data, ()).rows_compared == 50
    assert copy_facts(data, ()) == copy_facts(data, ())
