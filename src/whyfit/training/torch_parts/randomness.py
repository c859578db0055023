"""What a network draws while it runs, from the member's own stream: its masks depend on nothing but the member.

Torch's dropout draws from one generator of the whole process, so a mask would depend on everything drawn before it,
in any thread. Here every call of dropout in a forward pass, functional ones too, is answered with a mask from the
stream `DROPOUT` at (epoch, step); the l-th call of a pass is layer l. Whatever else a network draws (the dropout
inside `nn.LSTM`, `torch.rand` in a forward) comes from torch's generator, seeded from the same key, one thread at a
time.
"""

# ruff: noqa: A002, FBT001, FBT002  # what stands in for a function of torch has torch's signature

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from whyfit.nets.start import seeded
from whyfit.surgery.composite import HIDING
from whyfit.training.streams import Stream, kept, stream_key
from whyfit.training.torch_parts.recurrent import STEPS, drops_inside, is_packed, run_written_out

EVALUATION_STEP = 2**32
"""The step under which evaluation draws, where a network draws in evaluation too: no training step has this number."""

SELU_FLOOR = -1.7580993408473766
"""−λα of SELU: what alpha dropout puts in place of a dropped unit (Klambauer et al. 2017; torch's constant)."""


class KeyedDropout(TorchFunctionMode):
    """While it is entered, dropout draws from a key; `calls` counts how often it was asked to drop anything.

    Attributes
    ----------
    writes_out
        Whether attention and recurrence are written out even where nothing is dropped inside, as stacking needs.
    """

    writes_out = False

    def __init__(self, key: np.uint64) -> None:
        super().__init__()
        self.key, self.calls, self.closed = key, 0, False

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Answer dropout; let everything else pass."""
        kwargs = kwargs or {}
        if func in HIDING:
            with self:
                return HIDING[func](*args, **kwargs)
        if func in STEPS:
            return self._recurrent(func, args)
        answer = ANSWERS.get(func)
        return func(*args, **kwargs) if answer is None else answer(self, *args, **kwargs)

    def rate(self, rate: float) -> float:
        """The rate of the next call: what the module says."""
        return rate

    def mask(self, shape: tuple[int, ...], rate: float, like: Tensor) -> Tensor:
        """1 where kept, 0 where dropped, of a shape whose first axis is the rows; goes on to the next layer."""
        if self.closed:
            raise RuntimeError("dropout ran again in the backward pass; checkpointing with dropout is not supported")
        mask = kept(self.key, self.calls, shape[0], math.prod(shape[1:]), rate)  # (rows, units)
        self.calls += 1
        return torch.from_numpy(mask).reshape(shape).to(device=like.device, dtype=like.dtype)

    def _recurrent(self, func: Any, args: Any) -> Any:
        packed = is_packed(args)
        if packed and self.writes_out:
            raise NotImplementedError("packed sequences cannot be written out")
        if packed or not (self.writes_out or drops_inside(args)):
            return func(*args)
        rate = args[5] if drops_inside(args) else 0.0
        return run_written_out(func, args, lambda x: _dropout(self, x, rate))


def _dropout(mode: KeyedDropout, input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    return _masked(mode, input, tuple(input.shape), p, on=training, inplace=inplace)


def _torch_dropout(mode: KeyedDropout, input: Tensor, p: float, train: bool) -> Tensor:
    return _masked(mode, input, tuple(input.shape), p, on=train, inplace=False)


def _channels(
    mode: KeyedDropout, input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor:
    shape = tuple(input.shape[:2]) + (1,) * (input.ndim - 2)
    return _masked(mode, input, shape, p, on=training, inplace=inplace)


def _masked(mode: KeyedDropout, input: Tensor, shape: tuple[int, ...], p: float, *, on: bool, inplace: bool) -> Tensor:
    if not on or p == 0.0:
        return input
    rate = mode.rate(p)
    factor = mode.mask(shape, p, input) * (1.0 / (1.0 - rate) if p < 1.0 else 0.0)
    return input.mul_(factor) if inplace else input * factor


def _alpha(mode: KeyedDropout, input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:  # noqa: ARG001  # alpha dropout in place gives the same values
    """A dropped unit takes SELU's floor; scale and shift keep mean 0 and variance 1 (Klambauer et al. 2017)."""
    if not training or p == 0.0:
        return input
    rate = mode.rate(p)
    scale: Any = ((SELU_FLOOR**2 * rate + 1) * (1 - rate)) ** -0.5
    mask = mode.mask(tuple(input.shape), p, input)
    answer: Tensor = scale * (input * mask + SELU_FLOOR * (1 - mask)) - scale * rate * SELU_FLOOR
    return answer


