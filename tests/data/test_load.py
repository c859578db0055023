"""One door for every source; what is inferred is said, what cannot be used is refused in one message."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from data.sources import codes, facts, kinds, table, written
from whyfit.data.load import load
from whyfit.errors import ArgumentError, DataError

COLUMNS = {
    "size": [1.0, 2.0, None, 4.0],
    "city": ["Rome", "Oslo", None, "Rome"],
    "sold": [True, False, True, True],
    "price": [10.5, 19.0, 31.0, 39.5],
}


def test_no_source_is_the_bundled_digits_as_images():
    data = load()
    assert (data.rows, data.shape, data.task, data.classes) == (1797, (8, 8), "classification", tuple("0123456789"))


def test_an_argument_without_effect_on_the_digits_is_refused():
    with pytest.raises(ArgumentError, match="`target` has no effect on the bundled digits"):
        load(target="digit")


def test_a_dataset_is_given_back_as_it_is():
    data = table()
    assert load(data) is data


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, lambda c: pl.DataFrame(c).lazy(), pa.table, dict])
def test_frames_of_every_library_give_the_same_dataset(make):
    data = load(make(COLUMNS))
    assert kinds(data) == {"size": "numeric", "city": "categorical", "sold": "numeric"}
    np.testing.assert_array_equal(data.numeric, [[1, 1], [2, 0], [np.nan, 1], [4, 1]])
    np.testing.assert_array_equal(data.codes, [[1], [0], [-1], [1]])
    assert data.columns[1].levels == ("Oslo", "Rome")
    assert (data.task, data.target_name) == ("regression", "price")


def test_all_frames_have_one_fingerprint():
    assert len({load(make(COLUMNS)).fingerprint for make in (pd.DataFrame, pl.DataFrame, pa.table, dict)}) == 1


def test_a_csv_and_a_parquet_file_of_one_frame_are_the_same_dataset(tmp_path):
    frame = pl.DataFrame(COLUMNS)
    frame.write_csv(tmp_path / "a.csv")
    frame.write_parquet(tmp_path / "a.parquet")
    assert load(tmp_path / "a.csv").fingerprint == load(str(tmp_path / "a.parquet")).fingerprint


def test_categories_of_a_frame_keep_their_kind_even_where_they_look_like_numbers():
    frame = pd.DataFrame({"code": pd.Categorical(["1", "2", "1", "2"]), "y": [0.5, 1.5, 2.5, 3.5]})
    assert kinds(load(frame)) == {"code": "categorical"}


def test_dates_of_a_frame_are_days_since_the_first():
    when = pd.to_datetime(["2026-01-03", "2026-01-01", None, "2026-01-02"])
    data = load(pd.DataFrame({"when": when, "y": [0.5, 1.5, 2.5, 3.5]}))
    np.testing.assert_array_equal(data.numeric[:, 0], [2, 0, np.nan, 1])


def test_nested_columns_are_left_out_and_told():
    data = load(pl.DataFrame({"a": [1, 2, 3, 4], "lists": [[1], [2], [3], [4]], "y": [0.5, 1.5, 2.5, 3.5]}))
    assert kinds(data) == {"a": "numeric"}
    assert facts(data, "data.left_out_unsupported") == {"column": "lists"}


@pytest.mark.parametrize(
    ("X", "shape"),
    [
        ((8, 5), None),
        ((8, 5, 5), (5, 5)),
        ((8, 6, 5, 3), (6, 5, 3)),
        ((8, 3, 6, 5), (6, 5, 3)),
        ((8, 1, 28, 28), (28, 28, 1)),
    ],
    ids=str,
)
def test_arrays_of_three_and_four_dimensions_are_images(X, shape):
    data = load((np.random.default_rng(0).normal(size=X), np.arange(8) % 2))
    assert data.shape == shape
    assert data.numeric.shape == (8, np.prod(X[1:]))


def test_channels_that_come_first_are_moved_and_told():
    X = np.zeros((4, 3, 2, 2))
    X[:, 1] = 7
    data = load((X, [0, 1, 0, 1]))
    assert codes(data) >= {"data.channels_first"}
    np.testing.assert_array_equal(data.numeric[0], [0, 7, 0] * 4)


def test_pairs_mappings_and_bunches_are_the_same():
    X, y = np.random.default_rng(0).normal(size=(20, 3)), np.arange(20) % 2
    fingerprints = {load(source).fingerprint for source in ((X, y), [X, y], {"X": X, "y": y}, {"data": X, "target": y})}
    assert len(fingerprints) == 1


def test_a_pair_of_frame_and_series_keeps_the_columns_names():
    frame = pd.DataFrame({"size": [1.0, 2, 3, 4], "city": ["a", "b", "a", "b"]})
    data = load((frame, pd.Series(["yes", "no", "yes", "no"])))
    assert kinds(data) == {"size": "numeric", "city": "categorical"}
    assert data.classes == ("no", "yes")


def test_a_mapping_of_arrays_brings_its_groups_and_time():
    data = load(
        {"X": np.zeros((4, 1)) + np.arange(4)[:, None], "y": [0, 1, 0, 1], "groups": list("baab"), "time": [4, 3, 2, 1]}
    )
    np.testing.assert_array_equal(data.groups, [1, 0, 0, 1])
    np.testing.assert_array_equal(data.time, [4, 3, 2, 1])


def test_tensors_and_torch_datasets_are_read_without_their_gradients():
    torch = pytest.importorskip("torch")
    X, y = torch.rand(20, 3, requires_grad=True), torch.arange(20) % 2
    pairs = torch.utils.data.TensorDataset(X, y)
    assert load((X, y)).fingerprint == load(pairs).fingerprint


def test_a_dataset_of_unequal_images_is_refused_with_the_row():
    class Images:
        def __len__(self):
            return 3

        def __getitem__(self, row):
            return np.zeros((2, 2 + (row == 2))), 0

    with pytest.raises(DataError, match=r"Images, row 2: the input has the shape \(2, 3\), others \(2, 2\)"):
        load(Images())


def test_npz_files_bring_their_groups(tmp_path):
    np.savez(
        tmp_path / "a.npz",
        X=np.random.default_rng(0).normal(size=(6, 4, 4)),
        y=np.arange(6) % 2,
        groups=[0, 0, 1, 1, 2, 2],
    )
    data = load(tmp_path / "a.npz")
    assert (data.shape, data.groups.tolist()) == ((4, 4), [0, 0, 1, 1, 2, 2])


class Bomb:
    """Would leave a file behind if it were unpickled."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return (open, (self.path, "w"))


