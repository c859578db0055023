"""Each contrast divides the same rows with the leak and without it, and nothing else differs between its ways."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from whyfit.data.contrasts import MOST_ROWS, leak_contrasts, preparing_contrasts
from whyfit.data.encode import features_of, fit_scaling
from whyfit.data.load import load
from whyfit.data.prepared import imputed, prepared, scaled, selected
from whyfit.data.sound import sound_division

RNG = np.random.default_rng(0)


def patients(rows=600, groups=80):
    who = RNG.integers(0, groups, rows)
    values = RNG.normal(size=(groups, 4))[who] + 0.3 * RNG.normal(size=(rows, 4))
    sick = (RNG.normal(size=groups)[who] + 0.3 * RNG.normal(size=rows) > 0).astype(int)
    return {"patient": [f"p{one}" for one in who], **{f"x{i}": values[:, i] for i in range(4)}, "sick": sick}


def series(rows=600):
    walk = np.cumsum(RNG.normal(size=(rows, 4)), axis=0)
    day = np.datetime64("2026-01-01") + np.arange(rows)
    return {"day": day, **{f"x{i}": walk[:, i] for i in range(3)}, "load": walk[:, 3]}


def named(source, **options):
    found = sound_division(load(source), **options)
    return found, {one.kind: one for one in found.leaks}


def test_groups_are_whole_in_one_way_and_torn_in_the_other():
    found, by_kind = named(patients())
    assert found.suspects.used == ("patient",)
    torn, whole = by_kind["groups"].ways
    groups = by_kind["groups"].groups

    def shared(way):
        return sum(np.isin(groups[f.split.score], groups[f.split.train]).sum() for fits in way for f in fits)

    assert (shared(whole), shared(torn) > 800) == (0, True)
    names = {column.name for way in (torn, whole) for fits in way for fit in fits for column in fit.data.columns}
    assert "patient" not in names  # the division is what differs


def test_in_time_both_ways_score_the_same_rows_after_as_many_training_rows():
    found, by_kind = named(series())
    assert found.suspects.used == ("day",)
    mixed, forward = by_kind["time"].ways
    for one, other in zip(mixed[0], forward[0], strict=True):
        np.testing.assert_array_equal(one.split.score, other.split.score)
        assert (one.split.train.size, one.split.stop.size) == (other.split.train.size, other.split.stop.size)
        assert other.split.train.max() < other.split.score.min()
    first = mixed[0][0].split
    assert first.train.max() > first.score.max()
    assert {len(fits[0].data.columns) for fits in mixed} == {4}  # as a user has it: with the date
    assert {len(fits[0].data.columns) for fits in forward} == {3}


def test_telling_columns_are_all_in_or_all_out_and_the_divisions_equal():
    y = RNG.integers(0, 2, 300)
    source = {"a": y + RNG.normal(size=300), "told": 3 - y, "too": y + 0.01 * RNG.normal(size=300), "y": y}
    found, by_kind = named(source)
    assert found.suspects.left_out == ("told",)
    with_it, without = by_kind["disguised"].ways
    assert [column.name for column in with_it[0][0].data.columns] == ["a", "told", "too"]
    assert [column.name for column in without[0][0].data.columns] == ["a"]
    assert all(
        one.split.digest == other.split.digest
        for fits in zip(with_it, without, strict=True)
        for one, other in zip(*fits, strict=True)
    )


def test_healthy_tables_have_no_leak_to_measure():
    source = {"a": RNG.normal(size=300), "b": RNG.normal(size=300), "y": RNG.integers(0, 2, 300)}
    found, by_kind = named(source)
    assert by_kind == {}
    assert [one.kind for one in found.preparing] == ["scaling"]
    assert preparing_contrasts(load(), 0) == ()  # pictures share one scale


def test_large_tables_are_sampled_by_whole_groups():
    source = patients(rows=9000, groups=900)
    _, by_kind = named(source)
    codes = by_kind["groups"].groups
    assert MOST_ROWS * 0.9 < codes.size <= MOST_ROWS
    sizes = np.bincount(np.unique(source["patient"], return_inverse=True)[1])
    assert set(np.bincount(codes)[np.unique(codes)]) <= set(sizes)


def test_at_random_everything_is_found_and_nothing_used():
    found, by_kind = named(patients(), at_random=True)
    assert (found.data.groups, found.suspects.used) == (None, ())
    assert set(by_kind) == {"groups"}


def with_holes(columns=25):
    values = RNG.normal(size=(120, columns)) * 3 + 7
    values[RNG.random(values.shape) < 0.1] = np.nan
    return load((values, RNG.integers(0, 2, 120)))


def test_preparing_is_fitted_on_the_rows_it_is_told_and_no_engine_undoes_it():
    data, some = with_holes(), np.arange(0, 120, 2)
    inside = fit_scaling(features_of(data), some).apply(features_of(data).values)
    np.testing.assert_allclose(scaled(data, some)[:, :25], inside[:, :25], atol=1e-5)
    laid_out = prepared(data, scaled, some)
    again = fit_scaling(features_of(laid_out), np.arange(60))
    assert np.unique(again.scale).size == np.unique(again.shift).size == 1  # one for all columns
    filled = imputed(data, some)
    assert np.isfinite(filled).all()
    assert [one.kind for one in preparing_contrasts(data, 0)] == ["scaling", "imputing", "selection"]


@pytest.mark.parametrize("classes", [2, None], ids=["classes", "numbers"])
def test_the_columns_that_tell_the_target_are_the_ones_selected(classes):
    values = RNG.normal(size=(200, 40))
    target = values[:, 17] + 0.1 * RNG.normal(size=200)
    data = load((values, (target > 0).astype(int) if classes else target))
    chosen = selected(data, np.arange(100))
    assert chosen.shape == (200, 10)
    strongest = np.abs(np.corrcoef(chosen.T, values[:, 17])[-1, :-1]).max()
    assert strongest == pytest.approx(1, abs=1e-6)


def test_a_declared_time_is_contrasted_too():
    data = replace(load((RNG.normal(size=(200, 3)), RNG.normal(size=200))), time=np.arange(200.0))
    found = sound_division(data)
    assert [one.kind for one in leak_contrasts(data, found.data, found.suspects, found.together, 0)] == ["time"]
