"""What exams are told equals what stands in the rows."""

from __future__ import annotations

import numpy as np

from data.sources import table
from whyfit.data.facts import data_facts, split_facts
from whyfit.data.load import load
from whyfit.data.splits import holdout, kfold


def test_the_digits_as_facts():
    facts = data_facts(load())
    assert (facts.rows, facts.columns, facts.task, facts.missing) == (1797, 64, "classification", 0)
    assert sum(facts.class_counts) == 1797
    assert facts.target_std == ()


def test_missing_values_of_both_kinds_are_counted():
    facts = data_facts(load({"a": [1, None, 3, 4], "b": ["x", None, None, "y"], "y": [0.5, 1.5, 2.5, 3.5]}))
    assert facts.missing == 3
    np.testing.assert_allclose(facts.target_std, [np.std([0.5, 1.5, 2.5, 3.5])])


def test_a_k_fold_is_described():
    data = load()
    facts = split_facts(data, kfold(data), repeats=4)
    assert (facts.kind, facts.by, facts.stratified, facts.folds, facts.repeats) == ("kfold", "stratified", True, 5, 4)
    assert (facts.train, facts.stop, facts.score, facts.times_scored) == (1150, 287, 359, (1, 1))
    assert sum(facts.scored_classes) == 1797
    assert facts.missing_classes == ()
    assert (facts.copies.pairs, facts.copies.expected_pairs) == (0, 0.0)


def test_a_holdout_is_described():
    data = table(100, classes=None)
    facts = split_facts(data, [holdout(data)])
    assert (facts.kind, facts.by, facts.folds, facts.times_scored) == ("holdout", "random", 1, (0, 1))
    assert facts.scored_classes == ()


def test_a_class_missing_from_a_part_is_named_with_the_part():
    data = table(target=np.array([0] * 60 + [1] * 38 + [2] * 2), classes=3)
    facts = split_facts(data, kfold(data))
    assert ("class 2", "stop") in facts.missing_classes
    assert {name for name, _ in facts.missing_classes} == {"class 2"}
    assert facts.why == "rare_classes"


def test_the_parts_of_every_division_are_compared_wide_data_by_some_of_its_columns(monkeypatch):
    data = load()
    monkeypatch.setattr("whyfit.data.facts.MOST_COLUMNS", 10)
    parts = split_facts(data, kfold(data)).alike
    assert [(one.first, one.second, one.first_rows, one.second_rows) for one in parts] == [
        ("train", "score", 1150, 359)
    ]
    assert len(parts[0].columns) == 10 + 1  # and the target
    assert parts[0].p > 0.002
