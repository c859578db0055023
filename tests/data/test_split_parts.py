"""The parts of a split: row numbers, disjoint, and refused in words where they are not."""

from __future__ import annotations

import numpy as np
import pytest

from whyfit.errors import ArgumentError
from whyfit.evidence.split import Split


def test_parts_are_sorted_and_only_train_may_hold_a_row_twice():
    split = Split(train=[3, 0, 3], stop=[], score=(2, 1))
    assert (split.train.tolist(), split.stop.tolist(), split.score.tolist()) == ([0, 3, 3], [], [1, 2])


@pytest.mark.parametrize(
    ("train", "stop", "score", "message"),
    [
        ([0, 1], [1], [2], r"split: `train` and `stop` must have no row in common, got row 1 in both\. Give each"),
        ([0, 1, 2, 3, 4], [], [0, 1, 2, 3], r"`train` and `score` must .* got rows 0, 1, 2 … in both"),
        ([0], [1, 1], [2], r"`stop` must have each row once, got row 1 more than once"),
        ([0], [1], [2, 2, 5, 5], r"`score` must have each row once, got rows 2, 5 more than once"),
        ([-1, 0], [-1], [2], r"`train` and `stop` must have no row in common, got row -1 in both"),
        ([0.5, 1.5], [], [2], r"`train` must be a list of row numbers, got float64 of shape \(2,\)"),
        (np.array([True, False]), [], [2], r"`train` must be .* got bool of shape \(2,\)\. A mask becomes row numbers"),
        ([[0], [1]], [], [2], r"`train` must be a list of row numbers, got int64 of shape \(2, 1\)"),
    ],
)
def test_what_may_not_be_is_said_with_the_rows(train, stop, score, message):
    with pytest.raises(ArgumentError, match=message):
        Split(train=train, stop=stop, score=score)


def test_all_that_is_wrong_is_said_together():
    with pytest.raises(ArgumentError) as caught:
        Split(train=[0, 1], stop=[1, 2, 2], score=[0])
    assert str(caught.value).startswith("split: 3 problems:")
