"""Several target columns: numbers together, labels that are each yes or no, and what is neither."""

import numpy as np
import pandas as pd
import pytest

from whyfit.data.division import labels_of
from whyfit.data.load import load
from whyfit.data.splits import repeat_splits
from whyfit.errors import ArgumentError, DataError
from whyfit.study.share import SharedDataset

DRAW = np.random.default_rng(1)
ROWS = 60
X = DRAW.normal(size=(ROWS, 2))
LABELS = (DRAW.random((ROWS, 2)) < [0.5, 0.2]).astype(int)
TABLE = {"x": X[:, 0], "a": LABELS[:, 0], "b": LABELS[:, 1], "u": X[:, 1], "v": X.sum(axis=1)}


def told(data):
    return {one.code: dict(one.facts) for one in data.told}


@pytest.mark.parametrize("target", ["a,b", "a, b", ["a", "b"], ("a", "b")])
def test_columns_of_one_and_zero_are_labels(target):
    data = load(TABLE, target=target)
    assert (data.task, data.target_names, data.classes) == ("multilabel", ("a", "b"), ())
    assert data.target.tolist() == LABELS.tolist()
    assert [column.name for column in data.columns] == ["x", "u", "v"]
    assert told(data)["data.several_targets"] == {"task": "multilabel", "column": "a, b", "targets": 2}


def test_columns_of_numbers_are_predicted_together():
    data = load(TABLE, target="u,v")
    assert (data.task, data.outputs, data.target_names) == ("regression", 2, ("u", "v"))
    assert data.target_name == "u, v"
    assert load(TABLE, target="a,v").task == "regression"


def test_words_for_yes_and_no_are_labels_too(tmp_path):
    path = tmp_path / "rows.csv"
    lines = [
        f"{x},{'yes' if a else 'no'},{'true' if b else 'false'}" for x, a, b in zip(X[:, 0], *LABELS.T, strict=True)
    ]
    path.write_text("\n".join(["x,a,b", *lines]) + "\n")
    data = load(path, target="a,b")
    assert (data.task, data.target.tolist()) == ("multilabel", LABELS.tolist())


def test_a_column_whose_name_has_a_comma_is_one_column():
    data = load({"x": X[:, 0], "a,b": LABELS[:, 0]}, target="a,b")
    assert (data.task, data.target_name) == ("classification", "a,b")


def test_arrays_and_frames_of_labels(tmp_path):
    assert load((X, LABELS)).target_names == ("0", "1")
    assert load((X, pd.DataFrame(LABELS, columns=["p", "q"]))).target_names == ("p", "q")
    assert load((X, LABELS), task="regression").task == "regression"
    assert load((X, LABELS[:, 0]), task="multilabel").target.shape == (ROWS, 1)
    np.savez(tmp_path / "rows.npz", X=X, y=LABELS)
    assert load(tmp_path / "rows.npz").task == "multilabel"


def test_one_yes_a_row_may_be_classes_and_is_asked_about():
    hot = np.eye(3, dtype=int)[np.arange(ROWS) % 3]
    with pytest.raises(DataError, match="are they the classes of one target"):
        load((X, hot))
    assert load((X, hot), task="multilabel").outputs == 3


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        ({"b": np.arange(ROWS)}, {"task": "multilabel"}, "row 2, column 'b': a label is 1 or 0"),
        ({"b": np.ones(ROWS)}, {}, "column 'b': all rows have the same label, 1"),
        ({}, {"target": "a,c"}, "no column 'c'"),
        ({"b": np.where(np.arange(ROWS) == 4, np.nan, LABELS[:, 1])}, {}, "row 4"),
        ({}, {"task": "classification"}, "task='multilabel'"),
        (
            {"b": ["red"] * 30 + ["blue"] * 30},
            {},
            "row 0, column 'b': several targets must be .* Name this",
        ),
    ],
)
def test_what_is_no_label_is_refused_with_its_place(change, options, words):
    with pytest.raises(DataError, match=words):
        load(TABLE | change, **({"target": "a,b"} | options))


def test_a_column_named_twice_or_nothing_left_is_refused():
    with pytest.raises(ArgumentError, match="name each column once"):
        load(TABLE, target="a,a")
    with pytest.raises(DataError, match="every column is a target"):
        load({"a": LABELS[:, 0], "b": LABELS[:, 1]}, target="a,b")


def test_rows_are_divided_by_the_labels_that_they_have_together():
    data = load(TABLE, target="a,b")
    shares = [data.target[split.score].mean(axis=0) for split in repeat_splits(data, 5, 0, 0)]
    assert np.ptp(shares, axis=0).max() <= 0.1
    assert len(set(labels_of(data).tolist())) == len({tuple(row) for row in LABELS.tolist()})
    many = load((X, DRAW.integers(0, 2, (ROWS, 12))))  # every combination is rare: divided at random
    assert len(repeat_splits(many, 5, 0, 0)) == 5


def test_labels_reach_other_processes():
    data = load(TABLE, target="a,b")
    with SharedDataset.write(data) as shared:
        opened = shared()
    assert (opened.fingerprint, opened.target_names) == (data.fingerprint, data.target_names)
