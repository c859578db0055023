"""Muon in the kernel: matrices between hidden layers by the rule, all else by Adam, as the torch engines have it."""

import numpy as np
import pytest
import torch

from training.kernel.runs import parts_of, trained
from training.kernel.twin import OPTIMIZERS, Twin, train_twin
from training.members import ALL, classes_table, member, train
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.rules.optimizers.muon import ROUNDS, TURNS
from whyfit.training.engines.kernel import KernelEngine
from whyfit.training.engines.single import SingleEngine
from whyfit.training.kernel.job import STEPS
from whyfit.training.torch_parts.optimizers import Both

DATA = classes_table()
# 144 rows in batches of 32: 5 steps an epoch, 200 steps.
MUON = Recipe(
    network=Perceptron((12, 8, 9)), optimizer="muon", learning_rate=3e-3, weight_decay=0.0, epochs=40, patience=None
)


def by_singular_values(gradient, coefficients, steps, eps):
    """What torch does in bfloat16, in the precision that comes in, by another road: on each singular value alone."""
    assert (tuple(coefficients), steps) == (TURNS, ROUNDS)
    u, s, vt = torch.linalg.svd(gradient, full_matrices=False)
    s = s / s.norm().clamp(min=eps)
    for _ in range(steps):
        s = TURNS[0] * s + TURNS[1] * s**3 + TURNS[2] * s**5
    return u * s @ vt


def muon_and_adam(parameters, lr):
    """The weights come first, from input to output; the last bias and all others follow Adam."""
    matrices = [p for p in parameters if p.ndim == 2][1:-1]
    others = [p for p in parameters if all(p is not one for one in matrices)]
    return Both(torch.optim.Muon(matrices, lr, 0.0), torch.optim.Adam(others, lr))


@pytest.mark.parametrize("norm", ["none", "before", "after"])
def test_200_steps_equal_torchs_rule_in_double_precision(monkeypatch, norm):
    monkeypatch.setattr("torch.optim._muon._zeropower_via_newtonschulz", by_singular_values)
    monkeypatch.setitem(OPTIMIZERS, "muon", muon_and_adam)
    one = member(MUON, batch_norm=norm)
    packed, twin = trained(one, DATA), Twin(one, DATA)
    expected = train_twin(twin)
    assert packed.written.facts[STEPS] == 200
    assert packed.written.curves[:, 0] == pytest.approx(expected.train_loss, rel=1e-6)
    for got, parameter in zip(parts_of(packed, packed.vectors.parameters), twin.parameters, strict=True):
        assert got == pytest.approx(parameter.detach().numpy(), rel=1e-5, abs=1e-6)


def test_the_engines_agree_to_the_digits_of_bfloat16():
    """Torch turns the matrices in bfloat16, of 8 bits."""
    one = member(MUON, epochs=6, collect=ALL)
    (ours,), (theirs,) = train(KernelEngine(), DATA, one), train(SingleEngine(), DATA, one)
    assert ours.curves.train_loss == pytest.approx(theirs.curves.train_loss, rel=0.02)


def test_only_the_matrices_between_hidden_layers_are_turned():
    """One step from the same start: where Adam rules, the two agree to the last bit; elsewhere they do not."""
    muon, adam = (
        parts_of(packed, packed.vectors.parameters)
        for packed in (
            trained(member(MUON, epochs=1, batch_size=None, optimizer=name), DATA) for name in ("muon", "adam")
        )
    )
    assert [bool(np.array_equal(a, b)) for a, b in zip(muon, adam, strict=True)] == [
        *(True, False, False, True),
        *(True, True, True, True),
    ]


def test_without_a_matrix_between_hidden_layers_muon_is_adam():
    one, other = (
        trained(member(MUON, network=Perceptron((12,)), epochs=3, optimizer=name), DATA) for name in ("muon", "adam")
    )
    assert np.array_equal(one.vectors.parameters, other.vectors.parameters)
