"""`checkup(cv=...)` and `checkup(against=...)`: what was used is said, and the score has the interval it allows."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import sklearn.model_selection as sk

import whyfit
from whyfit.errors import ArgumentError, DataError
from whyfit.report import document_of

NOISE = np.random.default_rng(0)
X = NOISE.normal(size=(150, 3)).astype(np.float32)
Y = (X @ np.array([1.0, -2.0, 0.5]) + 0.5 * NOISE.normal(size=150)) > 0


def found(report):
    return {finding.code: finding for finding in report.findings if finding.question == "splits"}


def test_a_shuffled_splitter_divides_every_repeat_and_the_study_is_whole():
    report = whyfit.checkup((X, Y), cv=sk.StratifiedKFold(3, shuffle=True, random_state=0), budget="60n")
    facts = report.evidence.splits
    assert (facts.kind, facts.mode, facts.folds, facts.times_scored) == ("own", "shuffled", 3, (1, 1))
    assert found(report)["splits.own_shuffled"].numbers["splitter"].startswith("StratifiedKFold(n_splits=3")
    assert report.evidence.remedies


ONCE = {
    "fixed": (sk.KFold(3), "wilson", "splits.own_fixed"),
    "loose": (sk.ShuffleSplit(3, test_size=0.3, random_state=0), "wilson", "splits.own_loose"),
    "forward": (sk.TimeSeriesSplit(5), "forward_blocks", "splits.own_forward"),
    "holdout": (sk.PredefinedSplit(np.where(np.arange(150) < 50, 0, -1)), "wilson", "splits.own_holdout"),
}


@pytest.mark.parametrize("mode", ONCE)
def test_a_division_that_cannot_be_repeated_gives_a_score_and_no_remedies(mode):
    cv, method, code = ONCE[mode]
    report = whyfit.checkup((X, Y), cv=cv, budget="60n")
    score = report.evidence.score
    assert (report.evidence.splits.mode, score.estimate.method) == (mode, method)
    assert score.estimate.low < score.estimate.value < score.estimate.high
    assert code in found(report)
    assert not report.evidence.remedies
    assert {len(run.curves.stop_loss) > 0 for run in report.evidence.runs} == {True}


def test_a_splitter_that_tears_declared_groups_is_used_and_that_is_serious():
    table = {"a": X[:, 0], "b": X[:, 1], "who": np.arange(150) // 5, "y": Y}
    report = whyfit.checkup(table, target="y", groups="who", cv=sk.KFold(3, shuffle=True), budget="12n")
    assert found(report)["splits.groups_shared"].severity == "serious"
    assert "splits.own_torn" in found(report)
    assert report.evidence.score.estimate.low is not None


def test_a_hold_out_is_scored_on_its_own_rows():
    rows = np.arange(150)
    report = whyfit.checkup((X, Y), cv=[(rows[50:], rows[:50])], budget="20n")
    assert report.evidence.score.estimate.rows == 50
    assert sum(rows for _, rows, _ in report.evidence.score.per_class) == 50


def test_a_number_of_folds_is_whyfits_own_k_fold():
    facts = whyfit.checkup((X, Y), cv=3, budget="6n").evidence.splits
    assert (facts.kind, facts.folds, facts.mode) == ("kfold", 3, None)


def test_a_splitter_and_an_order_in_time_are_refused_together():
    table = {"x": X[:, 0], "day": np.arange(150), "y": Y}
    with pytest.raises(ArgumentError, match="`cv` and `time` both say how"):
        whyfit.checkup(table, target="y", time="day", cv=sk.KFold(3), budget="6n")


def table(seed, rows=300, shift=0.0, first=0, mixture=0.5):
    noise = np.random.default_rng(seed)
    sick = noise.random(rows) < mixture
    return pl.DataFrame(
        {
            "id": first + np.arange(rows),
            "size": noise.normal(size=rows) + shift + sick,
            "age": noise.normal(size=rows),
            "sick": sick,
        }
    )


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (table(1, first=300).drop("sick"), "splits.alike_new"),  # new numbers of rows are no shift
        (table(1, first=300), "splits.alike_new"),
        (table(2, shift=1.0).drop("sick"), "splits.unlike_new"),
        (table(3, mixture=0.9), "splits.label_shift"),
    ],
    ids=["twin", "labelled twin", "shifted", "other mixture"],
)
def test_new_rows_are_compared_by_the_inputs_of_the_network(new, code):
    report = whyfit.checkup(table(0), target="sick", against=new, budget="10n")
    assert code in found(report)
    if code == "splits.alike_new":
        assert not {"splits.unlike_new", "splits.label_shift"} & set(found(report))
    if code == "splits.unlike_new":
        assert found(report)[code].where.column == "size"


def test_a_column_that_numbers_the_rows_is_no_input():
    report = whyfit.checkup(table(0), target="sick", budget="10n")
    assert report.data["columns"] == 2
    assert found(report)["splits.identifier_left_out"].where.column == "id"


def test_a_column_that_numbers_the_rows_stays_where_it_is_the_only_one():
    report = whyfit.checkup({"id": np.arange(150), "y": Y}, target="y", budget="10n")
    assert report.data["columns"] == 1
    assert "splits.identifier_left_out" not in found(report)


def test_new_rows_with_another_column_are_refused_before_anything_is_trained():
    with pytest.raises(DataError, match="no column 'age'"):
        whyfit.checkup(table(0), target="sick", against=table(1).drop("age"), budget="10n")


def repeated(*, classes, seed=0):
    """Sixty inputs, five rows each: the noise is the spread of their targets; the twin has every input once."""
    noise = np.random.default_rng(seed)
    x = noise.normal(size=(60, 2)).repeat(5, axis=0)
    if classes:
        return x, (noise.random(300) < np.where(x[:, 0] > 0, 0.8, 0.2)).astype(int)
    return x, x[:, 0] + 0.5 * noise.normal(size=300)


@pytest.mark.parametrize(("classes", "truth"), [(True, 0.2), (False, 0.25)], ids=["classification", "regression"])
def test_inputs_that_repeat_hand_their_noise_to_question_2_with_its_interval(classes, truth):
    X, y = repeated(classes=classes)
    report = whyfit.checkup((X, y), budget="50n")
    terms = report.evidence.decomposition[0]
    assert terms.noise_from == "repeats"
    assert terms.noise.low < truth < terms.noise.high
    assert "bias_variance.noise_known" in {finding.code for finding in report.findings}
    drawn = document_of(report).decomposition[0]
    assert drawn.noise.low < truth < drawn.noise.high
    assert (drawn.noise.value is None) == (drawn.bias is None) == classes  # of 0-1 errors only bounds are known
    twin = whyfit.checkup((X + 1e-3 * np.arange(300)[:, None], y), budget="50n")
    assert twin.evidence.decomposition[0].noise_from == "best error"
    assert "bias_variance.noise_known" not in {finding.code for finding in twin.findings}
