"""A leak is trained both ways within the budget; what comes out is the difference, with its interval."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from study.fakes import FakeEngine, plan_of, table
from whyfit.data.contrasts import Contrast, Fit
from whyfit.data.splits import repeat_splits
from whyfit.errors import ArgumentError
from whyfit.study.budget import Budget
from whyfit.study.contrast import Contrasting, contrast_facts
from whyfit.study.runner import Runner
from whyfit.study.store import Store
from whyfit.study.study import Study
from whyfit.study.workers import make_executor
from whyfit.training.contract import CancelFlag, Context

DATA = table(rows=60, classes=3)
OTHER = table(rows=60, classes=3, seed=1)


def ways(first=DATA, second=OTHER, seeds=(0, 1)):
    return tuple(
        tuple(tuple(Fit(seen, split) for split in repeat_splits(DATA, 5, repeat, seed)) for repeat in range(2))
        for seen, seed in zip((first, second), seeds, strict=True)
    )


@pytest.fixture
def study_of():
    stack = []

    def make(budget, *contrasts, engine=None, path=None):
        store, cancel = Store(path), CancelFlag.create()
        stack.append((store, cancel))
        executor = partial(make_executor, threads=True, workers=2)
        context = Context(lambda: DATA, cancel)
        runner = Runner(engine or FakeEngine(), context, store, executor, 2, DATA.fingerprint)
        leaks = tuple(Contrasting(one, runner, 0) for one in contrasts)
        return Study(DATA, plan_of(DATA), runner, Budget.parse(budget), leaks=leaks)

    yield make
    for store, cancel in stack:
        store.close()
        cancel.__exit__()


@pytest.mark.parametrize("paired", ["fits", "rows", "blocks"])
def test_both_ways_are_trained_and_the_difference_has_an_interval(study_of, paired):
    study = study_of("60n", Contrast("disguised", ("a",), ways, paired))
    study.run()
    (facts,) = contrast_facts(study.leaks)
    assert (facts.kind, facts.columns, facts.networks, facts.rows) == ("disguised", ("a",), 20, 60)
    assert study.networks == len(study.runner.store) == 60
    assert facts.difference.low < facts.difference.value < facts.difference.high
    assert facts.difference.value == pytest.approx(facts.score_without - facts.score_with)


def test_the_second_ways_own_refits_widen_the_interval_where_its_folds_are_others(study_of):
    study = study_of("80n", *(Contrast("groups", (), ways, paired) for paired in ("fits", "rows")))
    study.run()
    fits, rows = contrast_facts(study.leaks)
    assert rows.difference.value == pytest.approx(fits.difference.value)
    assert rows.difference.high > fits.difference.high


def test_a_network_that_both_ways_share_is_trained_once(study_of):
    study = study_of("60n", Contrast("groups", (), lambda: ways(DATA, DATA, (0, 0))))
    study.run()
    (facts,) = contrast_facts(study.leaks)
    assert facts.networks == 10
    assert (facts.difference.value, facts.difference.low, facts.difference.high) == (0, 0, 0)


def test_what_the_budget_does_not_hold_is_passed_over_and_the_plan_says_so(study_of):
    study = study_of("59n", Contrast("groups", (), ways))
    assert study.forecast().networks == {"plain": 50}
    study.run()
    assert contrast_facts(study.leaks) == ()
    assert study.networks == 50
    assert study_of("60n", Contrast("groups", (), ways)).forecast().networks["contrast_groups"] == 20


def test_in_seconds_one_leak_takes_no_more_than_its_share(study_of):
    dear = FakeEngine(seconds=0.02)  # twenty networks: 0.2 s of two workers, more than 15 % of one second
    study = study_of("1s", Contrast("groups", (), ways), engine=dear)
    study.run()
    assert contrast_facts(study.leaks) == ()


def test_a_resumed_study_trains_none_of_them_twice(study_of, tmp_path):
    first = study_of("60n", Contrast("groups", (), ways), path=tmp_path / "s.db")
    first.run()
    found = contrast_facts(first.leaks)
    first.runner.store.close()
    marks = tmp_path / "marks"
    marks.mkdir()
    second = study_of("60n", Contrast("groups", (), ways), path=tmp_path / "s.db", engine=FakeEngine(str(marks)))
    second.run()
    assert contrast_facts(second.leaks) == found
    assert not list(marks.iterdir())


def test_rows_that_cannot_be_divided_so_are_no_contrast(study_of):
    def refused():
        raise ArgumentError("too few groups.")

    study = study_of("60n", Contrast("groups", (), refused))
    study.run()
    assert contrast_facts(study.leaks) == ()
    assert study.networks == 60 - 60 % 10


def test_a_diverged_network_leaves_no_difference(study_of):
    study = study_of("60n", Contrast("groups", (), ways), engine=FakeEngine(diverging_fold=2))
    study.run()
    assert contrast_facts(study.leaks) == ()
    assert np.isfinite(study.seconds)
