"""The terms against planted ones, against slow twins, and what stands where there is too little."""

import math
from itertools import combinations, product

import numpy as np
import pytest

from whyfit.errors import ArgumentError
from whyfit.study.statistics.constant import constant_loss
from whyfit.study.statistics.decomposition import decompose
from whyfit.study.statistics.interval import score_spread
from whyfit.study.statistics.limits import error_estimate
from whyfit.study.statistics.losses import log_softmax, row_losses

LOSSES = ("squared_error", "zero_one", "cross_entropy")


def folds_of(repeats, rows, seed=0):
    noise = np.random.default_rng(seed)
    return np.stack([noise.permutation(rows) % 5 for _ in range(repeats)])


def made(loss, repeats=4, seeds=2, rows=60, seed=0, outputs=3):
    noise = np.random.default_rng(seed)
    shape = (repeats, 1, rows, outputs)
    raw = 0.8 * noise.normal(size=shape) + 0.6 * noise.normal(size=(repeats, seeds, rows, outputs))
    raw += noise.normal(size=(rows, outputs))
    if loss == "squared_error":
        return raw, noise.normal(size=(rows, outputs))
    return 2.0 * raw, noise.integers(0, outputs, size=rows)


def twin(outputs, target, loss, training_rows):
    """STATISTICS 5 with loops over rows, repeats, seeds and pairs of networks."""
    repeats, seeds, rows, _ = outputs.shape
    phi = 1 - training_rows / (rows - 1)
    error = row_losses(outputs, target, loss).mean()
    if loss == "squared_error":
        within = [outputs[r, :, i].var(axis=0, ddof=1).mean() for r in range(repeats) for i in range(rows)]
        seed = np.mean(within)
        means = [outputs[:, :, i].mean(axis=1).var(axis=0, ddof=1).mean() for i in range(rows)]
        return error, (np.mean(means) - seed / seeds) / phi, seed
    if loss == "zero_one":
        answers = outputs.argmax(axis=-1)
        same = [answers[r, a, i] != answers[r, b, i] for r in range(repeats) for i in range(rows)
                for a, b in combinations(range(seeds), 2)]  # fmt: skip
        other = [answers[q, a, i] != answers[r, b, i] for q, r in combinations(range(repeats), 2) for i in range(rows)
                 for a, b in product(range(seeds), repeat=2)]  # fmt: skip
        seed, across = 0.5 * np.mean(same), 0.5 * np.mean(other)
        variance = math.sqrt(max(0.0, seed**2 + (across**2 - seed**2) / phi))
        return error, variance - seed, seed
    logs = log_softmax(outputs)
    v_r = [-np.log(np.exp(logs[r, :, i].mean(axis=0)).sum()) for r in range(repeats) for i in range(rows)]
    v = [-np.log(np.exp(logs[:, :, i].mean(axis=(0, 1))).sum()) for i in range(rows)]
    seed = seeds / (seeds - 1) * np.mean(v_r)
    return error, (repeats / (repeats - 1) * (np.mean(v) - np.mean(v_r)) - seed / seeds) / phi, seed


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(("repeats", "seeds"), [(4, 2), (5, 3), (2, 2)])
def test_equals_the_loops(loss, repeats, seeds):
    outputs, target = made(loss, repeats, seeds)
    terms = decompose(outputs, target, folds_of(repeats, 60), loss=loss, training_rows=48)
    expected = twin(outputs, target, loss, 48)
    assert (terms.error.value, terms.sample.value, terms.seed.value) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_identity_is_exact(loss):
    outputs, target = made(loss, seed=3)
    terms = decompose(outputs, target, folds_of(4, 60), loss=loss, training_rows=48)
    assert terms.error.value == pytest.approx(terms.bias_plus_noise.value + terms.variance.value, abs=1e-12)
    assert terms.variance.value == pytest.approx(terms.sample.value + terms.seed.value, abs=1e-12)


