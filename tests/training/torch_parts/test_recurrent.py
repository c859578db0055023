"""Recurrence written out against torch's own compiled loops: values, last states and gradients."""

import pytest
import torch
from torch import nn

from whyfit.training.stacked_parts.masks import Recorded

SHAPES = {
    "LSTM": (nn.LSTM, {}),
    "LSTM with projection": (nn.LSTM, {"proj_size": 3}),
    "GRU": (nn.GRU, {}),
    "RNN": (nn.RNN, {}),
    "RNN with ReLU": (nn.RNN, {"nonlinearity": "relu"}),
}


@pytest.mark.parametrize("options", [{}, {"bidirectional": True}, {"bias": False}, {"batch_first": True}], ids=str)
@pytest.mark.parametrize(("kind", "extra"), SHAPES.values(), ids=SHAPES)
def test_it_gives_what_torch_gives(kind, extra, options):
    torch.manual_seed(0)
    module = kind(4, 6, num_layers=2, dropout=0.5, **extra, **options).double().eval()
    x = torch.randn(3, 5, 4, dtype=torch.float64)
    theirs, their_state = module(x)
    with Recorded():
        ours, our_state = module(x)
    assert torch.allclose(ours, theirs, atol=1e-12)
    for one, other in zip(_states(our_state), _states(their_state), strict=True):
        assert torch.allclose(one, other, atol=1e-12)
    gradients = [torch.autograd.grad(out.square().sum(), list(module.parameters())) for out in (ours, theirs)]
    for one, other in zip(*gradients, strict=True):
        assert torch.allclose(one, other, atol=1e-10)


def test_a_given_first_state_is_taken():
    module, x = nn.LSTM(4, 6).double(), torch.randn(3, 5, 4, dtype=torch.float64)
    first = tuple(torch.randn(1, 5, 6, dtype=torch.float64) for _ in range(2))
    theirs, _ = module(x, first)
    with Recorded():
        ours, _ = module(x, first)
    assert torch.allclose(ours, theirs, atol=1e-12)


def test_packed_sequences_are_refused():
    packed = nn.utils.rnn.pack_sequence([torch.randn(4, 3), torch.randn(2, 3)])
    with pytest.raises(NotImplementedError, match="packed"), Recorded():
        nn.LSTM(3, 4)(packed)


def _states(state):
    return state if isinstance(state, tuple) else (state,)
