"""A splitter of the user's is used in passes that score every row once, where it gives such, and else once."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.model_selection as sk

from whyfit.data.load import load
from whyfit.data.passes import own_division, passes_of
from whyfit.data.sound import sound_division
from whyfit.data.splits import holdout, kfold
from whyfit.errors import ArgumentError

ROWS = 60
NOISE = np.random.default_rng(0)
TABLE = {"a": NOISE.normal(size=ROWS), "y": np.arange(ROWS) % 2}
DATA = load(TABLE, target="y")
GROUPED = load({**TABLE, "who": np.arange(ROWS) // 6}, target="y", groups="who")
HALF = np.arange(ROWS) % 2 == 0

MODES = {
    "shuffled folds": (sk.KFold(5, shuffle=True, random_state=3), "shuffled", None),
    "stratified folds": (sk.StratifiedKFold(5, shuffle=True), "shuffled", None),
    "repeated folds": (sk.RepeatedKFold(n_splits=3, n_repeats=2, random_state=0), "shuffled", None),
    "group folds, shuffled": (sk.GroupKFold(5, shuffle=True), "shuffled", None),
    "unshuffled folds": (sk.KFold(5), "fixed", 1),
    "group folds": (sk.GroupKFold(5), "fixed", 1),
    "one group out": (sk.LeaveOneGroupOut(), "fixed", 1),
    "given folds": (sk.PredefinedSplit(np.arange(ROWS) % 4), "fixed", 1),
    "pairs, two passes": ([(HALF, ~HALF), (~HALF, HALF)] * 2, "passes", 2),
    "random splits": (sk.ShuffleSplit(4), "loose", None),
    "folds that tear groups": (sk.StratifiedKFold(5, shuffle=True), "torn", None),
    "grouped random splits": (sk.GroupShuffleSplit(4), "loose", None),
    "some rows never": (sk.PredefinedSplit(np.where(HALF, -1, np.arange(ROWS) % 3)), "loose", None),
    "blocks in time": (sk.TimeSeriesSplit(5), "forward", None),
    "one split": ([(HALF, ~HALF)], "holdout", None),
    "a part of whyfit's": ((holdout(DATA),), "holdout", None),
    "folds of whyfit's": (kfold(DATA), "fixed", 1),
}


@pytest.mark.parametrize("case", MODES)
def test_how_a_splitter_is_used_depends_on_what_it_gives(case):
    cv, mode, most = MODES[case]
    _, own = own_division(cv, GROUPED if "group" in case else DATA, seed=1)
    assert (own.mode, own.most_repeats) == (mode, most)
    assert own.once == (mode not in ("shuffled", "passes"))
    assert len(own.splits_of(0)) == own.folds


def test_a_number_as_random_state_is_kept_in_the_first_repeat_and_later_ones_are_shuffled_anew():
    cv = sk.KFold(4, shuffle=True, random_state=7)
    _, own = own_division(cv, DATA, seed=0)
    theirs = [test for _, test in cv.split(np.zeros(ROWS))]
    np.testing.assert_array_equal([split.score for split in own.splits_of(0)], theirs)
    digests = {own.splits_of(repeat)[0].digest for repeat in range(4)}
    assert len(digests) == 4
    assert cv.random_state == 7


def test_every_pass_of_every_repeat_scores_every_row_once():
    _, own = own_division(sk.RepeatedKFold(n_splits=3, n_repeats=2, random_state=0), DATA, seed=0)
    for repeat in range(5):
        scored = np.concatenate([split.score for split in own.splits_of(repeat)])
        np.testing.assert_array_equal(np.sort(scored), np.arange(ROWS))


def test_two_studies_of_one_seed_divide_alike_even_with_a_stateful_splitter():
    first, second = (
        own_division(sk.KFold(3, shuffle=True, random_state=np.random.RandomState(0)), DATA, seed=5)[1]
        for _ in range(2)
    )
    assert [s.digest for s in first.splits_of(2)] == [s.digest for s in second.splits_of(2)]


def test_forward_splits_make_the_order_of_the_rows_that_of_time():
    data, own = own_division(sk.TimeSeriesSplit(5), DATA, seed=0)
    np.testing.assert_array_equal(data.time, np.arange(ROWS))
    assert all(split.train.max() < split.stop.min() for split in own.splits_of(0))


def test_a_generator_of_pairs_is_asked_once():
    _, own = own_division(((~part, part) for part in (HALF, ~HALF)), DATA, seed=0)
    assert own.splits_of(0)[1].score.size == own.splits_of(1)[1].score.size == ROWS // 2


def test_half_a_pass_is_none():
    assert passes_of(kfold(DATA)[:3], ROWS) is None


REFUSED = {
    "row by row": (sk.LeaveOneOut(), None),
    "pairs of rows": (sk.LeavePOut(2), "more than 1000 splits"),
    "text": ("kfold", "must be a scikit-learn splitter or pairs of row numbers, got 'kfold'"),
    "a number of another kind": (2.5, r"got 2\.5"),
    "rows on both sides": ([(HALF, HALF)], "puts 30 rows on both sides"),
    "split of other data": ((holdout(load()),), "the data has 60"),
    "nothing": ([], "gave no split"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_has_no_meaning_is_refused_with_the_next_step(case):
    cv, message = REFUSED[case]
    data = DATA if message else load((NOISE.normal(size=(150, 2)), np.arange(150) % 2))
    with pytest.raises(ArgumentError, match=message or "150 folds .* 100 is the most") as caught:
        own_division(cv, data, seed=0)
    assert str(caught.value)[-1] in ".?"


def test_a_group_splitter_without_groups_says_what_it_misses():
    with pytest.raises(ArgumentError, match="`cv` cannot divide this data: The 'groups' parameter"):
        own_division(sk.GroupKFold(3), load((NOISE.normal(size=(30, 2)), np.arange(30) % 2)), seed=0)


@pytest.mark.parametrize("folds", [0, 1, -3, ROWS + 1])
def test_a_number_of_folds_that_divides_nothing_is_refused_by_its_own_name(folds):
    with pytest.raises(ArgumentError, match=f"`cv` must be a whole number from 2 .*got {folds}"):
        sound_division(DATA, cv=folds)


def test_a_number_of_folds_may_be_one_of_numpy():
    assert sound_division(DATA, cv=np.int64(3)).own is None