def test_planted_terms_of_squared_error_come_out():
    """bias² = 1, noise = 1/4, seed variance 1/4, sample variance 1 of which the overlap hides all but φ."""
    noise = np.random.default_rng(0)
    rows, repeats, phi = 4000, 6, 1 - 3200 / 3999
    sample = math.sqrt(phi) * noise.normal(size=(repeats, 1, rows, 1))
    outputs = 1.0 + sample + 0.5 * noise.normal(size=(repeats, 2, rows, 1))
    target = 0.5 * noise.normal(size=(rows, 1))
    terms = decompose(outputs, target, folds_of(repeats, rows), loss="squared_error", training_rows=3200)
    assert terms.sample.value == pytest.approx(1.0, abs=0.06)
    assert terms.seed.value == pytest.approx(0.25, abs=0.01)
    assert terms.seed.low < 0.25 < terms.seed.high
    assert terms.sample.low < 1.0 < terms.sample.high
    # The plain error holds φ·sample, as the fits of one data set do: what is left is bias² + noise − (1 − φ)·sample.
    assert terms.error.value == pytest.approx(1.25 + phi + 0.25, abs=0.06)


def test_equal_networks_have_no_variance_in_any_loss():
    for loss in LOSSES:
        outputs, target = made(loss, 1, 1)
        terms = decompose(np.tile(outputs, (4, 2, 1, 1)), target, folds_of(4, 60), loss=loss, training_rows=48)
        assert (terms.sample.value, terms.seed.value) == pytest.approx((0.0, 0.0), abs=1e-12)
        assert terms.largest == "bias_plus_noise"


def test_seed_noise_alone_is_seed_variance_alone():
    """Two seeds that answer at random: D_seed = D_rows, so no sample part, and half the answers differ."""
    noise = np.random.default_rng(0)
    outputs, target = noise.normal(size=(6, 2, 2000, 2)), noise.integers(0, 2, size=2000)
    terms = decompose(outputs, target, folds_of(6, 2000), loss="zero_one", training_rows=1600)
    assert terms.seed.value == pytest.approx(0.25, abs=0.01)
    assert abs(terms.sample.value) < 0.05
    assert terms.error.value == pytest.approx(0.5, abs=0.02)


def test_a_sample_part_of_zero_is_estimated_without_a_cut():
    """Networks that differ by their seed alone: the estimates lie on both sides of 0, and so do their intervals."""
    parts = []
    for seed in range(12):
        noise = np.random.default_rng(seed)
        outputs, target = noise.normal(size=(4, 2, 200, 2)) + np.array([0.8, 0.0]), np.zeros(200, int)
        parts.append(decompose(outputs, target, folds_of(4, 200), loss="zero_one", training_rows=160).sample)
    assert min(part.value for part in parts) < 0 < max(part.value for part in parts)
    assert all(part.high - part.low > 0 for part in parts)


def test_variance_is_named_where_it_is_the_larger_part():
    noise = np.random.default_rng(0)
    outputs = 3.0 * noise.normal(size=(4, 2, 300, 1))
    terms = decompose(outputs, 0.1 * noise.normal(size=(300, 1)), folds_of(4, 300), loss="squared_error",
                      training_rows=240)  # fmt: skip
    assert terms.largest == "variance"


def test_nothing_is_named_where_intervals_overlap():
    noise = np.random.default_rng(0)
    outputs, target = noise.normal(size=(4, 2, 40, 1)), 1.2 * noise.normal(size=(40, 1))
    terms = decompose(outputs, target, folds_of(4, 40), loss="squared_error", training_rows=32)
    assert terms.largest is None


