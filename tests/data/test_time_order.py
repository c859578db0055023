"""A shuffled series is found however its times are written; numbers that only look like times stay silent."""

from __future__ import annotations

import numpy as np
import pytest
from river.datasets import ImageSegments, TrumpApproval

from whyfit.data import suspects
from whyfit.data.load import load
from whyfit.data.moments import moments
from whyfit.data.sound import divided_soundly
from whyfit.data.suspects import suspect_facts

ROWS = 700

WRITTEN = {
    "seconds since 1970": lambda t: 1.7e9 + t,
    "milliseconds since 1970": lambda t: 1.6e12 + 6e4 * t,
    "seconds with a fraction": lambda t: 1.6e9 + 3600.5 * t,
    "days since 1970": lambda t: 18_000.0 + t,
    "days of a spreadsheet, by the hour": lambda t: 40_000 + t / 24,
    "years": lambda t: 1800 + t // 2,
    "years with a fraction": lambda t: 1990 + t / 365.25,
    "a calendar in digits": lambda t: [int(f"{day}".replace("-", "")) for day in np.datetime64("1998-01-30") + t],
    "a counter": lambda t: t,
    "a falling counter": lambda t: 9_000 - 7 * t,
    "half hours": lambda t: t / 2,
}


def walking(times, seed=0, *, leak=True, shuffled=True):
    """Slow walks beside their time; the twin's rows met other times."""
    rng = np.random.default_rng(seed)
    walk = np.cumsum(rng.normal(size=(ROWS, 4)), axis=0)
    walk = walk if leak else rng.permutation(walk)
    order = rng.permutation(ROWS) if shuffled else np.arange(ROWS)
    return {
        "t": np.asarray(times)[order],
        **{f"x{i}": walk[order, i] for i in range(3)},
        "y": walk[order, 3],
    }


@pytest.mark.parametrize("written", WRITTEN)
def test_a_shuffled_series_is_found_by_its_times_and_its_twin_is_not(written):
    times = WRITTEN[written](np.arange(ROWS))
    assert [one.column for one in suspect_facts(load(walking(times))).time] == ["t"]
    assert suspect_facts(load(walking(times, leak=False))).time == ()


def test_a_falling_counter_in_the_order_of_the_rows_is_a_time():
    assert [one.column for one in suspect_facts(load(walking(-np.arange(ROWS), shuffled=False))).time] == ["t"]


