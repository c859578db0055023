"""Each class has the error of its own rows, and a small one has no interval but a number of rows."""

import numpy as np
import pytest

from whyfit.study.statistics.by_class import class_scores


def study(counts, repeats=3, seed=0):
    noise = np.random.default_rng(seed)
    target = np.repeat(np.arange(len(counts)), counts)
    folds = np.stack([noise.permutation(target.size) % 5 for _ in range(repeats)])
    losses = (noise.random((repeats, 1, target.size)) < 0.1 + 0.3 * (target == 1)).astype(float)
    return losses, target, folds


def test_each_class_has_its_own_error_and_interval():
    losses, target, folds = study([200, 50])
    first, second = class_scores(losses, target, folds, training_rows=200)
    assert first.error.value == pytest.approx(losses[..., target == 0].mean())
    assert second.error.value == pytest.approx(losses[..., target == 1].mean())
    assert second.error.low < 0.4 < second.error.high
    assert second.error.high - second.error.low > first.error.high - first.error.low
    assert (first.needed, first.error.rows) == (None, 200)


def test_a_class_of_nine_rows_has_no_interval_and_says_what_it_would_take():
    first, second = class_scores(*study([100, 9]), training_rows=80)
    assert first.error.low is not None
    assert (second.error.low, second.error.why_none, second.error.rows) == (None, "too_few_rows", 9)
    assert 10 <= second.needed <= 150


def test_classes_without_rows_are_not_listed():
    losses, target, folds = study([50, 50])
    assert [score.code for score in class_scores(losses, target * 3, folds, training_rows=80)] == [0, 3]
