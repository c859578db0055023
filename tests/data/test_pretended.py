"""Scaling before the split is measured: nothing where it is harmless, something where scored rows are extreme."""

from __future__ import annotations

import numpy as np
import pytest

from data.sources import table
from whyfit.data.facts import split_facts, with_scores
from whyfit.data.load import load
from whyfit.data.pretended import pretended_facts
from whyfit.data.splits import holdout, kfold


def test_images_share_one_scale_so_nothing_can_be_pretended():
    digits = load()
    facts = pretended_facts(digits, kfold(digits))
    assert (facts.gain, facts.low, facts.high) == (0, 0, 0)
    assert facts.inside < 0.05


@pytest.mark.parametrize("seed", range(3))
def test_scaling_an_ordinary_table_outside_pretends_hardly_anything(seed):
    data = table(600, 5, seed=seed)
    facts = pretended_facts(data, kfold(data))
    assert facts.low <= 0 <= facts.high
    assert abs(facts.gain) < 0.02


def test_a_column_that_explodes_only_in_scored_rows_makes_a_difference():
    """Its scale is 1 in the training part, and a thousand on all rows: only by the mistake does the column vanish."""
    rng = np.random.default_rng(0)
    signal, noise = rng.normal(size=(400, 1)), rng.normal(size=(400, 1))
    noise[-80:] *= 1000
    data = table(numeric=np.column_stack([signal, noise]), target=(signal[:, 0] > 0).astype(int), time=np.arange(400))
    facts = pretended_facts(data, kfold(data, 4))
    assert facts.inside - facts.outside == pytest.approx(facts.gain)
    assert facts.gain > 0.02


def test_one_fold_gives_no_interval():
    data = table()
    assert pretended_facts(data, [holdout(data)]) is None


def test_scores_with_and_without_copies_are_means_over_rows():
    values = np.random.default_rng(0).normal(size=(300, 3))
    values[1] = values[0]
    values[250] = values[3] + 1e-6
    data = table(numeric=values)
    splits = kfold(data)
    facts = split_facts(data, splits)
    losses = np.zeros(300)
    losses[[0, 1, 3, 250]] = 1.0
    scored = with_scores(facts, data, splits, losses)
    for copies, rows in ((scored.copies, facts.copies.copied_score_rows), (scored.near, facts.near.copied_score_rows)):
        if rows:
            assert copies.score_with == pytest.approx(4 / 300)
            assert copies.score_without == pytest.approx((4 - rows) / (300 - rows))
    assert facts.copies.copied_score_rows + facts.near.copied_score_rows > 0


def test_without_copies_there_is_nothing_to_compare():
    data = table()
    splits = kfold(data)
    scored = with_scores(split_facts(data, splits), data, splits, np.ones(100))
    assert scored.copies.score_with is None
    assert scored.near.score_with is None