def test_a_counter_of_several_machines_is_a_time():
    """Four rows a day: rows of one day are compared neither way, those of the next day tell."""
    assert [one.column for one in suspect_facts(load(walking(np.arange(ROWS) // 4))).time] == ["t"]


ORDINARY = {
    "unique": lambda rng: rng.permutation(ROWS) + 40,
    "in steps": lambda rng: rng.integers(0, 200, ROWS) / 4,
    "year": lambda rng: rng.integers(1750, 2020, ROWS),
    "account": lambda rng: rng.integers(1_000_000_000, 4_000_000_000, ROWS),
}


@pytest.mark.parametrize("kind", ORDINARY)
@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_a_measurement_on_which_the_target_depends_is_no_time(kind, noise):
    rng = np.random.default_rng(3)
    values = ORDINARY[kind](rng)
    scaled = (values - values.min()) / np.ptp(values)
    source = {"t": values, "a": rng.normal(size=ROWS), "y": 3 * scaled**2 + noise * rng.normal(size=ROWS)}
    assert [one.name for one in moments(load(source))] == ["t"]  # it looks like one
    assert suspect_facts(load(source)).time == ()


@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_a_number_of_few_values_is_not_even_tried(noise):
    rng = np.random.default_rng(3)
    age = np.clip(np.round(45 + 15 * rng.normal(size=ROWS)), 18, 95)
    data = load({"age": age, "a": rng.normal(size=ROWS), "y": (age / 50) ** 2 + noise * rng.normal(size=ROWS)})
    assert moments(data) == []
    assert suspect_facts(data).time == ()


def test_values_that_name_a_price_each_are_no_time():
    """A code without any order whose rows all have one target: they answer for each other, but not by time."""
    rng = np.random.default_rng(0)
    code = rng.integers(0, 200, ROWS)
    source = {"code": code, "a": rng.normal(size=ROWS), "y": rng.normal(size=200)[code]}
    assert suspect_facts(load(source)).time == ()


def test_rows_without_a_date_are_left_out_of_the_search_and_stand_last():
    source = walking(np.datetime64("2026-01-01") + np.arange(ROWS))
    day = source["t"].astype("datetime64[D]")
    day[::20] = np.datetime64("NaT")
    data = load({**source, "t": day})
    divided, facts = divided_soundly(data)
    assert [(one.column, one.undated) for one in facts.time] == [("t", 35)]
    assert facts.used == ("t",)
    last = np.argsort(divided.time, kind="stable")[-35:]
    assert sorted(last) == list(range(0, ROWS, 20))


def test_a_time_that_most_rows_lack_divides_nothing():
    source = walking(1.6e9 + 3600.0 * np.arange(ROWS))
    source["t"][::3] = np.nan
    divided, facts = divided_soundly(load(source))
    assert [one.column for one in facts.time] == ["t"]
    assert facts.used == ()
    assert divided.time is None


def test_long_times_keep_their_order_where_32_bits_do_not():
    source = walking(1.7e9 + np.arange(ROWS))
    divided, _ = divided_soundly(load(source))
    np.testing.assert_array_equal(np.argsort(divided.time), np.argsort(source["t"]))


@pytest.mark.parametrize("written", [lambda one: f"p{one}", lambda one: one * 7 + 13, lambda one: one * 10**9 + 1])
def test_group_ids_with_empty_cells_are_tried_and_rows_without_one_stand_alone(written):
    rng = np.random.default_rng(0)
    who = rng.integers(0, 80, 600)
    values = rng.normal(size=(80, 4))[who] + 0.3 * rng.normal(size=(600, 4))
    sick = (rng.normal(size=80)[who] + 0.3 * rng.normal(size=600) > 0).astype(int)
    named = [None if row % 10 == 0 else written(int(one)) for row, one in enumerate(who)]
    data = load({"patient": named, **dict(zip("abcd", values.T, strict=True)), "sick": sick})
    divided, facts = divided_soundly(data)
    assert [(one.column, one.groups, one.missing) for one in facts.groups] == [("patient", 80, 60)]
    assert facts.used == ("patient",)
    assert np.unique(divided.groups).size == 140
    assert np.unique(divided.groups[::10]).size == 60


def test_a_column_that_is_a_group_and_a_time_is_a_time():
    """Ten machines share each day: its rows are alike, and those of the next day nearly so."""
    rng = np.random.default_rng(0)
    day = np.repeat(np.arange(70), 10)
    walk = np.cumsum(rng.normal(size=(70, 4)), axis=0)[day] + 0.05 * rng.normal(size=(700, 4))
    order = rng.permutation(700)
    columns = dict(zip("abcy", walk[order].T, strict=True))
    divided, facts = divided_soundly(load({"day": np.datetime64("2026-01-01") + day[order], **columns}))
    assert {one.column for one in (*facts.groups, *facts.time)} == {"day"}
    assert facts.time
    assert divided.groups is None
    np.testing.assert_array_equal(divided.time, day[order])


def test_groups_of_very_many_rows_are_compared_by_some_of_each():
    """As ages in a table of a million rows: two whole groups would be more than can be compared."""
    rng = np.random.default_rng(0)
    codes = np.where(rng.random(50_000) < 0.1, -1, rng.integers(0, 20, 50_000))
    rows = suspects._whole_groups(codes)
    assert rows.size == suspects.MOST_ROWS
    assert np.bincount(codes[rows]).max() == suspects.MOST_ROWS // suspects.LEAST_GROUPS


@pytest.mark.parametrize("shuffled", [False, True])
def test_a_public_series_with_days_as_whole_numbers_is_found_in_any_order(shuffled):
    """River's approval of a president: 1,001 days, numbered as Python's `date.toordinal` does."""
    rows = list(TrumpApproval())
    order = np.random.default_rng(0).permutation(len(rows)) if shuffled else np.arange(len(rows))
    columns = {name: [rows[row][0][name] for row in order] for name in rows[0][0]}
    found = suspect_facts(load({**columns, "approval": [rows[row][1] for row in order]})).time
    assert [one.column for one in found] == ["ordinal_date"]
    assert found[0].order.autocorrelation > 0.9


def test_places_of_pixels_are_no_time():
    """River's segments have the row and the column of a picture among their measurements: even, and no time."""
    rows = list(ImageSegments())
    columns = {name: [x[name] for x, _ in rows] for name in rows[0][0]}
    data = load({**columns, "class": [y for _, y in rows]}, target="class")
    assert {one.name for one in moments(data)} == {"region-centroid-row", "region-centroid-col"}
    assert suspect_facts(data).time == ()