def test_under_four_repeats_there_are_terms_but_no_intervals():
    outputs, target = made("zero_one", repeats=3)
    terms = decompose(outputs, target, folds_of(3, 60), loss="zero_one", training_rows=48)
    assert terms.why_none == "too_few_repeats"
    assert terms.sample.low is None
    assert math.isfinite(terms.sample.value)
    assert terms.largest is None


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_diverged_fit_leaves_no_terms_in_an_unbounded_loss(bad):
    for loss in ("squared_error", "cross_entropy"):
        outputs, target = made(loss)
        outputs[1, 0, :5] = bad
        terms = decompose(outputs, target, folds_of(4, 60), loss=loss, training_rows=48)
        assert terms.why_none == "diverged"
        assert math.isnan(terms.variance.value)


def test_a_diverged_fit_is_a_wrong_answer_in_zero_one_error():
    outputs, target = made("zero_one")
    healthy = decompose(outputs, target, folds_of(4, 60), loss="zero_one", training_rows=48)
    outputs[1, 0] = math.nan
    terms = decompose(outputs, target, folds_of(4, 60), loss="zero_one", training_rows=48)
    assert terms.error.value > healthy.error.value
    assert terms.variance.value > healthy.variance.value
    assert terms.sample.low is not None


def test_groups_widen_the_intervals_of_copied_rows():
    outputs, target = made("squared_error", rows=90)
    outputs, target = np.repeat(outputs, 4, axis=2), np.repeat(target, 4, axis=0)
    folds, groups = np.repeat(folds_of(4, 90), 4, axis=1), np.repeat(np.arange(90), 4)
    plain, grouped = (
        decompose(outputs, target, folds, loss="squared_error", training_rows=280, groups=codes)
        for codes in (None, groups)
    )
    assert plain.error.value == grouped.error.value
    one, other = grouped.bias_plus_noise, plain.bias_plus_noise
    assert one.high - one.low > 1.3 * (other.high - other.low)


@pytest.mark.parametrize(("count", "why"), [(7, "too_few_groups"), (8, None)])
def test_under_eight_groups_there_are_no_intervals(count, why):
    outputs, target = made("squared_error")
    groups = np.arange(60) % count
    folds = np.stack([np.arange(60) % count % 5] * 4)
    terms = decompose(outputs, target, folds, loss="squared_error", training_rows=48, groups=groups)
    assert terms.why_none == why


def test_few_groups_widen_the_intervals_by_their_degrees():
    """Ten groups of equal rows: t(9), as ten rows would have it."""
    outputs, target = made("squared_error", rows=10)
    folds = np.stack([np.arange(10) % 5] * 4)
    alone = decompose(outputs, target, folds, loss="squared_error", training_rows=8)
    copied = decompose(
        np.repeat(outputs, 6, axis=2), np.repeat(target, 6, axis=0), np.repeat(folds, 6, axis=1),
        loss="squared_error", training_rows=48, groups=np.repeat(np.arange(10), 6),
    )  # fmt: skip
    one, other = ((terms.sample.high - terms.sample.low) * terms.phi for terms in (copied, alone))
    assert one == pytest.approx(other)


@pytest.mark.parametrize("shape", [(1, 2, 60, 1), (4, 1, 60, 1), (4, 2, 60)])
def test_one_repeat_or_one_seed_is_refused(shape):
    with pytest.raises(ArgumentError, match="`outputs` must be"):
        decompose(np.ones(shape), np.ones((60, 1)), folds_of(4, 60), loss="squared_error", training_rows=48)


def test_leaving_one_row_out_is_refused():
    outputs, target = made("squared_error")
    with pytest.raises(ArgumentError, match="`training_rows` must be from 1"):
        decompose(outputs, target, folds_of(4, 60), loss="squared_error", training_rows=59)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_error_has_the_interval_of_a_score(loss):
    """Its jackknife missed too often where networks are no better than a constant."""
    outputs, target = made(loss, rows=120)
    folds = folds_of(4, 120)
    error = decompose(outputs, target, folds, loss=loss, training_rows=96).error
    baseline = None if loss == "zero_one" else constant_loss(target, loss)
    spread = score_spread(row_losses(outputs, target, loss), folds, training_rows=96, baseline=baseline)
    assert error == error_estimate(spread, bounded=loss == "zero_one")
