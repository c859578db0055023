"""Rounds, budgets and resumption, with an engine that costs nothing."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest

from study.fakes import FakeEngine, plan_of, table
from whyfit.errors import ArgumentError
from whyfit.evidence.recipe import Recipe
from whyfit.study.budget import Budget
from whyfit.study.measure import baseline_error, chance_loss, gap_facts, runs, score_facts
from whyfit.study.plan import Arm, changed_rows, seed_of
from whyfit.study.room import NUMBER, STUDY_BYTES, room_told
from whyfit.study.runner import Runner
from whyfit.study.store import Store
from whyfit.study.study import Study, check_budget
from whyfit.training.contract import CancelFlag, Context


@pytest.fixture
def data():
    return table(rows=60, classes=3)


@pytest.fixture
def study_of(data):
    stores = []

    def make(budget, engine=None, path=None, plan=None):
        store, cancel = Store(path), CancelFlag.create()
        stores.append((store, cancel))
        engine = engine or FakeEngine()
        runner = Runner(
            engine, Context(lambda: data, cancel), store, partial(ThreadPoolExecutor, 2), 2, data.fingerprint
        )
        return Study(data, plan or plan_of(data), runner, Budget.parse(budget))

    yield make
    for store, cancel in stores:
        store.close()
        cancel.__exit__()


@pytest.mark.parametrize(("budget", "networks"), [("10n", 10), ("59n", 50), ("320n", 320), ("321n", 320)])
def test_a_budget_in_networks_trains_as_many_whole_repeats_as_fit(study_of, budget, networks):
    study = study_of(budget)
    study.run()
    assert study.networks == networks
    assert len(study.runner.store) == networks


@pytest.mark.parametrize(("budget", "most", "networks"), [("320n", 59, 50), ("9s", 30, 30), ("320n", 1, 10)])
def test_a_study_ends_where_there_is_no_room_for_more_predictions_and_says_so(
    study_of, monkeypatch, budget, most, networks
):
    monkeypatch.setattr("whyfit.study.study.networks_within", lambda *_: most)
    study = study_of(budget)
    study.run()
    assert (study.networks, study.full) == (networks, True)
    (told,) = room_told(study.most, full=study.full)
    assert (told.code, told.facts) == ("study.no_room", (("networks", most),))


def test_a_study_that_its_budget_ends_has_room_and_tells_nothing(study_of):
    study = study_of("10n")
    study.run()
    assert study.most == STUDY_BYTES // (12 * 3 * NUMBER)
    assert room_told(study.most, full=study.full) == ()


def test_a_forecast_plans_no_more_than_there_is_room_for(study_of, monkeypatch):
    monkeypatch.setattr("whyfit.study.study.networks_within", lambda *_: 59)
    assert sum(study_of("320n").forecast().networks.values()) == 50


def test_a_budget_in_seconds_ends_near_its_time(study_of):
    study = study_of("1.5s", FakeEngine(seconds=0.02))
    study.run()
    assert 10 <= study.networks < 400
    assert study.seconds < 3.0


def test_a_budget_too_small_for_one_repeat_is_refused_with_the_least_that_works(data):
    with pytest.raises(ArgumentError, match=r"at least 10n \(5 folds × 2 seeds\), got 9n\. Try `10n`"):
        check_budget(Budget.parse("9n"), plan_of(data))


def test_seconds_too_few_for_one_repeat_leave_no_results(study_of):
    study = study_of("0.05s", FakeEngine(seconds=0.05))
    study.run()
    assert study.repeats == 0
    assert study.plain is None


def test_a_resumed_study_trains_only_what_is_missing(study_of, tmp_path):
    marks = tmp_path / "marks"
    marks.mkdir()
    first = study_of("20n", FakeEngine(marks=str(marks)), tmp_path / "s.db")
    first.run()
    first.runner.store.close()
    second = study_of("80n", FakeEngine(marks=str(marks)), tmp_path / "s.db")
    second.run()
    assert second.networks == 80
    assert {len(mark.read_text()) for mark in marks.iterdir()} == {1}


def test_the_clock_of_a_resumed_study_goes_on(study_of, tmp_path):
    first = study_of("0.5s", FakeEngine(seconds=0.01), tmp_path / "s.db")
    first.run()
    first.runner.store.close()
    second = study_of("0.5s", FakeEngine(seconds=0.01), tmp_path / "s.db")
    second.run()
    assert second.seconds == pytest.approx(first.seconds, abs=0.4)
    assert second.networks == first.networks


def test_an_interrupted_study_keeps_its_complete_repeats(study_of, monkeypatch):
    study = study_of("80n")
    run = Runner.run

    def interrupted(self, members, context=None, listen=None):
        if len(members) <= 20:
            return run(self, members, context, listen)
        run(self, members[:25], context, listen)
        return False

    monkeypatch.setattr(Runner, "run", interrupted)
    study.run()
    assert study.interrupted
    assert (study.repeats, study.networks) == (2, 20)
    assert score_facts(study.plain).estimate.low is not None


def test_arms_share_splits_and_seeds(data):
    plan = plan_of(data)
    arms = (plan.plain, Arm("dropout", Recipe(dropout=0.5), 0.5, seeds=2))
    plain, other = (list(plan.members([arm], range(2))) for arm in arms)
    assert [m.seed for m in plain] == [m.seed for m in other]
    assert [m.split.digest for m in plain] == [m.split.digest for m in other]
    assert {m.recipe.dropout for m in other} == {0.5}


def test_every_fit_has_a_seed_of_its_own(data):
    plan = plan_of(data)
    seeds = [member.seed for member in plan.members([plan.plain], range(8))]
    assert len(set(seeds)) == len(seeds) == 80


def test_half_the_rows_are_nested_and_scored_on_the_same_rows(data):
    (split, *_) = plan_of(data).splits_of(0)
    half = changed_rows(split, "half", seed_of(0, 0, 0, 0))
    assert set(half.train) < set(split.train)
    assert half.train.size == split.train.size // 2
    np.testing.assert_array_equal(half.score, split.score)


def test_training_and_stop_rows_together_stop_by_nothing(data):
    (split, *_) = plan_of(data).splits_of(0)
    both = changed_rows(split, "train_and_stop", 0)
    assert set(both.train) == set(split.train) | set(split.stop)
    assert both.stop.size == 0


def test_the_score_is_the_mean_error_over_rows_that_were_not_trained_on(study_of, data):
    study = study_of("20n")
    study.run()
    results = study.plain
    by_hand = [(o.predictions.argmax(1) != data.target[o.rows]).mean() for o in results.outcomes]
    facts = score_facts(results)
    assert facts.estimate.value == pytest.approx(np.mean(by_hand))
    assert facts.estimate.low < facts.estimate.value < facts.estimate.high
    assert 0.6 < facts.baseline < 0.8
    assert sum(rows for _, rows, _ in facts.per_class) == data.rows


def test_the_gap_is_paired_by_fit(study_of):
    study = study_of("20n")
    study.run()
    facts = gap_facts(study.plain)
    assert facts.error.value == pytest.approx(0.1)
    assert facts.train_error == 0.0
    assert facts.rising == 0


def test_a_diverged_fit_answers_every_row_wrong_and_its_run_says_so(study_of):
    healthy, study = study_of("20n"), study_of("20n", FakeEngine(diverging_fold=1))
    healthy.run()
    study.run()
    results = study.plain
    right = score_facts(healthy.plain).estimate.value
    assert score_facts(results).estimate.value == pytest.approx(0.8 * right + 0.2, abs=0.05)
    assert results.diverged == 4
    assert sum(run.status == "diverged" for run in runs(results, "plain")) == 4


def test_chance_is_the_entropy_of_the_classes(data):
    assert chance_loss(data, np.arange(60)) == pytest.approx(np.log(3))


def test_the_baseline_is_fitted_on_training_rows(study_of, data):
    study = study_of("10n")
    study.run()
    assert 0.5 < baseline_error(study.plain) < 0.8


def test_forward_in_time_only_scored_blocks_count_and_nothing_is_shuffled_anew(study_of, data):
    """The first block only trains: its rows were never scored, and must not count as errors."""
    from dataclasses import replace

    from whyfit.data.splits import repeat_splits

    ordered = replace(data, time=np.arange(data.rows, dtype=float))
    plan = replace(plan_of(ordered), splits_of=lambda repeat: repeat_splits(ordered, 5, repeat, 0))
    study = study_of("200n", plan=plan)
    study.data = ordered
    study.run()
    facts = score_facts(study.plain)
    assert study.networks == 20
    assert (facts.estimate.method, facts.estimate.rows) == ("forward_blocks", 50)
    assert facts.estimate.value == pytest.approx(0.1)
    assert gap_facts(study.plain).error.method == "forward_blocks"
