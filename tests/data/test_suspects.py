"""Groups, times and columns that nobody declared are found where they leak, and values that only repeat are not."""

from __future__ import annotations

import numpy as np
import pytest

from data.sources import table
from whyfit.data import time_order
from whyfit.data.guesses import constant_loss, feature_values, loss_by_column, losses, nearest
from whyfit.data.load import load
from whyfit.data.roles import with_groups, with_time, without_column
from whyfit.data.suspects import group_candidates, suspect_facts
from whyfit.errors import ArgumentError
from whyfit.evidence.leaks import SuspectFacts


def patients(seed, *, rows=600, groups=80, leak=True):
    """Patients have features and an outcome of their own; without the leak the column is drawn anew, row by row."""
    rng = np.random.default_rng(seed)
    who = rng.integers(0, groups, rows)
    values = rng.normal(size=(groups, 4))[who] + 0.3 * rng.normal(size=(rows, 4))
    sick = (rng.normal(size=groups)[who] + 0.3 * rng.normal(size=rows) > 0).astype(int)
    shown = who if leak else rng.integers(0, groups, rows)
    return {"patient": [f"p{one}" for one in shown], **{f"x{i}": values[:, i] for i in range(4)}, "sick": sick}


def series(seed, *, rows=600, leak=True):
    """Slow walks, in order; the twin's rows are shuffled before the dates are put beside them."""
    rng = np.random.default_rng(seed)
    walk = np.cumsum(rng.normal(size=(rows, 4)), axis=0)
    walk = walk if leak else walk[rng.permutation(rows)]
    day = np.datetime64("2026-01-01") + np.arange(rows)
    return {"day": day, **{f"x{i}": walk[:, i] for i in range(3)}, "load": walk[:, 3]}


@pytest.mark.parametrize("seed", range(20))
def test_a_group_column_is_found_and_a_shuffled_twin_is_not(seed):
    found = suspect_facts(load(patients(seed))).groups
    assert [one.column for one in found] == ["patient"]
    assert found[0].within > 0.5
    assert found[0].within_by_chance < 0.1
    assert found[0].error_without > found[0].error_with + 0.05
    assert suspect_facts(load(patients(seed, leak=False))).groups == ()


def visits(seed, *, own=True, rows=600, groups=80):
    """Several visits of each patient, whom only the column tells; in the twin the outcome is none of the patient's."""
    rng = np.random.default_rng(seed)
    who, x = rng.integers(0, groups, rows), rng.normal(size=(rows, 3))
    risk = 1.5 * rng.normal(size=groups)[who if own else rng.permutation(who)]
    return {
        "patient": [f"p{one}" for one in who],
        **{f"x{i}": x[:, i] for i in range(3)},
        "sick": (x[:, 0] + risk + 0.5 * rng.normal(size=rows) > 0).astype(int),
    }


@pytest.mark.parametrize("seed", range(20))
def test_a_column_whose_values_tell_the_target_themselves_is_found_and_its_twin_is_not(seed):
    found = suspect_facts(load(visits(seed)))
    assert ([one.column for one in found.keys], found.groups) == (["patient"], ())
    assert found.keys[0].error_without > found.keys[0].error_with + 0.05
    assert suspect_facts(load(visits(seed, own=False))).keys == ()


@pytest.mark.parametrize("groups", [80, 250], ids=["levels", "too many for levels"])
def test_groups_are_found_however_their_column_is_written(groups):
    source = patients(0, groups=groups)
    numbers = [int(name[1:]) * 7 + 13 for name in source["patient"]]
    for column in (source["patient"], numbers, [number * 10**9 for number in numbers]):
        assert [one.column for one in suspect_facts(load({**source, "patient": column})).groups] == ["patient"]


def test_columns_that_only_repeat_are_no_groups():
    """A city and an age matter to the outcome, but do not make rows each other's nearest neighbours."""
    rng = np.random.default_rng(0)
    age, city = rng.integers(18, 80, 800), rng.integers(0, 30, 800)
    outcome = (age / 50 + rng.normal(size=30)[city] + rng.normal(size=800) > 1).astype(int)
    source = {
        "age": age,
        "city": [f"c{one}" for one in city],
        "a": rng.normal(size=800),
        "b": rng.normal(size=800),
        "y": outcome,
    }
    data = load(source)
    assert {name for name, _ in group_candidates(data)} == {"age", "city"}
    assert suspect_facts(data).groups == ()


@pytest.mark.parametrize("seed", range(20))
def test_time_is_found_and_a_shuffled_twin_is_not(seed):
    assert [one.column for one in suspect_facts(load(series(seed))).time] == ["day"]
    assert suspect_facts(load(series(seed, leak=False))).time == ()


