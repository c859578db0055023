from dataclasses import dataclass, replace

import pytest
from torch import nn

from training import networks
from training.members import classes_table, context_of, member, train
from whyfit.errors import ArgumentError
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.nets.registry import register
from whyfit.training.choose import FASTEST, ONLY_ONE, choose_engine, engines_on, sample_of
from whyfit.training.contract import Cost, Verdict
from whyfit.training.engines.single import SingleEngine
from whyfit.training.engines.stacked import StackedEngine

DATA = classes_table()
SMALL = Recipe(network=Perceptron((8,)), epochs=2)


@dataclass(frozen=True)
class Priced:
    """An engine of a known price."""

    name: str
    seconds: float = 1.0
    bytes: int = 1
    reason: str | None = None
    raises: str | None = None
    why: str = ""

    def fits(self, member):
        return Verdict(self.reason)

    def cost(self, members, context):
        if self.raises:
            raise RuntimeError(self.raises)
        return Cost(self.seconds, self.bytes)


ONE = member(SMALL)


def choose(*engines, members=(ONE,), **options):
    with context_of(DATA, **options.pop("context", {})) as context:
        return choose_engine(members, context, engines or None, **options)


def test_the_fastest_is_chosen_and_the_outcomes_will_say_so():
    choice = choose(Priced("slow", 2.0), Priced("fast", 0.5), Priced("slower", 3.0))
    assert (choice.engine.name, choice.why, choice.engine.why) == ("fast", FASTEST, FASTEST)
    assert {name: cost.seconds for name, cost in choice.costs.items()} == {"slow": 2.0, "fast": 0.5, "slower": 3.0}


def test_the_only_one_that_fits_is_not_measured():
    choice = choose(Priced("able", raises="never asked"), Priced("unable", reason="no_such_layer"))
    assert (choice.engine.name, choice.why, choice.costs) == ("able", ONLY_ONE, {})
    assert choice.refused == {"unable": "no_such_layer"}


def test_one_that_fails_on_the_first_steps_is_out():
    choice = choose(Priced("breaks", 0.1, raises="no batching rule\nmore"), Priced("works"))
    assert (choice.engine.name, choice.refused) == ("works", {"breaks": "RuntimeError:no batching rule"})


def test_one_that_needs_more_memory_than_there_is_is_out():
    choice = choose(Priced("large", 0.1, bytes=1 << 30), Priced("small", 5.0), memory=1 << 20)
    assert (choice.engine.name, choice.refused) == ("small", {"large": "needs_more_memory"})


def test_where_none_can_every_reason_is_said():
    with pytest.raises(ArgumentError, match="one: no_rule; two: no_layer"):
        choose(Priced("one", reason="no_rule"), Priced("two", reason="no_layer"))


def test_the_kernel_is_left_out_off_the_cpu():
    choice = choose(Priced("kernel", 0.1), Priced("stacked", 1.0), context={"device": "cuda"})
    assert (choice.engine.name, choice.refused) == ("stacked", {"kernel": "computes_on_a_cpu"})


def test_the_sample_is_a_cohort_of_the_most_common_structure():
    wide = SMALL.but(network=Perceptron((9,)))
    members = [member(wide, seed=1), *(member(SMALL, seed=seed, learning_rate=1e-3 * seed) for seed in range(1, 40))]
    sample = sample_of(members)
    assert len(sample) == 32
    assert {m.recipe.network for m in sample} == {Perceptron((8,))}


def test_many_small_networks_of_a_user_are_stacked_because_it_was_measured():
    """Eight small dense networks: stacking saves several times the overhead of a torch loop."""
    recipe = Recipe.for_data("classification", register(networks.dense), epochs=2, patience=None)
    members = [member(recipe, seed=seed) for seed in range(8)]
    choice = choose(StackedEngine(), SingleEngine(), members=members)
    assert (choice.engine.name, choice.why) == ("stacked", FASTEST)
    assert {outcome.why_engine for outcome in train(choice.engine, DATA, *members)} == {FASTEST}


def test_a_cohort_is_as_large_as_the_measured_memory_of_a_member_allows():
    """Members of a few hundred numbers, 40 of which were set aside for a million each."""
    recipe = Recipe.for_data("classification", register(networks.dense), epochs=2)
    members = [member(recipe, seed=i) for i in range(64)]
    engine = choose(members=members).engine
    assert engine.name == "stacked"
    assert engine.member_bytes < 1 << 20
    limit = Cost(seconds=1.0, bytes=40 * engine.member_bytes)
    assert [len(s) for s in replace(engine, cohort=1024).shards(members, "data", limit)] == [40, 24]


def test_on_an_accelerator_cohorts_are_larger_and_the_kernel_is_left_out():
    there = engines_on("cuda")
    assert {engine.name for engine in there} == {"stacked", "single"}
    assert there[0].cohort == 1024
    assert engines_on("cpu")[0].name == "kernel"


def test_what_cannot_be_stacked_is_found_out_and_trained_alone():
    recipe = Recipe.for_data("classification", register(networks.AlwaysDrops), epochs=2)
    choice = choose(StackedEngine(), SingleEngine(), members=[member(recipe, seed=seed) for seed in range(3)])
    assert choice.engine.name == "single"
    assert choice.refused == {"stacked": "NotStackableError:draws_in_evaluation"}


def test_all_engines_are_asked_where_none_is_named():
    recipe = Recipe.for_data("classification", register(lambda: nn.Linear(6, 3)), epochs=1)
    assert choose(members=[member(recipe)]).refused == {"kernel": "not_a_perceptron"}


def test_every_worker_is_to_have_members():
    recipe = Recipe.for_data("classification", register(networks.dense), epochs=2, patience=None)
    members = [member(recipe, seed=seed) for seed in range(9)]
    choice = choose(StackedEngine(), members=members, workers=2)
    assert choice.engine.cohort == 5
    shards = list(choice.engine.shards(members, DATA.fingerprint, Cost(0.5, 1 << 30)))
    assert [len(shard) for shard in shards] == [5, 4]


def test_long_steps_are_not_stacked_on_a_cpu(monkeypatch):
    """There is nothing to gain, and measuring it would take long."""
    monkeypatch.setattr("whyfit.training.stacked_parts.cost.LONG_STEP", 0.0)
    recipe = Recipe.for_data("classification", register(lambda: nn.Linear(6, 3)), epochs=2)
    choice = choose(StackedEngine(), SingleEngine(), members=[member(recipe)])
    assert choice.refused == {"stacked": "NotStackableError:steps_too_long_to_gain"}
