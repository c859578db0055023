"""New rows are read by the columns of the data, so that a value means the same in both, and are then compared."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from data.sources import written
from whyfit.data import alike
from whyfit.data.against import against_facts, joint
from whyfit.data.load import load
from whyfit.errors import DataError


@pytest.fixture(autouse=True)
def fewer_permutations(monkeypatch):
    monkeypatch.setattr(alike, "PERMUTATIONS", 199)


def rows(seed, count=400, shift=0.0):
    rng = np.random.default_rng(seed)
    day = np.datetime64("2026-01-01") + rng.integers(0, 50, count)
    city = np.array(["Oslo", "Rome", "Lima"])[rng.integers(0, 3, count)]
    size = rng.normal(size=count) + shift
    return pl.DataFrame({"size": size, "day": day, "city": city, "price": size + rng.normal(size=count)})


def test_new_rows_of_the_same_kind_are_alike_and_shifted_ones_are_not(tmp_path):
    rows(0).write_csv(tmp_path / "old.csv")
    source, data = tmp_path / "old.csv", load(tmp_path / "old.csv")
    alike_rows, shifted = tmp_path / "new.parquet", tmp_path / "shifted.csv"
    rows(1).drop("price").write_parquet(alike_rows)
    rows(2, shift=1.0).write_csv(shifted)
    facts = against_facts(source, data, alike_rows)
    assert (facts.first, facts.second, facts.first_rows, facts.second_rows) == ("data", "new", 400, 400)
    assert facts.p > 0.01
    assert not any(column.target for column in facts.columns)
    facts = against_facts(source, data, shifted)
    assert facts.p == 1 / 200
    assert {column.column for column in facts.columns[:2]} == {"size", "price"}


def test_dates_and_levels_mean_the_same_in_both():
    """New rows that begin a month later, and know a city that the data does not."""
    old = {
        "day": ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"],
        "city": ["a", "b", "a", "b"],
        "y": [1.5, 2.5, 3.5, 4.5],
    }
    new = {"city": ["c", "a"], "day": ["2026-02-01", "2026-02-02"]}
    both = joint(old, load(old), new)
    np.testing.assert_array_equal(both.data.numeric[:, 0], [0, 1, 2, 3, 31, 32])
    assert both.data.columns[1].levels == ("a", "b", "c")
    np.testing.assert_array_equal(both.data.codes[:, 0], [0, 1, 0, 1, 2, 0])
    assert (both.known, both.labelled) == (4, False)


def test_numbers_in_a_file_and_in_a_frame_are_compared_as_numbers(tmp_path):
    path = written(tmp_path, "a,y\n1,0.5\n2,1.5\n3,2.5\n")
    both = joint(path, load(path), {"a": [4, 5]})
    np.testing.assert_array_equal(both.data.numeric[:, 0], [1, 2, 3, 4, 5])


@pytest.mark.parametrize(
    "form", [lambda X: X, lambda X: (X, None), lambda X: {"X": X}], ids=["array", "pair", "mapping"]
)
def test_new_arrays_need_no_targets(form):
    rng = np.random.default_rng(0)
    source = (rng.normal(size=(200, 4)), np.arange(200) % 2)
    facts = against_facts(source, load(source), form(rng.normal(size=(100, 4))))
    assert (facts.first_rows, facts.second_rows) == (200, 100)
    assert facts.p > 0.01


def test_new_images_are_compared_with_the_digits(tmp_path):
    digits = load()
    np.savez(tmp_path / "new.npz", X=16 - digits.numeric[:300].reshape(-1, 8, 8))
    assert against_facts(None, digits, tmp_path / "new.npz").auc > 0.99


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ({"sizes": [1.0], "city": ["a"]}, r"no column 'size', which the data has\. Did you mean 'sizes'"),
        (np.zeros((3, 9)), "9 columns"),
    ],
)
def test_new_rows_of_another_form_are_refused(new, message):
    source = {"size": [1.0, 2.0], "city": ["a", "b"], "y": [0.5, 1.5]}
    with pytest.raises(DataError, match=message):
        against_facts(source, load(source), new)


@pytest.mark.parametrize("with_groups", [True, False])
def test_new_rows_beside_arrays_in_groups_are_compared_by_groups(with_groups):
    """Forty groups far from each other: by rows any other twenty would look like another population."""
    noise = np.random.default_rng(4)

    def rows(count):
        who = np.arange(count) // 20
        return {"X": noise.normal(size=(count // 20, 3))[who] * 3 + noise.normal(size=(count, 3)), "groups": who}

    old, new = rows(800) | {"y": noise.integers(0, 2, 800)}, rows(400)
    facts = against_facts(old, load(old), new if with_groups else {"X": new["X"][::20]})
    assert facts.p > 0.05
    assert all(one.p > 0.05 for one in facts.columns)
    by_rows = against_facts(old, load((old["X"], old["y"])), new)
    assert by_rows.p == 1 / 200
