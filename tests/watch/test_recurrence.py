"""The gradient by time step: exact where the truth is known, silent where the question has no meaning."""

import pytest
import torch
from torch import nn

from whyfit.probes.pair import Pair
from whyfit.probes.recurrence import probe_recurrence

HALVING = 0.5


class Last(nn.Module):
    """A recurrent network that halves its state at each step and answers from the last one."""

    def __init__(self, *, batch_first=True):
        super().__init__()
        self.cell = nn.RNN(3, 3, nonlinearity="relu", batch_first=batch_first, bias=False)
        with torch.no_grad():
            self.cell.weight_ih_l0.copy_(torch.eye(3))
            self.cell.weight_hh_l0.copy_(HALVING * torch.eye(3))

    def forward(self, x):
        states = self.cell(x)[0]
        return states[:, -1] if self.cell.batch_first else states[-1]


@pytest.mark.parametrize("batch_first", [True, False])
def test_a_state_that_is_halved_passes_on_half_the_gradient_at_each_step(batch_first):
    x = torch.rand(4, 10, 3) if batch_first else torch.rand(10, 4, 3)
    found = probe_recurrence(Pair.of(Last(batch_first=batch_first), (x,)))
    assert found["moments"] == 10
    assert found["first"] == pytest.approx(HALVING**9, rel=1e-5)


def test_a_mean_over_all_steps_passes_it_on_to_each():
    class Pooled(Last):
        def forward(self, x):
            return self.cell(x)[0].mean(1)

    found = probe_recurrence(Pair.of(Pooled(), (torch.rand(4, 40, 3),)))
    assert found["first"] > 0.9


@pytest.mark.parametrize(
    ("network", "shape"),
    [(nn.Linear(3, 2), (4, 10, 3)), (nn.RNN(3, 2, batch_first=True), (4, 10, 3)), (Last(), (4, 5, 3))],
    ids=["nothing recurrent", "an output at every step", "few steps"],
)
def test_it_says_nothing_where_nothing_has_far_to_go(network, shape):
    assert probe_recurrence(Pair.of(network, (torch.rand(shape),))) == {}


def test_the_network_is_left_as_it_was():
    network = Last()
    pair = Pair.of(network, (torch.rand(4, 10, 3),))
    probe_recurrence(pair)
    assert not pair.network.cell._forward_pre_hooks
    assert all(p.grad is None for p in pair.network.parameters())
