"""What every engine holds to: an engine is tested by being listed."""

import pickle
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from training.members import ALL, classes_table, context_of, member, numbers_table, shard_of, split_of, train
from whyfit.evidence.member import Collect
from whyfit.evidence.network import Perceptron
from whyfit.evidence.outcome import OUTCOME_SCHEMA
from whyfit.evidence.recipe import Recipe
from whyfit.training.contract import Cost, Engine
from whyfit.training.engines import engines

DATA, NUMBERS = classes_table(), numbers_table()
SMALL = Recipe(network=Perceptron((16, 8)), epochs=4, patience=None, learning_rate=1e-2)
SMALL_NUMBERS = SMALL.but(loss="squared_error")
DEEP = SMALL.but(network=Perceptron((256, 256, 256)), epochs=100_000)


@pytest.fixture(params=engines(), ids=lambda engine: engine.name)
def engine(request) -> Engine:
    return request.param


def same_bits(one, other):
    assert one.curves.train_loss.tobytes() == other.curves.train_loss.tobytes()
    assert one.curves.stop_loss.tobytes() == other.curves.stop_loss.tobytes()
    assert one.predictions.tobytes() == other.predictions.tobytes()
    assert one.weights == other.weights


def test_it_is_an_engine_that_travels_between_processes(engine):
    assert isinstance(engine, Engine)
    assert pickle.loads(pickle.dumps(engine)) == engine


def test_shards_hold_every_member_once_in_order_with_its_key(engine):
    members = [member(SMALL, seed=seed) for seed in range(5)]
    shards = list(engine.shards(members, DATA.fingerprint, Cost(0.5, 1 << 30)))
    assert [m.seed for shard in shards for m in shard.members] == [0, 1, 2, 3, 4]
    assert [k for s in shards for k in s.keys] == [m.key(DATA.fingerprint, OUTCOME_SCHEMA) for m in members]
    assert all(len(shard) >= 1 for shard in shards)


def test_a_limit_below_one_member_still_gives_one_member_a_shard(engine):
    members = [member(SMALL, seed=seed) for seed in range(3)]
    assert [len(shard) for shard in engine.shards(members, DATA.fingerprint, Cost(0.0, 0))] == [1, 1, 1]


def test_an_outcome_holds_all_that_was_asked_for(engine):
    one = member(SMALL, collect=ALL)
    (outcome,) = train(engine, DATA, one)
    assert (outcome.status, outcome.reason, outcome.engine) == ("done", None, engine.name)
    assert outcome.schema == OUTCOME_SCHEMA
    assert outcome.key == one.key(DATA.fingerprint, OUTCOME_SCHEMA)
    assert outcome.why_engine
    assert outcome.platform
    assert (outcome.best_epoch, outcome.stopped_epoch, outcome.steps) == (4, 4, 4 * 5)  # 144 rows in batches of 32
    assert outcome.curves.train_loss.shape == outcome.curves.stop_error.shape == (4,)
    assert (outcome.predictions.shape, outcome.predictions.dtype) == ((48, 3), np.float32)
    assert np.array_equal(outcome.rows, one.split.score)
    assert outcome.seconds > 0
    assert outcome.weights


def test_nothing_is_collected_that_was_not_asked_for(engine):
    (outcome,) = train(engine, DATA, member(SMALL, collect=Collect(vitals=0, predictions=False, weights=False)))
    assert (outcome.predictions, outcome.weights, outcome.vitals) == (None, None, ())


def test_it_learns_what_can_be_learnt(engine):
    (outcome,) = train(engine, DATA, member(SMALL, epochs=15))
    assert outcome.final.first_loss > 0.7
    assert outcome.final.score_error < 0.1
    assert outcome.final.train_loss < 0.2


