"""Weights of rows at the door: where they may stand, what is refused with its place, what they leave out."""

import numpy as np
import pytest

from whyfit.data.load import load
from whyfit.data.weights import kept
from whyfit.errors import ArgumentError, DataError
from whyfit.study.share import SharedDataset

ROWS = 12
X = np.arange(24.0).reshape(ROWS, 2)
Y = np.arange(ROWS) % 2
W = np.linspace(1.0, 3.0, ROWS)


def csv(tmp_path, weights, name="w"):
    lines = [f"{x[0]},{y},{w}" for x, y, w in zip(X, Y, weights, strict=True)]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join([f"a,y,{name}", *lines]) + "\n")
    return path


def codes(data):
    return [told.code for told in data.told]


def test_a_column_of_weights_is_no_input(tmp_path):
    data = load(csv(tmp_path, W), target="y", weights="w")
    assert [column.name for column in data.columns] == ["a"]
    assert data.weights == pytest.approx(W / W.mean())
    facts = dict(next(told for told in data.told if told.code == "data.weights").facts)
    assert facts["effective"] == pytest.approx(W.sum() ** 2 / (W**2).sum(), abs=0.05)
    assert load(csv(tmp_path, W), target="y").weights is None


def test_weights_come_as_arrays_in_mappings_and_in_files(tmp_path):
    np.savez(tmp_path / "rows.npz", X=X, y=Y, weights=W)
    sources = (
        load((X, Y), weights=W),
        load({"X": X, "y": Y, "weights": W}),
        load({"X": X, "y": Y, "sample_weight": list(W)}),
        load(tmp_path / "rows.npz"),
        load(load((X, Y)), weights=tuple(W)),
    )
    assert {one.fingerprint for one in sources} == {sources[0].fingerprint} != {load((X, Y)).fingerprint}


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (3, -2, "row 5, column 'w': the weight is -2"),
        (0, "", "row 2, column 'w': the weight is missing"),
        (4, "inf", "row 6, column 'w'"),
        (2, "heavy", "row 4, column 'w': 'heavy' is no number"),
    ],
)
def test_a_bad_weight_is_refused_by_file_row_and_column(tmp_path, place, value, words):
    weights = [*W]
    weights[place] = value
    with pytest.raises(DataError, match=r"rows\.csv") as refused:
        load(csv(tmp_path, weights), target="y", weights="w")
    assert words in str(refused.value)
    assert "0 or more" in str(refused.value)


def test_weights_that_are_all_zero_are_refused(tmp_path):
    with pytest.raises(DataError, match="all weights are 0"):
        load(csv(tmp_path, np.zeros(ROWS)), target="y", weights="w")
    with pytest.raises(DataError, match="only one row"):
        load(csv(tmp_path, np.eye(ROWS)[0]), target="y", weights="w")
    with pytest.raises(DataError, match="every row that counts has the same target"):
        load((X, Y), weights=np.where(Y == 0, 0.0, 1.0))


def test_other_misuse_is_refused(tmp_path):
    with pytest.raises(DataError, match="no column 'v'"):
        load(csv(tmp_path, W), target="y", weights="v")
    with pytest.raises(ArgumentError, match="both name"):
        load(csv(tmp_path, W), target="y", groups="w", weights="w")
    with pytest.raises(DataError, match="there are 12 rows, but 3 weights"):
        load((X, Y), weights=[1, 2, 3])
    with pytest.raises(DataError, match="one number a row"):
        load((X, Y), weights=np.ones((ROWS, 2)))
    with pytest.raises(ArgumentError, match="arrays have no names"):
        load((X, Y), weights="w")
    with pytest.raises(ArgumentError, match="no effect on the bundled digits"):
        load(weights="w")


def test_rows_of_weight_zero_are_left_out_and_said():
    weights = np.where(np.arange(ROWS) < 4, 0.0, W)
    data = load({"X": X, "y": Y, "groups": np.arange(ROWS) // 3, "weights": weights})
    assert (data.rows, data.groups.tolist()) == (8, (np.arange(ROWS) // 3)[4:].tolist())
    assert "data.weights_zero" in codes(data)
    same = load({"X": X[4:], "y": Y[4:], "groups": np.arange(ROWS)[4:] // 3, "weights": W[4:]})
    assert data.numeric.tolist() == same.numeric.tolist()
    assert data.weights.tolist() == same.weights.tolist()


def test_a_class_that_weighs_nothing_is_gone():
    data = kept(load((X, np.arange(ROWS) % 3), task="classification"), np.arange(ROWS) % 3 != 1)
    assert (data.classes, sorted(set(data.target.tolist()))) == (("0", "2"), [0, 1])


def test_equal_weights_change_nothing_and_say_so():
    data, plain = load((X, Y), weights=np.full(ROWS, 7.0)), load((X, Y))
    assert data.weights is None
    assert data.fingerprint == plain.fingerprint
    assert "data.weights_equal" in codes(data)


def test_weights_reach_other_processes():
    data = load((X, Y), weights=W)
    with SharedDataset.write(data) as shared:
        opened = shared()
    assert opened.fingerprint == data.fingerprint
    assert opened.weights.tolist() == data.weights.tolist()