@pytest.mark.parametrize("seed", range(20))
def test_a_drifting_target_among_columns_of_noise_is_found_by_time_alone(seed):
    """No column brings rows of one time together but the date itself; the twin's target has no drift."""
    rng = np.random.default_rng(seed)
    day = np.datetime64("2026-01-01") + np.arange(800)
    source = {"day": day, **{f"x{i}": rng.normal(size=800) for i in range(4)}}
    drift = np.cumsum(rng.normal(size=800))
    assert [one.column for one in suspect_facts(load({**source, "y": drift})).time] == ["day"]
    assert suspect_facts(load({**source, "y": rng.permutation(drift)})).time == ()


def test_the_order_of_rows_is_a_time_where_nothing_else_orders_them():
    rng = np.random.default_rng(0)
    values = np.zeros((1000, 4))
    for row in range(1, 1000):  # returns to its mean again and again, so no column follows the rows
        values[row] = 0.95 * values[row - 1] + rng.normal(size=4)
    names = ("a", "b", "c", "y")
    assert [one.column for one in suspect_facts(load(dict(zip(names, values.T, strict=True)))).time] == [None]
    shuffled = values[rng.permutation(1000)]
    assert suspect_facts(load(dict(zip(names, shuffled.T, strict=True)))).time == ()


def test_rows_that_stand_by_declared_groups_are_no_time(monkeypatch):
    """Groups with an outcome of their own, one behind the other: if none asks for groups, that passes for time."""
    rng = np.random.default_rng(0)
    who = np.repeat(rng.permutation(80), 8)
    columns = dict(zip("abcd", rng.normal(size=(4, 640)), strict=True))
    data = load({"who": [f"p{one}" for one in who], **columns, "y": (rng.normal(size=80)[who] > 0).astype(int)})
    assert suspect_facts(with_groups(data, "who")).time == ()
    monkeypatch.setattr(time_order, "stands_by_groups", lambda _: False)
    assert suspect_facts(with_groups(data, "who")).time != ()


@pytest.mark.parametrize(("others", "found"), [(4, ["told"]), (30, [])])
def test_a_column_of_few_values_that_nearly_is_the_target_is_found(others, found):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 1000)
    told = np.where(np.arange(1000) < others, 1 - y, y)
    useful = y + rng.normal(size=1000)
    facts = suspect_facts(load({"useful": useful, "told": told, "y": y}))
    assert [one.column for one in facts.disguised] == found


def test_rows_that_a_column_sorts_are_said_to_be_sorted():
    """Neighbours are alike by the column; whether it grows with time as well no row can tell."""
    rng = np.random.default_rng(0)
    values = np.sort(rng.normal(size=500))
    found = suspect_facts(load({"x": values, "y": np.sin(3 * values)})).time
    assert [(one.column, one.sorted_by) for one in found] == [(None, "x")]
    plain = suspect_facts(load({"x": values, "y": values + rng.normal(size=500)})).time
    assert plain == ()  # sorted as well, but neighbours tell nothing


def test_rows_that_the_target_sorts_are_said_to_be_sorted():
    rng = np.random.default_rng(0)
    source = {"a": rng.normal(size=500), "b": rng.normal(size=500), "y": np.sort(rng.integers(0, 4, 500))}
    assert {one.sorted_by for one in suspect_facts(load(source)).time} <= {"y"}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("drift", ["walks", "a trend in every column", "a flag that turns once"])
def test_columns_that_drift_with_the_rows_do_not_hide_their_order(drift, seed):
    """The twin of each has the same rows in another order."""
    rng = np.random.default_rng(seed)
    walk, row = np.cumsum(rng.normal(size=(600, 4)), axis=0), np.arange(600)
    columns = {
        "walks": walk[:, :3],
        "a trend in every column": rng.normal(size=(600, 3)) + row[:, None] / 100,
        "a flag that turns once": np.column_stack([row > 300, rng.normal(size=(600, 2))]),
    }[drift]
    other = rng.permutation(600)
    for order, found in ((row, [(None, None)]), (other, [])):
        source = {**dict(zip("abc", columns[order].T, strict=True)), "y": walk[order, 3]}
        assert [(one.column, one.sorted_by) for one in suspect_facts(load(source)).time] == found


@pytest.mark.parametrize(("told", "found"), [(True, ["refund"]), (False, [])], ids=["told", "useful"])
@pytest.mark.parametrize("words", [True, False])
def test_a_few_missing_values_hide_no_column_that_tells_the_target(told, found, words):
    """Ten of 300 refunds are missing, and the others tell what was sold; in the twin a tenth tells it wrongly."""
    noise = np.random.default_rng(4)
    sold = noise.random(300) < 0.45
    seen = sold if told else sold ^ (noise.random(300) < 0.1)
    amounts = np.where(seen, noise.uniform(1, 9, 300), -noise.uniform(1, 9, 300))
    refund = list(np.where(seen, "paid", "open")) if words else list(amounts)
    for row in noise.permutation(300)[:10]:
        refund[row] = None
    columns = {"age": noise.normal(size=300), "refund": refund, "y": np.where(sold, "yes", "no")}
    assert [one.column for one in suspect_facts(load(columns, target="y")).disguised] == found


