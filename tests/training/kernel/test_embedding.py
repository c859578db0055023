"""Embedded categories: the same network in every engine; what training never saw is silent."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from numba import njit
from safetensors.numpy import load

from training.kernel.runs import parts_of, trained
from training.kernel.twin import OPTIMIZERS, Twin, train_twin
from training.members import ALL, categories_table, member, split_of, train
from whyfit.data.encode import places_of
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.training.engines.kernel import KernelEngine
from whyfit.training.engines.single import SingleEngine
from whyfit.training.engines.stacked import StackedEngine
from whyfit.training.kernel.compiled import run
from whyfit.training.kernel.job import CANCELLED, DIVERGED, LAYER, NOT_FINITE_GRADIENT, STATUS, STEPS, WHAT
from whyfit.training.kernel.pack import pack
from whyfit.training.kernel.stop import layer_not_finite
from whyfit.training.kernel.unpack import outcome_of

DATA = categories_table()
SMALL = Recipe(network=Perceptron((12, 8), embedding=3), epochs=6, patience=None, learning_rate=1e-2)
MISSING, UNSEEN = 0, 4
"""The first place of a table; and that of the fourth level of the second column, which only the last row has."""


def split_without_the_last_row_in_training():
    split = split_of()
    last = len(DATA.target) - 1
    train_rows = split.train[split.train != last]
    return replace(split, train=train_rows, score=np.union1d(split.score, [last]))


ONE = replace(member(SMALL), split=split_without_the_last_row_in_training())


def of(one, **changes):
    return replace(one, recipe=one.recipe.but(**changes))


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_tables_train_as_torch_optim_trains_them(rule):
    one = of(ONE, optimizer=rule, weight_decay=0.0, l2=0.0)
    packed, twin = trained(one, DATA), Twin(one, DATA)
    expected = train_twin(twin)
    assert packed.written.curves[:, 0] == pytest.approx(expected.train_loss, rel=1e-7)
    for got, parameter in zip(parts_of(packed, packed.vectors.parameters), twin.parameters, strict=True):
        assert got == pytest.approx(parameter.detach().numpy(), rel=1e-6, abs=1e-7)


@pytest.mark.parametrize(
    "changes", [{"l1": 1e-3, "l2": 1e-2}, {"weight_decay": 0.1}, {"l2": 0.1, "decay_biases": True}]
)
def test_penalties_touch_tables_as_they_touch_weights(changes):
    one = of(ONE, **changes)
    packed, twin = trained(one, DATA), Twin(one, DATA)
    train_twin(twin)
    for got, table in zip(parts_of(packed, packed.vectors.parameters), twin.tables, strict=False):
        assert got == pytest.approx(table.detach().numpy(), rel=1e-9, abs=1e-12)


def test_a_level_that_training_never_saw_is_zero_and_stays_zero():
    packed = trained(ONE, DATA)
    before, after = (
        parts_of(packed, flat)[:2]
        for flat in (pack(ONE, DATA, np.zeros(1, np.uint8), np.float64).vectors.parameters, packed.vectors.parameters)
    )
    assert (before[1][UNSEEN] == 0).all()
    assert (after[1][UNSEEN] == 0).all()
    assert (before[1][MISSING] == 0).all()  # nothing is missing in the second column
    assert (before[0] != 0).all()
    assert (after[0] != before[0]).all()  # 14 rows of the first column are missing: its first place learns too


def test_starts_are_drawn_from_a_stream_of_their_own():
    """Embedding or not, the layers above the first start alike."""
    plain = of(ONE, network=Perceptron((12, 8)))
    one, other = (pack(m, DATA, np.zeros(1, np.uint8), np.float64) for m in (ONE, plain))
    table, flat = parts_of(one, one.vectors.parameters), parts_of(other, other.vectors.parameters)
    assert np.array_equal(table[3], flat[1])
    assert abs(np.concatenate([t[t != 0] for t in table[:2]]).std() - 1.0) < 0.3


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"initializer": "lsuv"},
        {"batch_norm": "before", "dropout": 0.2},
        {"augmentation": "column_swap", "augmentation_strength": 0.3},
        {"augmentation": "noise", "augmentation_strength": 0.3},
    ],
    ids=str,
)
def test_all_engines_train_the_same_network(changes):
    one = replace(of(ONE, **changes), collect=ALL)
    other = replace(one, seed=8)
    ours, single, stacked = (train(e, DATA, one, other) for e in (KernelEngine(), SingleEngine(), StackedEngine()))
    for mine, theirs, together in zip(ours, single, stacked, strict=True):
        assert mine.curves.train_loss == pytest.approx(theirs.curves.train_loss, rel=1e-3)
        assert together.curves.train_loss == pytest.approx(theirs.curves.train_loss, rel=1e-3)
        weights, expected, kept = (load(outcome.weights) for outcome in (mine, theirs, together))
        assert weights.keys() == expected.keys() == kept.keys() >= {"embeddings.0.weight", "embeddings.1.weight"}
        for name, values in weights.items():
            assert values == pytest.approx(expected[name], rel=1e-2, abs=1e-3), name
        assert [layer.name for layer in mine.vitals[0].layers] == [layer.name for layer in theirs.vitals[0].layers]


def test_muon_leaves_tables_to_adam():
    one = of(ONE, epochs=1, batch_size=None, network=Perceptron((12, 8, 9), embedding=3), weight_decay=0.0)
    packs = [trained(of(one, optimizer=name), DATA) for name in ("muon", "adam")]
    muon, adam = (parts_of(packed, packed.vectors.parameters) for packed in packs)
    assert all(np.array_equal(a, b) for a, b in zip(muon[:2], adam[:2], strict=True))
    assert not np.array_equal(muon[3], adam[3])


def test_muon_leaves_tables_to_adam_in_torch_too():
    one = replace(of(ONE, optimizer="muon", epochs=3, network=Perceptron((12, 8, 9), embedding=3)), collect=ALL)
    (ours,), (theirs,) = train(KernelEngine(), DATA, one), train(SingleEngine(), DATA, one)
    assert ours.curves.train_loss == pytest.approx(theirs.curves.train_loss, rel=0.02)


@njit
def first_not_finite(table, tables, flat):
    return layer_not_finite(table, tables, flat)


def test_a_table_that_is_not_finite_is_told_by_its_name():
    packed = pack(ONE, DATA, np.zeros(1, np.uint8))
    layout, facts = packed.layout, packed.written.facts
    packed.vectors.gradients[layout.tables[1, 2]] = np.nan
    facts[LAYER] = first_not_finite(layout.table, layout.tables, packed.vectors.gradients)
    facts[STATUS], facts[WHAT] = DIVERGED, NOT_FINITE_GRADIENT
    outcome = outcome_of(ONE, "key", packed, engine="kernel", why="test", seconds=1.0)
    assert outcome.reason == "not_finite:gradient:epoch=0:step=0:layer=embeddings.1"
    packed.vectors.gradients[:] = 0.0
    assert first_not_finite(layout.table, layout.tables, packed.vectors.gradients) == 0


def test_a_member_whose_flag_is_set_looks_nothing_up():
    """What lies in the memory of places that were not gathered would be read as an address."""
    packed = pack(ONE, DATA, np.ones(1, np.uint8))
    packed.vectors.work[:] = 1e18
    run(packed.args)
    assert (packed.written.facts[STATUS], packed.written.facts[STEPS]) == (CANCELLED, 0)


def test_features_hold_places_behind_the_numbers():
    features = places_of(DATA)
    assert (features.plain, features.places, features.names) == (2, (6, 5), ("x0", "x1", "c0", "c1"))
    assert np.array_equal(features.values[:, 2:], DATA.codes + 1)


def test_the_module_runs_under_vmap_with_tables_of_its_own_for_each_member():
    from whyfit.nets.embedding import Embeddings

    one, other, x = Embeddings([(4, 2)]), Embeddings([(4, 2)]), torch.tensor([[0.5, 3.0], [1.5, 0.0]])
    stacked = {
        name: torch.stack([a, b]) for (name, a), b in zip(one.named_parameters(), other.parameters(), strict=True)
    }
    together = torch.func.vmap(lambda p: torch.func.functional_call(one, p, (x,)))(stacked)
    assert torch.equal(together, torch.stack([one(x), other(x)]))