def _attention(
    mode: KeyedDropout,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """Attention whose dropout cannot be reached from outside: written out where it drops, torch's own where not."""
    if dropout_p == 0.0 and not mode.writes_out:
        return functional.scaled_dot_product_attention(
            query, key, value, attn_mask, 0.0, is_causal, scale=scale, enable_gqa=enable_gqa
        )
    if enable_gqa:
        groups = query.shape[-3] // key.shape[-3]
        key, value = (t.repeat_interleave(groups, -3) for t in (key, value))
    scores = query @ key.transpose(-2, -1) * (query.shape[-1] ** -0.5 if scale is None else scale)
    if is_causal:
        attn_mask = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).tril()
    if attn_mask is not None:
        scores = scores.masked_fill(~attn_mask, -math.inf) if attn_mask.dtype == torch.bool else scores + attn_mask
    return _dropout(mode, scores.softmax(dim=-1), dropout_p) @ value


ANSWERS: dict[Any, Callable[..., Tensor]] = {
    functional.dropout: _dropout,
    torch.dropout: _torch_dropout,
    functional.dropout1d: _channels,
    functional.dropout2d: _channels,
    functional.dropout3d: _channels,
    functional.alpha_dropout: _alpha,
    functional.scaled_dot_product_attention: _attention,
}
"""What is answered in torch's place."""


@dataclass(frozen=True, slots=True)
class Draws:
    """What a network draws in one mode.

    Attributes
    ----------
    dropout
        Whether it asks for dropout.
    other
        Whether it draws from torch's own generator besides.
    """

    dropout: bool = False
    other: bool = False

    @property
    def any(self) -> bool:
        """Whether it draws at all."""
        return self.dropout or self.other

    @contextmanager
    def keyed(self, key: np.uint64) -> Iterator[KeyedDropout | None]:
        """Run a pass under a key; costs nothing where the network draws nothing."""
        if not self.any:
            yield None
            return
        with seeded(int(key)) if self.other else nullcontext(), KeyedDropout(key) as mode:
            yield mode


def draws_of(run: Callable[[], Any], seed: int) -> Draws:
    """What a pass draws, by running it once: whether dropout was asked for, and whether torch's generator moved."""
    mode = KeyedDropout(stream_key(seed, Stream.DROPOUT))
    with seeded(seed), mode, torch.no_grad():
        before = _generators()
        run()
        moved = any(not torch.equal(a, b) for a, b in zip(before, _generators(), strict=True))
    return Draws(dropout=mode.calls > 0, other=moved)


def _generators() -> list[Tensor]:
    """The states of torch's generators: on an accelerator networks draw from its own."""
    there = torch.cuda.is_initialized()  # type: ignore[no-untyped-call]  # torch has no types for it
    return [torch.default_generator.get_state(), *(torch.cuda.get_rng_state_all() if there else ())]


def training_key(seed: int, epoch: int, step: int) -> np.uint64:
    """The key of the masks of one training step: epochs from 1, steps from 0 within the epoch."""
    return stream_key(seed, Stream.DROPOUT, epoch, step)


def evaluation_key(seed: int, epoch: int) -> np.uint64:
    """The key of an evaluation: used only by networks whose dropout stays on in evaluation."""
    return stream_key(seed, Stream.DROPOUT, epoch, EVALUATION_STEP)
