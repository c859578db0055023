"""Sorted rows are known as such, by numbers, by levels, by the target and by several of them; others are not."""

from __future__ import annotations

import numpy as np
import pytest

from whyfit.data.load import load
from whyfit.data.sorted_rows import shuffled_within, sorted_by


def table(rng, rows=300):
    return {
        "site": np.array(list("dbac"))[rng.integers(0, 4, rows)],
        "age": rng.integers(18, 90, rows).astype(float),
        "size": rng.normal(size=rows),
        "spike": np.where(rng.random(rows) < 0.05, rng.normal(size=rows), 0.0),
        "y": rng.normal(size=rows),
    }


def ordered(source, *keys):
    order = np.lexsort([source[key] for key in keys[::-1]])
    return {name: values[order] for name, values in source.items()}


@pytest.mark.parametrize(
    ("keys", "said"),
    [((), ()), (("age",), ("age",)), (("site",), ("site",)), (("y",), ("y",)), (("site", "age"), ("site", "age"))],
    ids=str,
)
@pytest.mark.parametrize("seed", range(5))
def test_the_columns_that_sort_a_table_are_named(keys, said, seed):
    source = table(np.random.default_rng(seed))
    names, block = sorted_by(load(ordered(source, *keys) if keys else source))
    assert names[: len(said)] == said
    assert bool(names) == bool(said)
    assert block.max() + 1 == len(set(zip(*(source[key] for key in keys), strict=True))) if keys else block.max() == 0


def test_a_falling_column_and_one_with_a_few_rows_appended_sort_too():
    rng = np.random.default_rng(0)
    source = ordered(table(rng), "size")
    falling = {name: values[::-1] for name, values in source.items()}
    appended = {name: np.concatenate([values, values[:2]]) for name, values in source.items()}
    assert sorted_by(load(falling))[0] == sorted_by(load(appended))[0] == ("size",)


def test_a_drifting_column_does_not_sort():
    rng = np.random.default_rng(0)
    source = {**table(rng), "trend": np.arange(300) / 30 + rng.normal(size=300)}
    assert sorted_by(load(source, target="y"))[0] == ()


def test_a_shuffle_keeps_the_blocks_in_their_order():
    block = np.repeat([0, 1, 2], [50, 1, 49])
    place = shuffled_within(block, np.random.default_rng(0))
    assert sorted(place) == list(range(100))
    assert (np.diff(block[np.argsort(place)]) >= 0).all()
    assert (place != np.arange(100)).any()