def test_npz_files_are_never_unpickled(tmp_path):
    np.savez(tmp_path / "a.npz", X=np.array([Bomb(tmp_path / "gone off")], dtype=object), y=np.arange(1))
    with pytest.raises(DataError, match=r"a\.npz: the array 'X' holds Python objects, which are never unpickled"):
        load(tmp_path / "a.npz")
    assert not (tmp_path / "gone off").exists()


def test_a_function_in_a_file_is_called(tmp_path):
    path = written(tmp_path, "import numpy as np\ndef make():\n    return np.eye(8), np.arange(8) % 2\n", "f.py")
    assert load(f"{path}:make").rows == 8


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("broken", r"f\.py, line 2: ZeroDivisionError: division by zero"),
        ("brokn", r"no function 'brokn'\. Did you mean 'broken'\?"),
        ("nothing", r"a NoneType is no source of data"),
    ],
)
def test_a_function_that_fails_is_named_with_its_line(tmp_path, name, message):
    path = written(tmp_path, "def broken():\n    return 1 / 0\ndef nothing(): pass\n", "f.py")
    with pytest.raises(DataError, match=message):
        load(f"{path}:{name}")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("gone.csv", "there is no such file"),
        ("gone.npz", "there is no such file"),
        ("gone.parquet", "there is no such file"),
        ("gone.py:make", "there is no such file"),
        ("data.xlsx", r"extension '\.xlsx' are not read"),
        ("data", "no extension"),
        (".", "this is a folder"),
        (7, "a int is no source of data"),
        (([[1, 2], [3]], [0, 1]), "`X` is no array"),
        ((np.zeros((3, 2)), [0, 1]), "`X` has 3 rows, but `y` has 2"),
        ((np.array([[1.0], [np.inf]], dtype=np.float16), [0, 1]), "row 1, column 'x0': an infinite value"),
        (pl.DataFrame({"a": [1.0, 2.0], "y": [[0], [1]]}), r"column 'y': the target holds List\(Int64\)"),
        ((np.zeros((40, 2)), np.zeros(30)), "`X` has 40 rows, but `y` has 30"),
        ((np.zeros((2, 2, 2, 2, 2)), [0, 1]), r"`X` has the shape"),
        ((np.zeros((2, 0)), [0, 1]), r"`X` has the shape"),
        ((5, [0, 1]), "`X` is one int, not an array"),
        ((np.array([[1.0], [np.inf]]), [0, 1]), "row 1, column 'x0': an infinite value"),
        ((np.eye(2, dtype=complex), [0, 1]), "not numbers"),
        ({"a": [1, 2], "b": [1]}, "column 'a' has 2 values, but 'b' has 1"),
        (pd.DataFrame([[1, 2, 0], [3, 4, 1]], columns=["a", "a", "y"]), "several columns have the same name, 'a'"),
        (pd.DataFrame({"a": [], "y": []}), "there is no row of data"),
        ([], "is no source|no row of data"),
    ],
    ids=lambda value: str(value)[:30].replace("\n", " "),
)
def test_what_cannot_be_used_is_refused_in_one_message(source, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=message) as caught:
        load(source)
    assert caught.value.advice


