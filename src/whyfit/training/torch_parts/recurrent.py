"""Recurrent layers written out step by step, for what torch's own compiled loops cannot do.

Torch's LSTM, GRU and RNN draw their dropout from the process's generator, and `vmap` has no rule for them. Written out
they give the same values to float tolerance, take masks from a member's stream, and can be stacked. It is slower.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

Drop = Callable[[Tensor], Tensor]
Cell = Callable[[Tensor, Tensor], Tensor]
State = tuple[Tensor, Tensor]


@dataclass(frozen=True, slots=True)
class Sizes:
    """What torch hands to its compiled loops, beside input, state and weights.

    Attributes
    ----------
    biased, layers, both_ways, rows_first
        As in `torch.nn.LSTM`: `bias`, `num_layers`, `bidirectional`, `batch_first`.
    """

    biased: bool
    layers: int
    both_ways: bool
    rows_first: bool

    @property
    def ways(self) -> int:
        """Directions."""
        return 2 if self.both_ways else 1


@dataclass(frozen=True, eq=False)
class Weights:
    """Of one layer in one direction.

    Attributes
    ----------
    inputs, state
        (gates · units, inputs) and (gates · units, units).
    input_bias, state_bias
        (gates · units,); None without.
    projection
        (outputs, units) of an LSTM with `proj_size`; None without.
    """

    inputs: Tensor
    state: Tensor
    input_bias: Tensor | None = None
    state_bias: Tensor | None = None
    projection: Tensor | None = None

    def of_input(self, x: Tensor) -> Tensor:
        """All gates' share from the input."""
        return functional.linear(x, self.inputs, self.input_bias)

    def of_state(self, h: Tensor) -> Tensor:
        """All gates' share from the state."""
        return functional.linear(h, self.state, self.state_bias)


def lstm_step(weights: Weights, given: Tensor, state: State) -> State:
    """i, f, o = σ(…), g = tanh(…); c ← f·c + i·g; h = o·tanh(c) (Hochreiter & Schmidhuber 1997; Gers et al. 2000)."""
    h, c = state
    i, f, g, o = (given + weights.of_state(h)).chunk(4, dim=-1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    h = torch.sigmoid(o) * torch.tanh(c)
    return (h if weights.projection is None else functional.linear(h, weights.projection)), c


def gru_step(weights: Weights, given: Tensor, state: State) -> State:
    """r, z = σ(…); n = tanh(x-part + r·h-part); h ← (1 − z)·n + z·h (Cho et al. 2014, in torch's form)."""
    h, c = state
    of_x, of_h = given.chunk(3, dim=-1), weights.of_state(h).chunk(3, dim=-1)
    r, z = (torch.sigmoid(of_x[k] + of_h[k]) for k in (0, 1))
    n = torch.tanh(of_x[2] + r * of_h[2])
    return n + z * (h - n), c


def tanh_step(weights: Weights, given: Tensor, state: State) -> State:
    """H ← tanh(…) (Elman 1990)."""
    return torch.tanh(given + weights.of_state(state[0])), state[1]


def relu_step(weights: Weights, given: Tensor, state: State) -> State:
    """H ← max(…, 0)."""
    return torch.relu(given + weights.of_state(state[0])), state[1]


def written_out(
    step: Callable[[Weights, Tensor, State], State],
    x: Tensor,
    first: State,
    flat: Sequence[Tensor],
    sizes: Sizes,
    drop: Drop,
) -> tuple[Tensor, Tensor, Tensor]:
    """All layers over all times.

    Returns
    -------
    tuple
        Outputs of the last layer, laid out as the input; last h and last c, each (layers · ways, rows, units).
    """
    x = x.transpose(0, 1) if sizes.rows_first else x  # (times, rows, inputs)
    weights, last = _weights(flat, sizes), []
    for layer in range(sizes.layers):
        ways = []
        for way in range(sizes.ways):
            place = layer * sizes.ways + way
            given = weights[place].of_input(x.flip(0) if way else x)
            outputs, state = _over_time(step, weights[place], given, (first[0][place], first[1][place]))
            ways.append(outputs.flip(0) if way else outputs)
            last.append(state)
        x = torch.cat(ways, dim=-1)
        if layer < sizes.layers - 1:
            x = drop(x)
    h, c = (torch.stack([state[k] for state in last]) for k in (0, 1))
    return (x.transpose(0, 1) if sizes.rows_first else x), h, c


def _over_time(
    step: Callable[[Weights, Tensor, State], State], weights: Weights, given: Tensor, state: State
) -> tuple[Tensor, State]:
    outputs = []
    for now in given.unbind(0):
        state = step(weights, now, state)
        outputs.append(state[0])
    return torch.stack(outputs), state


def _weights(flat: Sequence[Tensor], sizes: Sizes) -> list[Weights]:
    """Torch's flat list, cut into layers and directions; the projection comes last in each."""
    each = len(flat) // (sizes.layers * sizes.ways)
    groups = [flat[i : i + each] for i in range(0, len(flat), each)]
    plain = 4 if sizes.biased else 2
    return [Weights(*group[:2], *(group[2:4] if sizes.biased else (None, None)), *group[plain:]) for group in groups]


STEPS: dict[Any, Callable[[Weights, Tensor, State], State]] = {
    torch.lstm: lstm_step,
    torch.gru: gru_step,
    torch.rnn_tanh: tanh_step,
    torch.rnn_relu: relu_step,
}
"""What torch calls for its recurrent layers → one step of it."""


def is_packed(args: Sequence[Any]) -> bool:
    """Whether a call is over a packed sequence, whose arguments come in another order."""
    return isinstance(args[1], Tensor) and not isinstance(args[2], list)


def drops_inside(args: Sequence[Any]) -> bool:
    """Whether a call drops between its layers."""
    layers, rate, training = args[4:7]
    return bool(training and rate > 0 and layers > 1)


def run_written_out(func: Any, args: Sequence[Any], drop: Drop) -> tuple[Tensor, ...]:
    """The answer to torch's own call of a recurrent layer, in its own form."""
    x, hx, flat, biased, layers, _, _, both_ways, rows_first = args
    first = (hx[0], hx[1]) if func is torch.lstm else (hx, hx)
    answer = written_out(STEPS[func], x, first, flat, Sizes(biased, layers, both_ways, rows_first), drop)
    return answer if func is torch.lstm else answer[:2]
