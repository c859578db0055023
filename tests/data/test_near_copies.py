"""Near copies break the law of neighbour distances; smooth rows of any density do not."""

from __future__ import annotations

import numpy as np
import pytest

from data.sources import table
from whyfit.data.load import load
from whyfit.data.near_copies import continuous, intrinsic_dimension, near_copy_facts, neighbours
from whyfit.data.splits import kfold


def normal(rng, n, p):
    return rng.normal(size=(n, p))


def clusters(rng, n, p):
    return 0.3 * rng.normal(size=(n, p)) + 3 * rng.normal(size=(5, p))[rng.integers(0, 5, n)]


def heavy(rng, n, p):
    return rng.standard_t(3, size=(n, p))


def rounded(rng, n, p):
    """One column smooth, the others to one digit, two or three: none of them must stand in for a dimension."""
    return np.column_stack([np.round(rng.normal(size=n), i) if i else rng.normal(size=n) for i in range(p)])


def curved(rng, n, p):
    return np.sin(3 * rng.random((n, 2)) @ rng.normal(size=(2, p)))


def half_zeros(rng, n, p):
    return rng.normal(size=(n, p)) * (rng.random((n, p)) < 0.5)


def walk(rng, n, p):
    return np.cumsum(rng.normal(size=(n, p)), axis=0)


def planted(values, share, size, seed):
    rng = np.random.default_rng(seed)
    count = round(share * len(values))
    values = values.copy()
    to, of = rng.choice(len(values), count, replace=False), rng.choice(len(values), count)
    values[to] = values[of] + size * values.std(axis=0) * rng.normal(size=(count, values.shape[1]))
    return values


def found(values):
    facts = near_copy_facts(table(numeric=values), ())
    return facts is not None and facts.beyond_chance


@pytest.mark.parametrize("make", [normal, clusters, heavy, rounded, curved, half_zeros, walk])
@pytest.mark.parametrize("columns", [2, 6])
def test_smooth_rows_raise_no_alarm(make, columns):
    assert not any(found(make(np.random.default_rng(seed), 500, columns)) for seed in range(5))


@pytest.mark.parametrize("make", [normal, clusters, heavy, curved])
@pytest.mark.parametrize("seed", range(20))
def test_copies_with_little_noise_are_found(make, seed):
    healthy = make(np.random.default_rng(seed), 400, 5)
    assert found(planted(healthy, 0.02, 1e-4, seed))


def test_the_intrinsic_dimension_is_that_of_the_surface_not_of_the_columns():
    rng = np.random.default_rng(0)
    for values, dimension in ((normal(rng, 3000, 4), 4), (rng.normal(size=(3000, 2)) @ rng.normal(size=(2, 6)), 2)):
        found = neighbours(values, np.arange(3000))
        assert intrinsic_dimension(found) == pytest.approx(dimension, rel=0.1)


def test_neighbours_equal_those_of_all_distances():
    values = np.random.default_rng(0).normal(size=(200, 3))
    values[7] = values[5]  # an exact copy counts once
    found = neighbours(values, np.arange(200))
    assert found.rows.size == 199
    distance = np.linalg.norm(values[found.rows][:, None] - values[found.rows], axis=2)
    np.fill_diagonal(distance, np.inf)
    np.testing.assert_allclose(found.first, distance.min(axis=1))
    np.testing.assert_allclose(found.second, np.sort(distance, axis=1)[:, 1])
    np.testing.assert_array_equal(found.nearest, found.rows[distance.argmin(axis=1)])


def test_the_named_pair_is_the_planted_one_and_its_scored_row_is_counted():
    values = np.random.default_rng(0).normal(size=(300, 5))
    values[250] = values[3] + 1e-5
    data = table(numeric=values)
    splits = kfold(data)
    facts = near_copy_facts(data, splits)
    assert (facts.examples, facts.nearest) == (((3, 250),), 1)
    parts = [(row in split.score, other in split.train) for split in splits for row, other in ((3, 250), (250, 3))]
    assert facts.copied_score_rows == sum(a and b for a, b in parts)
    assert facts.scored_rows == 300


def test_near_copies_of_images_are_found_and_the_digits_have_none():
    digits = load()
    assert near_copy_facts(digits, ()).pairs == 0
    rng = np.random.default_rng(0)
    values = digits.numeric.copy()
    to, of = rng.choice(1797, 36, replace=False), rng.choice(1797, 36)
    values[to] = np.clip(values[of] + rng.integers(-1, 2, (36, 64)), 0, 16)
    assert near_copy_facts(load((values.reshape(-1, 8, 8), digits.target)), ()).pairs > 25


def test_columns_with_values_that_repeat_are_not_continuous():
    rng = np.random.default_rng(0)
    values = np.column_stack([rng.normal(size=300), rng.integers(0, 5, 300), half_zeros(rng, 300, 1), rng.random(300)])
    assert continuous(table(numeric=values), np.arange(300)).shape == (300, 2)
    assert near_copy_facts(table(numeric=values[:, :3]), ()) is None
    assert near_copy_facts(table(40), ()) is None


def test_rows_with_missing_values_are_not_compared():
    """In place of a missing value the mean would put a tenth of the rows on a plane."""
    values = np.random.default_rng(0).normal(size=(400, 3))
    values[:40, 1] = np.nan
    facts = near_copy_facts(table(numeric=values), ())
    assert (facts.rows_compared, facts.columns, facts.nearest) == (360, 3, 0)


@pytest.mark.parametrize("share", [0.02, 0.05, 0.1, 0.15, 0.3])
def test_copies_are_found_however_many_they_are(share):
    """From a tenth of the rows on they once ruled the dimension that they are found by."""
    rng = np.random.default_rng(1)
    values = rng.normal(size=(600, 6))
    of = rng.integers(0, 600, round(share * 600))
    data = load(
        (np.concatenate([values, values[of] + 1e-3 * rng.normal(size=(of.size, 6))]), rng.normal(size=600 + of.size))
    )
    facts = near_copy_facts(data, kfold(data))
    assert facts.beyond_chance
    assert facts.pairs > 0.6 * of.size  # a row that was copied twice has two near neighbours, and no odd ratio
