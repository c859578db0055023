"""Three disjoint parts, always; classes in proportion, groups whole, time forward; as scikit-learn's splitters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import model_selection as sk

from data.sources import table
from whyfit.data import division
from whyfit.data.division import division_of, strata
from whyfit.data.encode import features_of, fit_scaling, fit_target_scaling
from whyfit.data.load import load
from whyfit.data.splits import bootstrap, from_splitter, holdout, kfold, repeat_splits, repeated_kfold
from whyfit.errors import ArgumentError, DataError

DIGITS = load()
GROUPED = table(120, classes=3, groups=np.arange(120) // 6)
TIMED = table(100, classes=None, time=np.random.default_rng(0).permutation(100).astype(float))


def shares(data, rows):
    return np.bincount(data.target[rows], minlength=len(data.classes)) / rows.size


def disjoint(*sets):
    return len(set().union(*sets)) == sum(len(one) for one in sets)


def test_parts_of_a_fold_are_64_16_and_20_percent():
    for split in kfold(DIGITS):
        sizes = np.array([split.train.size, split.stop.size, split.score.size]) / DIGITS.rows
        np.testing.assert_allclose(sizes, [0.64, 0.16, 0.2], atol=0.002)


def test_every_row_is_in_one_part_and_scored_once():
    splits = kfold(DIGITS, 7)
    np.testing.assert_array_equal(np.sort(np.concatenate([split.score for split in splits])), np.arange(DIGITS.rows))
    for split in splits:
        together = np.concatenate([split.train, split.stop, split.score])
        np.testing.assert_array_equal(np.sort(together), np.arange(DIGITS.rows))


def test_classes_keep_their_proportions_in_every_part():
    whole = shares(DIGITS, np.arange(DIGITS.rows))
    for split in (*kfold(DIGITS), holdout(DIGITS)):
        for part in (split.train, split.stop, split.score):
            np.testing.assert_allclose(shares(DIGITS, part), whole, atol=0.01)


def test_folds_are_those_of_scikit_learn():
    """The same partition rule: fold sizes and class counts equal those of StratifiedKFold and KFold."""
    theirs = sk.StratifiedKFold(5, shuffle=True, random_state=0).split(DIGITS.numeric, DIGITS.target)
    assert sorted(split.score.size for split in kfold(DIGITS)) == sorted(test.size for _, test in theirs)
    plain = table(103, classes=None)
    assert sorted(s.score.size for s in kfold(plain)) == [20, 20, 21, 21, 21]


@pytest.mark.parametrize("divide", [kfold, holdout, repeated_kfold, bootstrap])
def test_equal_seeds_divide_alike_and_others_differ(divide):
    def digests(seed):
        splits = divide(GROUPED, seed=seed)
        return [split.digest for split in (splits if isinstance(splits, tuple) else (splits,))]

    assert digests(3) == digests(3)
    assert not set(digests(3)) & set(digests(4))


def test_every_repeat_has_a_shuffle_of_its_own():
    splits = repeated_kfold(DIGITS, 5, 4)
    assert len({split.digest for split in splits}) == 20
    assert [split.digest for split in splits[5:10]] == [split.digest for split in repeat_splits(DIGITS, 5, 1, 0)]


def test_stop_parts_of_the_folds_are_drawn_apart():
    stops = [set(split.stop) for split in kfold(table(1000, classes=None))]
    overlap = len(stops[0] & stops[1]) / len(stops[0])
    assert 0.05 < overlap < 0.25  # 0.8 · 0.16 = 0.13 for independent draws


@pytest.mark.parametrize("classes", [3, None])
@pytest.mark.parametrize(
    "divide", [kfold, lambda d: (holdout(d),), lambda d: bootstrap(d, 5)], ids=["kfold", "holdout", "bootstrap"]
)
def test_groups_are_whole_in_every_part(divide, classes):
    groups = np.random.default_rng(0).integers(0, 25, 200)
    data = table(200, classes=classes, groups=groups)
    for split in divide(data):
        parts = [set(groups[part]) for part in (split.train, split.stop, split.score)]
        assert all(parts)
        assert disjoint(*parts)


def test_time_runs_forward():
    splits = kfold(TIMED, 4)
    assert len(splits) == 4
    for split in (*splits, holdout(TIMED)):
        assert TIMED.time[split.train].max() < TIMED.time[split.stop].min()
        assert TIMED.time[split.stop].max() < TIMED.time[split.score].min()


def test_forward_blocks_are_those_of_scikit_learn():
    theirs = [test for _, test in sk.TimeSeriesSplit(4).split(np.zeros(100))]
    ours = [np.sort(TIMED.time[split.score]) for split in kfold(TIMED, 4)]
    np.testing.assert_array_equal(ours, theirs)


def test_equal_times_stay_together():
    data = table(100, classes=None, time=np.arange(100) // 7)
    for split in kfold(data, 3):
        times = [set(data.time[part]) for part in (split.train, split.stop, split.score)]
        assert disjoint(*times)


def test_time_and_groups_together_keep_later_groups_out_of_training():
    data = table(200, classes=None, time=np.arange(200), groups=np.arange(200) // 10)
    for split in kfold(data, 3):
        groups = [set(data.groups[part]) for part in (split.train, split.stop, split.score)]
        assert disjoint(*groups)
    with pytest.raises(ArgumentError, match="no division respects both time and groups"):
        kfold(table(200, classes=None, time=np.arange(200), groups=np.arange(200) % 5), 3)


def test_classes_rarer_than_the_folds_are_divided_together_and_said():
    data = table(target=np.array([0] * 60 + [1] * 37 + [2] * 3), classes=3)
    assert division_of(data, parts=5).why == "rare_classes"
    assert division_of(data, parts=3).why is None
    assert len(kfold(data)) == 5


def test_a_bootstrap_draws_as_many_rows_as_there_are_and_scores_the_rest():
    data = table(1000, classes=None)
    splits = bootstrap(data, 200)
    out = np.mean([split.score.size for split in splits]) / data.rows
    expected = (1 - 1 / data.rows) ** data.rows
    error = np.std([split.score.size for split in splits]) / data.rows / np.sqrt(len(splits))
    assert abs(out - expected) < 4 * error
    for split in splits[:5]:
        distinct = np.unique(split.train)
        assert split.train.size > distinct.size
        assert distinct.size + split.stop.size + split.score.size == data.rows


def test_a_stratified_bootstrap_scores_every_class_as_often():
    data = table(target=np.array([0] * 900 + [1] * 100))
    out = [shares(data, split.score)[1] for split in bootstrap(data, 50)]
    assert np.mean(out) == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize(
    "cv",
    [
        sk.KFold(4),
        sk.StratifiedKFold(4, shuffle=True),
        sk.GroupKFold(4),
        sk.ShuffleSplit(4),
        sk.RepeatedKFold(n_splits=2, n_repeats=2),
    ],
    ids=lambda cv: type(cv).__name__,
)
def test_any_splitter_of_scikit_learn_is_taken(cv):
    splits = from_splitter(cv, GROUPED, seed=1)
    assert len(splits) == 4
    assert all(split.train.size > 2 * split.stop.size > 0 for split in splits)
    assert [s.digest for s in splits] == [s.digest for s in from_splitter(cv, GROUPED, seed=1)]


def test_a_splitter_that_runs_forward_gets_a_stop_part_that_does_too():
    for split in from_splitter(sk.TimeSeriesSplit(3), table(40)):
        assert split.train.max() < split.stop.min() <= split.stop.max() < split.score.min()


def test_groups_stay_whole_in_the_stop_part_of_a_splitter_of_ones_own():
    for split in from_splitter(sk.GroupKFold(4), GROUPED):
        assert not set(GROUPED.groups[split.train]) & set(GROUPED.groups[split.stop])


def test_pairs_of_row_numbers_and_of_masks_are_taken():
    pairs = [(np.arange(20), np.arange(20, 30)), (np.arange(100) >= 50, np.arange(100) < 50)]
    assert [split.score.size for split in from_splitter(pairs, table())] == [10, 50]


SMALL = table(12)
REFUSED = {
    "folds": (
        lambda: kfold(SMALL, 20),
        r"`folds` must be a whole number from 2 to the number of rows \(12\), got 20\. Use fewer",
    ),
    "one fold": (lambda: kfold(SMALL, 1), "got 1"),
    "no number": (lambda: kfold(SMALL, 2.5), r"got 2\.5"),
    "stop": (lambda: kfold(SMALL, stop=1.0), "`stop` must be a share between 0 and 1"),
    "shares": (lambda: holdout(SMALL, stop=0.5, score=0.5), "sum under 1"),
    "share in words": (lambda: holdout(SMALL, stop="a fifth"), "got 'a fifth' and 0.15"),
    "no share": (lambda: holdout(SMALL, score=None), "got 0.15 and None"),
    "seed": (lambda: holdout(SMALL, seed=-1), "`seed` must be a whole number from 0"),
    "by": (lambda: holdout(SMALL, by="class"), "`by` must be one of"),
    "no groups": (lambda: kfold(SMALL, by="groups"), "needs data with groups"),
    "no classes": (lambda: kfold(table(12, classes=None), by="stratified"), "this is a regression"),
    "two rows": (lambda: holdout(table(2)), "2 rows are too few"),
    "few groups": (lambda: kfold(table(12, groups=np.arange(12) // 4)), "3 groups are too few; this division needs 5"),
    "one time": (lambda: kfold(table(12, time=np.zeros(12))), "too many rows have the same time"),
    "repeats": (lambda: repeated_kfold(SMALL, repeats=0), "`repeats` must be a whole number from 1"),
    "repeated time": (lambda: repeated_kfold(TIMED, 4, 2), "one division only"),
    "bootstrap in time": (lambda: bootstrap(TIMED), "trains on the future"),
    "both sides": (lambda: from_splitter([([0, 1, 2], [2, 3])], SMALL), "puts 1 rows on both sides, such as row 2"),
    "outside": (
        lambda: from_splitter([([0, 1, 2], [30])], SMALL),
        "gave the row 30, but the data has the rows 0 to 11",
    ),
    "no rows": (lambda: from_splitter([([0, 1, 2], [])], SMALL), "gave 0 scored rows; at least 1"),
    "a row below 0": (lambda: from_splitter([([-1, 1, 2], [3])], SMALL), "gave the row -1"),
    "rows named twice": (
        lambda: from_splitter([([0, 1, 1, 2], [3])], SMALL),
        "names 1 training rows several times, such as row 1",
    ),
    "too few truth values": (
        lambda: from_splitter([(np.ones(5, dtype=bool), [7])], SMALL),
        "gave 5 truth values for the training rows, but the data has 12",
    ),
    "names for rows": (lambda: from_splitter([(["a", "b"], [7])], SMALL), "no row numbers: <U1"),
    "a ragged pair": (lambda: from_splitter([([[1, 2], [3]], [7])], SMALL), "no row numbers"),
    "no splits": (lambda: from_splitter([], SMALL), "gave no split"),
    "no splitter": (lambda: from_splitter(5, SMALL), "must be a scikit-learn splitter"),
    "no groups for a splitter": (lambda: from_splitter(sk.GroupKFold(3), SMALL), "Say which rows belong together"),
    "a class a row": (
        lambda: from_splitter(sk.StratifiedShuffleSplit(3), table(900, target=np.arange(900))),
        r"cannot divide this data: [^…]{200}… Choose another",
    ),
    "impossible": (lambda: from_splitter(sk.KFold(50), SMALL), "cannot divide this data"),
}


@pytest.mark.parametrize(("call", "message"), REFUSED.values(), ids=REFUSED)
def test_what_has_no_meaning_is_refused_with_the_next_step(call, message):
    with pytest.raises(ArgumentError, match=message) as caught:
        call()
    assert caught.value.advice


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_division_has_three_disjoint_parts_that_are_not_empty(data):
    rows = data.draw(st.integers(10, 60))
    classes = data.draw(st.sampled_from([None, 2, 5]))
    target = (
        None
        if classes is None
        else np.array(data.draw(st.lists(st.integers(0, classes - 1), min_size=rows, max_size=rows)))
    )
    groups = data.draw(st.none() | st.lists(st.integers(0, 8), min_size=rows, max_size=rows).map(np.array))
    problem = table(rows, classes=classes, target=target, groups=groups)
    divide = data.draw(st.sampled_from([kfold, lambda d, **k: (holdout(d, **k),), lambda d, **k: bootstrap(d, 2, **k)]))
    try:
        splits = divide(problem, seed=data.draw(st.integers(0, 5)))
    except ArgumentError:
        return
    for split in splits:  # that they are disjoint is held by Split itself
        assert split.train.size
        assert split.stop.size
        assert split.score.size


@settings(max_examples=50, deadline=None)
@given(
    seed=st.integers(0, 1000),
    value=st.floats(-1e6, 1e6),
    by=st.sampled_from([kfold, lambda d, seed: (holdout(d, seed=seed),)]),
)
def test_nothing_of_stop_and_score_rows_reaches_the_scaling(seed, value, by):
    """Whatever stands in the other rows, what is fitted on the training rows is the same to the last bit."""
    before = table(30, classes=None, seed=seed)
    split = by(before, seed=seed)[0]
    numeric, target = before.numeric.copy(), before.target.copy()
    other = np.concatenate([split.stop, split.score])
    numeric[other], target[other] = value, value
    after = table(classes=None, numeric=numeric, target=target)
    for fit, one, two in (
        (fit_scaling, features_of(before), features_of(after)),
        (fit_target_scaling, before, after),
    ):
        first, second = fit(one, split.train), fit(two, split.train)
        np.testing.assert_array_equal(first.shift, second.shift)
        np.testing.assert_array_equal(first.scale, second.scale)


@given(labels=st.lists(st.integers(0, 6), min_size=1, max_size=60).map(np.array), least=st.integers(1, 10))
def test_strata_are_large_enough_or_only_one(labels, least):
    counts = np.unique(strata(labels, least), return_counts=True)[1]
    assert counts.size == 1 or counts.min() >= least


@pytest.mark.parametrize("classes", [4, None])
def test_many_rows_are_divided_in_the_same_shares(monkeypatch, classes):
    monkeypatch.setattr(division, "MANY_ROWS", 500)
    data = table(2000, classes=classes)
    for split, shares_ in ((kfold(data)[0], (0.64, 0.16, 0.2)), (holdout(data), (0.68, 0.17, 0.15))):
        sizes = np.array([split.train.size, split.stop.size, split.score.size]) / 2000
        np.testing.assert_allclose(sizes, shares_, atol=0.003)
        if classes:
            np.testing.assert_allclose(shares(data, split.stop), 0.25, atol=0.01)


@pytest.mark.parametrize("divide", [holdout, kfold, repeated_kfold, bootstrap])
def test_a_pair_of_arrays_is_divided_as_the_dataset_that_it_loads_as(divide):
    pair = np.random.default_rng(0).normal(size=(60, 3)), np.arange(60) % 2
    one, other = divide(pair), divide(load(pair))
    for first, second in zip(*([one], [other]) if divide is holdout else (one, other), strict=True):
        np.testing.assert_array_equal(first.train, second.train)
        np.testing.assert_array_equal(first.score, second.score)


def test_what_is_no_data_is_refused_where_it_is_divided():
    with pytest.raises(DataError, match="no source of data"):
        kfold(3.5)