def test_a_misspelt_file_is_answered_with_its_neighbour(tmp_path):
    written(tmp_path, "a,y\n1,2\n", "churn.csv")
    with pytest.raises(DataError, match=r"Did you mean 'churn\.csv'\?"):
        load(tmp_path / "chrun.csv")


def test_loading_the_module_imports_nothing_heavy():
    heavy = ("polars", "sklearn", "scipy", "narwhals", "numba")
    code = f"import sys, whyfit.data.load, whyfit.data.splits; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


ROWS = np.random.default_rng(0).normal(size=(12, 2))
LABELS = ["a", "b"] * 6
PATIENTS = ["p", "q", "r"] * 4


@pytest.mark.parametrize(
    "source",
    [
        (ROWS, LABELS),
        {"x": ROWS[:, 0], "y": LABELS},
        pd.DataFrame({"x": ROWS[:, 0], "y": LABELS}),
        load((ROWS, LABELS)),
    ],
    ids=["pair", "columns", "frame", "loaded"],
)
def test_groups_and_times_may_be_values_instead_of_a_column(source):
    data = load(source, groups=PATIENTS, time=np.arange(12))
    assert data.groups is not None
    assert data.time is not None
    assert data.groups.tolist() == [0, 1, 2] * 4
    assert data.time.tolist() == list(range(12))
    with pytest.raises(DataError, match="groups"):
        load(source, groups=PATIENTS[:5])


@pytest.mark.parametrize("role", ["groups", "time"])
def test_a_name_of_groups_or_times_is_refused_where_nothing_has_names(role, tmp_path):
    with pytest.raises(ArgumentError, match=f"`{role}` names the column 'who', but arrays have no names"):
        load((ROWS, LABELS), **{role: "who"})
    with pytest.raises(ArgumentError, match=f"`{role}` names a column, but this data is loaded already"):
        load(load((ROWS, LABELS)), **{role: "who"})
    np.savez(tmp_path / "a.npz", X=ROWS, y=LABELS, **{role: np.arange(12)})
    assert getattr(load(tmp_path / "a.npz", **{role: role}), role) is not None
    with pytest.raises(ArgumentError, match="arrays have no names"):
        load(tmp_path / "a.npz", **{role: "who"})


def test_a_target_that_is_no_name_is_refused():
    with pytest.raises(ArgumentError, match="`target` must be the name of a column, or several, got 3"):
        load({"x": [1.0, 2.0], "y": [0.0, 1.0]}, target=3)


def test_a_label_that_is_none_is_said_as_a_plain_number():
    with pytest.raises(DataError, match=r"here it is 0\.5\."):
        load({"x": [1.0, 2.0], "y": [0.5, 1.0]}, target="y", task="multilabel")


def test_what_a_mask_hides_is_missing():
    values = np.ma.masked_greater(np.arange(20.0).reshape(10, 2), 15)
    assert np.isnan(load((values, np.arange(10) % 2)).numeric).sum() == 4


def test_missing_values_of_every_pandas_type_are_missing():
    frame = pd.DataFrame(
        {
            "whole": pd.array([1, None] * 10, dtype="Int64"),
            "truth": pd.array([True, None] * 10, dtype="boolean"),
            "text": pd.array(["a", None] * 10, dtype="string"),
            "object": pd.Series([pd.NA, "b"] * 10, dtype=object),
            "y": [0, 1] * 10,
        }
    )
    data = load(frame, target="y")
    assert [column.name for column in data.columns] == ["whole", "truth", "text", "object"]
    assert np.isnan(data.numeric).sum(axis=0).tolist() == [10, 10]
    assert (data.codes < 0).sum(axis=0).tolist() == [10, 10]


def test_groups_of_several_columns_are_refused():
    with pytest.raises(DataError, match=r"`groups` has the shape \(10, 2\); one value a row"):
        load((np.zeros((10, 2)), np.arange(10) % 2), groups=np.zeros((10, 2)))
