"""Every augmentation on rows whose changed form is known, and its limits."""

import numpy as np
import pytest
from scipy import stats

from whyfit.rules.augmentations import Seen, augmentations

EVERY = pytest.mark.parametrize("entry", augmentations.values(), ids=lambda entry: entry.name)
HEIGHT, WIDTH, CHANNELS = 5, 7, 3
FEATURES = HEIGHT * WIDTH * CHANNELS
ROWS = 9
RNG = np.random.default_rng(0)
PICTURES = RNG.normal(size=(ROWS, FEATURES))


def seen_of(rows, features=FEATURES, height=HEIGHT, width=WIDTH, channels=CHANNELS, columns=None, spread=None):
    columns = np.arange(features) if columns is None else columns
    spread = np.ones(features) if spread is None else spread
    return Seen(height, width, channels, columns, spread, np.full(rows, -1), np.full(rows, np.nan))


def changed(name, x, draws, strength, seen=None):
    """The rows after, and what the augmentation left behind."""
    seen, out = seen or seen_of(*x.shape), np.full_like(x, np.nan)
    augmentations[name].apply(np.ascontiguousarray(x), out, np.asarray(draws, float), strength, seen)
    return out, seen


def pictures(flat):
    return flat.reshape(len(flat), HEIGHT, WIDTH, CHANNELS)


def some_draws(entry, rows, features=FEATURES, columns=FEATURES, seed=1):
    rng = np.random.default_rng(seed)
    shape = (rows, entry.count(features=features, columns=columns))
    return rng.normal(size=shape) if entry.normal else rng.random(shape)


@EVERY
def test_strength_zero_changes_nothing(entry):
    out, _ = changed(entry.name, PICTURES, some_draws(entry, ROWS), 0.0)
    assert np.array_equal(out, PICTURES)


@EVERY
def test_every_sensible_strength_changes_rows_and_keeps_them_finite(entry):
    for strength in entry.strengths:
        out, _ = changed(entry.name, PICTURES, some_draws(entry, ROWS), strength)
        assert np.isfinite(out).all()
        assert 0 < strength <= 1
        assert not np.array_equal(out, PICTURES)


@EVERY
@pytest.mark.parametrize("extreme", [0.0, 1.0 - 2.0**-53])
def test_the_ends_of_the_draws_stay_inside(entry, extreme):
    """A uniform number is never 1; its largest value must find no row and no pixel that does not exist."""
    for strength in (1e-3, 1.0):
        out, _ = changed(entry.name, PICTURES, np.full_like(some_draws(entry, ROWS), extreme), strength)
        assert np.isfinite(out).all()


@EVERY
def test_a_batch_of_one_row(entry):
    out, _ = changed(entry.name, PICTURES[:1], some_draws(entry, 1), entry.strengths[-1])
    assert np.isfinite(out).all()
    if entry.name in {"mixup", "column_swap"}:  # there is no other row to take from
        assert out == pytest.approx(PICTURES[:1])


@EVERY
def test_rows_depend_on_no_row_but_those_they_are_mixed_with(entry):
    """The draws of a row, and not the batch around it, decide what becomes of it."""
    if entry.mixes or entry.per == "column":
        return
    draws = some_draws(entry, ROWS)
    whole, _ = changed(entry.name, PICTURES, draws, entry.strengths[-1])
    alone, _ = changed(entry.name, PICTURES[3:4], draws[3:4], entry.strengths[-1])
    assert np.array_equal(whole[3:4], alone)


def test_what_changes_the_class_of_some_images_is_marked():
    assert {name for name, entry in augmentations.items() if not entry.keeps_class} == {"flip", "flip_vertical"}


@pytest.mark.parametrize("name", ["rotate", "shift", "scale", "affine"])
def test_an_image_of_one_colour_stays_as_it_is(name):
    plain = np.full((ROWS, FEATURES), 0.3)
    out, _ = changed(name, plain, some_draws(augmentations[name], ROWS), 1.0)
    assert out == pytest.approx(plain)


@pytest.mark.parametrize(("draw", "turns"), [(1.0, -1), (0.0, 1)])
def test_a_quarter_turn_is_that_of_numpy(draw, turns):
    """On a square, where no pixel leaves the image; clockwise first, which NumPy counts as negative."""
    square = RNG.normal(size=(2, 6 * 6 * 2))
    seen = seen_of(2, 72, 6, 6, 2)
    out, _ = changed("rotate", square, [[draw], [draw]], 1.0, seen)
    expected = np.rot90(square.reshape(2, 6, 6, 2), turns, axes=(1, 2))
    assert out.reshape(2, 6, 6, 2) == pytest.approx(expected, abs=1e-12)


