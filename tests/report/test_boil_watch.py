"""What a watched script leaves for the charts."""

import math
from dataclasses import replace

import pytest

from report.samples import WATCHED, stored, watched
from whyfit.evidence.observation import NormLook, Observation, Overlap
from whyfit.report.boil_watch import ALL_ROWS, held_out_of, layers_of, loss_of, norms_of, rates_of, scored_of
from whyfit.report.html import to_html
from whyfit.report.verdict import verdict
from whyfit.text import Words


def test_the_longest_curve_is_the_loss():
    loss = loss_of(WATCHED)
    assert loss.steps[0] == 0
    assert len(loss.steps) == 47
    assert loss.low[0] == 2.25


def test_held_out_losses_of_one_step_are_averaged_over_their_rows():
    held_out = held_out_of(WATCHED)
    assert held_out.steps == (47, 94)
    assert held_out.mean[0] == pytest.approx((100 * 2.30 + 300 * 2.34) / 400)


def test_layers_carry_the_gradient_of_their_weights():
    part = layers_of(WATCHED)
    assert [moment.step for moment in part.moments] == [look.step for look in WATCHED.looks]
    assert part.layers[6].numbers["gradient_norm"][0] == pytest.approx(0.4)
    assert part.layers[0].numbers["gradient_norm"][0] == pytest.approx(0.4e-6)
    assert "dead_share" not in part.layers[0].numbers
    assert part.layers[6].numbers.get("saturated_share") is None


def test_a_script_that_never_trained_leaves_nothing():
    seen = Observation()
    assert (loss_of(seen), held_out_of(seen), layers_of(seen)) == (None, None, None)


def test_the_verdict_tells_where_the_loss_went_and_not_what_two_batches_were():
    [first, *_] = verdict(stored(watched), Words())
    assert first == "The training loss went from 2.3 to 2.31 in 235 steps."


def test_the_page_is_named_after_the_script():
    assert "<h1>train.py</h1>" in to_html(stored(watched))


def test_numbers_that_were_not_read_are_absent():
    assert not any(
        math.isnan(value or 0) for layer in layers_of(WATCHED).layers for value in layer.numbers["delta_std"]
    )


def test_the_rate_of_each_look_is_kept():
    assert set(rates_of(WATCHED).rates) == {0.1, 0.01}
    assert rates_of(WATCHED).steps == tuple(look.step for look in WATCHED.looks)
    assert rates_of(Observation()) is None


def test_scored_rows_are_told_by_dataset_where_loaders_gave_them_and_together_where_not():
    assert [(part.name, part.rows, part.known) for part in scored_of(WATCHED)] == [("Rows", 400, 80)]
    batches = replace(WATCHED, loaded=(), overlaps=(Overlap(50, 5, 900, 1.0), Overlap(30, 0, 900, 1.0)))
    assert [(part.name, part.rows, part.known) for part in scored_of(batches)] == [(ALL_ROWS, 80, 5)]
    assert scored_of(Observation()) == ()


def test_norms_are_kept_at_the_looks_that_saw_them_take_the_batch():
    [part] = norms_of(WATCHED)
    assert (part.name, part.steps[0], part.lag[0], part.ratio[-1]) == ("1", 0, 1.0, 0.9)
    still = tuple(replace(one, norms=(NormLook(name="1", training=False, lag=0.1),)) for one in WATCHED.looks)
    assert norms_of(replace(WATCHED, looks=still)) == ()