def test_final_numbers_are_those_of_the_predictions(engine):
    """The score error can be counted again from the raw outputs."""
    (outcome,) = train(engine, DATA, member(SMALL))
    wrong = outcome.predictions.argmax(axis=1) != DATA.target[outcome.rows]
    assert outcome.final.score_error == pytest.approx(wrong.mean())
    (outcome,) = train(engine, NUMBERS, member(SMALL_NUMBERS))
    squared = (outcome.predictions - NUMBERS.target[outcome.rows]) ** 2
    assert outcome.final.score_error == pytest.approx(squared.mean(), rel=1e-4)


def test_regression_comes_back_in_the_targets_own_units(engine):
    """Targets around 5,000: outputs left in scaled units would be around 0."""
    (outcome,) = train(engine, NUMBERS, member(SMALL_NUMBERS, epochs=20))
    assert abs(outcome.predictions.mean() - 5000.0) < 1000.0
    assert outcome.final.score_error < 0.5 * NUMBERS.target.var(axis=0).mean()


def test_the_best_weights_are_kept_and_patience_ends_the_training(engine):
    """A rate far too high for the last epochs: the stop loss rises, and the best epoch lies before the last."""
    (outcome,) = train(engine, DATA, member(SMALL, epochs=200, patience=3, learning_rate=0.05))
    stop = outcome.curves.stop_loss
    assert outcome.stopped_epoch == stop.size == outcome.best_epoch + 3 < 200
    assert outcome.best_epoch == int(np.argmin(stop)) + 1
    assert outcome.final.stop_loss == pytest.approx(stop.min(), rel=1e-5)


def test_without_patience_the_last_weights_are_kept(engine):
    (outcome,) = train(engine, DATA, member(SMALL, epochs=12, learning_rate=0.05))
    assert outcome.best_epoch == outcome.stopped_epoch == 12
    assert outcome.final.stop_loss == pytest.approx(outcome.curves.stop_loss[-1], rel=1e-5)


def test_without_stop_rows_all_epochs_are_trained(engine):
    split = split_of()
    one = replace(member(SMALL, patience=2), split=type(split)(split.train, split.stop[:0], split.score))
    (outcome,) = train(engine, DATA, one)
    assert (outcome.best_epoch, outcome.stopped_epoch) == (4, 4)
    assert np.isnan(outcome.curves.stop_loss).all()
    assert np.isnan(outcome.final.stop_loss)


def test_bits_depend_on_the_member_alone_not_on_company_or_order(engine):
    recipe = SMALL.but(dropout=0.3, augmentation="noise", augmentation_strength=0.3)
    members = [member(recipe, seed=seed, collect=ALL) for seed in (1, 2, 3)]
    forth = train(engine, DATA, *members)
    back = train(engine, DATA, *reversed(members))[::-1]
    alone = [train(engine, DATA, one)[0] for one in members]
    if engine.name == "stacked":  # promised within float tolerance only: a cohort's products have other shapes
        for one, other in zip(forth, alone, strict=True):
            assert one.predictions == pytest.approx(other.predictions, abs=1e-4)
        return
    for one, other, third in zip(forth, back, alone, strict=True):
        same_bits(one, other)
        same_bits(one, third)


@pytest.mark.parametrize("threads", [2, 4])
def test_bits_are_equal_whatever_the_number_of_threads(engine, threads):
    recipe = SMALL.but(dropout=0.3, augmentation="mixup", augmentation_strength=1.0)
    members = [member(recipe, seed=seed, collect=ALL) for seed in range(4)]
    alone = [train(engine, DATA, one)[0] for one in members]
    with ThreadPoolExecutor(threads) as pool:
        together = list(pool.map(lambda one: train(engine, DATA, one)[0], members))
    for one, other in zip(alone, together, strict=True):
        same_bits(one, other)


def test_another_seed_gives_another_network(engine):
    one, other = train(engine, DATA, member(SMALL, seed=1), member(SMALL, seed=2))
    assert not np.array_equal(one.predictions, other.predictions)


def test_dropout_leaves_the_start_untouched(engine):
    plain, dropped = train(engine, DATA, member(SMALL), member(SMALL, dropout=0.5))
    assert plain.final.first_loss == pytest.approx(dropped.final.first_loss, rel=1e-6)
    assert plain.curves.train_loss[0] != dropped.curves.train_loss[0]