def test_a_column_that_is_filled_for_one_class_only_is_not_judged_by_what_is_filled():
    noise = np.random.default_rng(4)
    ill = noise.random(300) < 0.5
    dose = np.where(ill & (noise.random(300) < 0.7), noise.uniform(1, 9, 300), np.nan)
    data = load({"age": noise.normal(size=300), "dose": dose, "y": ill.astype(int)}, target="y", task="classification")
    assert suspect_facts(data).disguised == ()


@pytest.mark.parametrize("disguise", [lambda y: 3 * y + 1, np.exp, lambda y: -y], ids=["line", "curve", "mirror"])
@pytest.mark.parametrize("classes", [None, 3])
def test_a_column_that_is_the_target_in_disguise_is_found(disguise, classes):
    rng = np.random.default_rng(0)
    y = rng.normal(size=300) if classes is None else rng.integers(0, classes, 300).astype(float)
    useful = y + rng.normal(size=300)
    facts = suspect_facts(load({"useful": useful, "told": disguise(y), "y": y}))
    assert [one.column for one in facts.disguised] == ["told"]
    assert facts.disguised[0].error_without > 0.3 * facts.disguised[0].baseline


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (np.arange(200), True),
        (1000 - np.arange(200), True),
        (np.arange(200) ** 2, True),
        (np.random.default_rng(0).permutation(200) + 7, True),
        (np.random.default_rng(0).permutation(10_000)[:200], False),
        (np.arange(200) // 2, False),
        (np.sort(np.random.default_rng(0).normal(size=200)), False),
    ],
    ids=["counted", "backwards", "with gaps", "shuffled", "large numbers", "twice each", "sorted"],
)
def test_a_column_that_numbers_the_rows_is_found(values, numbers):
    y = np.random.default_rng(1).normal(size=200)
    found = suspect_facts(load({"x": values, "z": y + np.roll(y, 1), "y": y})).numbering
    assert [one.column for one in found] == ["x"] * numbers


def test_small_tables_and_images_are_not_suspected():
    assert suspect_facts(load()) == SuspectFacts()
    assert suspect_facts(table(60)) == SuspectFacts()


def test_nearest_rows_equal_those_of_all_distances():
    rng = np.random.default_rng(0)
    values, labels = rng.normal(size=(600, 3)), rng.integers(0, 5, 600)
    distance = np.linalg.norm(values[:, None] - values, axis=2)
    np.fill_diagonal(distance, np.inf)
    np.testing.assert_array_equal(nearest(values), distance.argmin(axis=1))
    distance[labels[:, None] == labels] = np.inf
    np.testing.assert_array_equal(nearest(values, labels), distance.argmin(axis=1))
    assert (nearest(values[:3], np.zeros(3)) == -1).all()


def test_losses_of_unrelated_rows_are_those_of_chance():
    rng = np.random.default_rng(0)
    for data in (table(4000, classes=4), table(4000, classes=None)):
        rows = np.arange(4000)
        expected = {"classification": 0.75, "regression": 1.0}[data.task]
        assert losses(data, rows, rng.permutation(4000)).mean() == pytest.approx(expected, abs=0.04)
        assert constant_loss(data) == pytest.approx(expected, abs=1e-9)
    assert loss_by_column(data, rng.normal(size=4000), rows) == pytest.approx(1.0, abs=0.06)


def test_features_leave_out_a_column_with_all_its_levels():
    data = load({"a": [1.0, None, 3.0, 4.0], "b": ["x", "y", "x", "y"], "y": [0.5, 1.5, 2.5, 3.5]})
    rows = np.arange(4)
    assert [feature_values(data, rows, without=name).shape[1] for name in (None, "a", "b")] == [4, 2, 2]


def test_a_column_takes_the_role_it_was_found_to_have():
    data = load(patients(0))
    grouped = with_groups(data, "patient")
    assert grouped.groups.max() == 79
    assert [column.name for column in grouped.columns] == ["x0", "x1", "x2", "x3"]
    np.testing.assert_array_equal(grouped.groups, data.codes[:, 0])
    timed = with_time(load(series(0)), "day")
    np.testing.assert_array_equal(timed.time, np.arange(600))
    assert suspect_facts(grouped).groups == ()
    assert suspect_facts(timed).time == ()


def test_a_role_for_a_column_that_is_not_there_is_refused():
    with pytest.raises(ArgumentError, match=r"no input .patien.\. Did you mean 'patient'"):
        with_groups(load(patients(0)), "patien")
    with pytest.raises(ArgumentError, match="'x0' is the only input"):
        without_column(table(columns=1), "x0")


def test_a_number_that_counts_up_with_the_rows_is_a_time_too():
    source = series(0)
    counted = {"day": np.arange(1900, 2500), **{name: column for name, column in source.items() if name != "day"}}
    assert [one.column for one in suspect_facts(load(counted)).time] == ["day"]


def test_time_is_found_where_it_is_the_only_input():
    walk = np.cumsum(np.random.default_rng(0).normal(size=600))
    assert [one.column for one in suspect_facts(load({"day": np.arange(600), "y": walk})).time] == ["day"]