def test_a_shift_by_whole_pixels_moves_them_and_repeats_the_edge():
    """Two of seven to the side, one of five up; draws are (v + 1)/2."""
    strength = 2 / WIDTH
    draws = np.tile([1.0, 0.5 * (1 + (1 / HEIGHT) / strength)], (ROWS, 1))
    out, _ = changed("shift", PICTURES, draws, strength)
    padded = np.pad(pictures(PICTURES), ((0, 0), (0, 1), (0, 2), (0, 0)), mode="edge")
    assert pictures(out) == pytest.approx(padded[:, 1:, 2:], abs=1e-9)


def test_a_scale_by_two_shows_the_middle_half():
    """Of a ramp along both axes, the values run at half the slope from the middle."""
    i, j = np.mgrid[:HEIGHT, :WIDTH].astype(float)
    ramp = np.repeat((i - 2 + 10 * (j - 3))[None, :, :, None], CHANNELS, axis=3).reshape(1, -1)
    out, _ = changed("scale", ramp, [[1.0]], 1.0)
    assert out == pytest.approx(ramp / 2, abs=1e-9)


def test_cutout_blots_out_a_hole_of_its_size_and_nothing_else():
    strength = 0.6  # 3 of 5 rows, 4 of 7 columns of pixels
    out, _ = changed("cutout", PICTURES[:1], [[0.5, 0.5]], strength)
    gone = pictures(out)[0] == 0
    assert gone.all(axis=2).sum() == gone.any(axis=2).sum() == 3 * 4
    assert gone[1:4, 1:5].all()
    assert np.array_equal(out[out != 0], PICTURES[:1][out != 0])


def test_a_flip_twice_is_none_and_happens_at_its_rate():
    flipped, _ = changed("flip", PICTURES, np.zeros((ROWS, 1)), 0.5)
    assert np.array_equal(pictures(flipped), pictures(PICTURES)[:, :, ::-1])
    upside, _ = changed("flip_vertical", PICTURES, np.zeros((ROWS, 1)), 0.5)
    assert np.array_equal(pictures(upside), pictures(PICTURES)[:, ::-1])
    kept, _ = changed("flip", PICTURES, np.full((ROWS, 1), 0.5), 0.5)
    assert np.array_equal(kept, PICTURES)


def test_noise_leaves_levels_and_constants_alone():
    spread = np.array([1.0, 1.0, 0.0, 0.0])
    x, draws = np.zeros((5000, 4)), np.random.default_rng(0).normal(size=(5000, 4))
    out, _ = changed("noise", x, draws, 0.3, seen_of(5000, 4, 0, 0, 0, spread=spread))
    assert out.std(axis=0) == pytest.approx([0.3, 0.3, 0, 0], abs=0.01)
    assert not out[:, 2:].any()


@pytest.mark.parametrize("strength", [0.2, 0.4, 1.0])
def test_the_shares_of_mixup_are_the_larger_ones_of_a_beta_distribution(strength):
    """The closed form against SciPy's distribution, folded at ½."""
    rows = 4000
    _, seen = changed("mixup", np.zeros((rows, 1)), np.random.default_rng(3).random((rows, 3)), strength)
    assert seen.share.min() >= 0.5
    folded = lambda share: stats.beta.cdf(share, strength, strength) - stats.beta.cdf(1 - share, strength, strength)  # noqa: E731
    # At small strengths the largest shares are 1 to the last digit, where the distribution function is steep.
    assert stats.kstest(np.minimum(seen.share, 1 - 1e-15), folded).pvalue > 0.01


def test_mixup_takes_the_partner_that_it_names_by_the_share_that_it_names():
    out, seen = changed("mixup", PICTURES, some_draws(augmentations["mixup"], ROWS), 1.0)
    share = seen.share[:, None]
    assert out == pytest.approx(share * PICTURES + (1 - share) * PICTURES[seen.partner], abs=1e-12)
    assert set(seen.partner) <= set(range(ROWS))
    assert len(set(seen.partner)) > 2


def test_column_swap_takes_cells_from_the_same_column_all_features_of_a_column_together():
    """A column of three levels: every row keeps exactly one of them."""
    rng, rows = np.random.default_rng(0), 2000
    level = np.eye(3)[rng.integers(3, size=rows)]
    x = np.column_stack([np.arange(rows), level, 10_000 + np.arange(rows)]).astype(float)
    columns = np.array([0, 1, 1, 1, 2])
    out, _ = changed("column_swap", x, rng.random((rows, 3)), 0.3, seen_of(rows, 5, 0, 0, 0, columns=columns))
    assert np.isin(out[:, 0], x[:, 0]).all()
    assert np.isin(out[:, 4], x[:, 4]).all()
    assert np.array_equal(out[:, 1:4].sum(axis=1), np.ones(rows))
    swapped = out[:, [0, 4]] != x[:, [0, 4]]
    assert swapped.mean(axis=0) == pytest.approx([0.3, 0.3], abs=0.03)
    assert (swapped[:, 0] & swapped[:, 1]).mean() == pytest.approx(0.09, abs=0.03)  # each cell by itself