def test_augmentation_leaves_the_start_untouched_and_is_gone_in_the_final_numbers(engine):
    """Rows as noisy as their spread: the loss on them as they pass is far above that of the kept network on them."""
    noise = {"augmentation": "noise", "augmentation_strength": 1.0}
    plain, noisy = train(engine, DATA, member(SMALL, epochs=15), member(SMALL, epochs=15, **noise))
    assert noisy.final.first_loss == pytest.approx(plain.final.first_loss, rel=1e-6)
    assert noisy.curves.train_loss[-1] > 2 * noisy.final.train_loss
    assert noisy.final.score_error < 0.1


def test_a_diverged_member_is_an_outcome_and_the_next_one_is_trained(engine):
    wild = member(SMALL_NUMBERS, optimizer="sgd", learning_rate=1e30, collect=ALL)
    diverged, healthy = train(engine, NUMBERS, wild, member(SMALL_NUMBERS))
    assert diverged.status == "diverged"
    assert diverged.reason.startswith("not_finite:")
    assert "epoch=1" in diverged.reason
    assert diverged.curves.train_loss.size == 0
    assert (diverged.predictions, diverged.weights) == (None, None)
    assert healthy.status == "done"


def test_after_the_deadline_no_member_is_begun(engine):
    with context_of(DATA, deadline=time.monotonic() - 1) as context:
        assert list(engine.train(shard_of(DATA, member(SMALL)), context)) == []


def test_a_set_flag_ends_a_long_training(engine):
    """It would run for hours: it ends at all only by the flag."""
    train(engine, DATA, member(SMALL))  # whatever is compiled or loaded once is there now
    with context_of(DATA) as context:
        timer = threading.Timer(0.3, context.cancel.set)
        timer.start()
        outcomes = list(engine.train(shard_of(DATA, member(DEEP), member(SMALL)), context))
        timer.join()
    assert [outcome.status for outcome in outcomes if outcome.steps] == ["cancelled"]
    assert all(outcome.predictions is None for outcome in outcomes)


def test_progress_is_told_of_every_member(engine):
    told = []
    with context_of(DATA, progress=told.append) as context:
        outcomes = list(engine.train(shard_of(DATA, member(SMALL, seed=1), member(SMALL, seed=2)), context))
    assert [outcome.key for outcome in told] == [outcome.key for outcome in outcomes]


def test_cost_is_measured_and_grows_with_the_work(engine):
    with context_of(DATA) as context:
        one = engine.cost([member(SMALL)], context)
        many = engine.cost([member(SMALL, epochs=40), member(SMALL, epochs=40)], context)
    assert 0 < one.seconds < many.seconds
    assert one.bytes > 4 * (6 * 16 + 16 * 8 + 8 * 3)


def test_vitals_are_taken_at_the_sampled_epochs_from_input_to_output(engine):
    (outcome,) = train(engine, DATA, member(SMALL, collect=ALL))
    assert [vitals.epoch for vitals in outcome.vitals] == [0, 2, 4]
    assert [vitals.step for vitals in outcome.vitals] == [0, 10, 20]
    for vitals in outcome.vitals:
        assert [layer.units for layer in vitals.layers] == [16, 8, 3]
        assert [layer.activation for layer in vitals.layers] == ["relu", "relu", "identity"]


def test_measuring_changes_nothing(engine):
    """Vitals read; they never write."""
    with_batch_norm = SMALL.but(batch_norm="before", dropout=0.2)
    recipe = with_batch_norm if engine.fits(member(with_batch_norm)) else SMALL
    watched, bare = train(engine, DATA, member(recipe, collect=ALL), member(recipe, collect=Collect(weights=True)))
    same_bits(watched, bare)


def test_what_is_not_supported_is_refused_with_a_code(engine):
    verdict = engine.fits(member(SMALL, augmentation="no such augmentation"))
    assert not verdict
    assert verdict.reason.replace("_", "").isalpha()
