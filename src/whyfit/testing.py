"""Checks of a network for a project's own tests: `assert_trains(model, batch)`.

A plain function, so that every test runner takes it; with pytest it also is a fixture of the same name.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from whyfit.errors import ArgumentError

if TYPE_CHECKING:
    import torch
    from torch import nn

    from whyfit.probes.overfit import Overfitted
    from whyfit.probes.pair import Pair

FAR_OFF = 10.0
"""First loss over that of a constant answer: a start that answers with values of about 1 gives up to 3."""
DISAGREE = 5.0
"""Loss in evaluation mode over the one that counts as learned, which is half of what a constant answer gives. Chosen:
dropout before batch norm shifts variances and costs a little; statistics that are never updated cost everything."""
MOVED = 1e-3
"""Of the spread of the outputs: a hundred times what another blocking of a float32 product changes."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps a network from training: a code, and its numbers."""

    code: str
    numbers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Checked:
    """What `assert_trains` measured on a network that passed.

    Attributes
    ----------
    first_loss, chance
        Loss of the batch before training; of the best constant answer, NaN where the loss is one's own.
    last_loss, evaluated_loss
        After overfitting the batch, in training mode and in evaluation mode.
    steps, rate
        How many steps of Adam that took, at which rate.
    """

    first_loss: float
    chance: float
    last_loss: float
    evaluated_loss: float
    steps: int
    rate: float


def assert_trains(
    model: nn.Module,
    batch: Sequence[Any],
    *,
    loss: Callable[[Any, Any], torch.Tensor] | None = None,
    frozen: Sequence[str] = (),
    mixes_rows: bool = False,
) -> Checked:
    """Assert that a network can learn: on a private copy, in a few hundred steps on one batch.

    Five things are tried: the loss at the start is not far from that of a constant answer; every parameter gets a
    gradient; one row's output does not depend on another row; in evaluation mode the same rows give the same answer
    twice; and the batch is learned, in training mode and in evaluation mode.

    Parameters
    ----------
    model
        It is copied; neither it nor any random state is touched.
    batch
        Inputs and targets, `(inputs, targets)` or `(input, another_input, …, targets)`; 8 to 64 rows are plenty.
    loss
        Takes output and targets. Without it: cross-entropy for whole-number targets, squared error for others.
    frozen
        Names of parameters that need no gradient, or beginnings of names.
    mixes_rows
        Whether rows are meant to depend on each other in evaluation mode, as the nodes of a graph do.

    Returns
    -------
    What was measured.

    Raises
    ------
    AssertionError
        Everything that was found, one line each.
    ArgumentError
        The batch or the loss cannot be used.

    Examples
    --------
    >>> import torch
    >>> _ = torch.manual_seed(0)
    >>> net = torch.nn.Sequential(torch.nn.Linear(4, 32), torch.nn.ReLU(), torch.nn.Linear(32, 3))
    >>> assert_trains(net, (torch.randn(16, 4), torch.randint(0, 3, (16,)))).last_loss < 0.2
    True
    >>> twice = torch.nn.Sequential(net, torch.nn.Softmax(1))
    >>> assert_trains(twice, (torch.randn(16, 4), torch.randint(0, 3, (16,))))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    AssertionError: the network does not train:
    - One batch of 16 rows is not learned: in 600 steps the loss came from ... to ..., where 0.11 would be learned.
    """
    from whyfit.probes.overfit import probe_overfit  # noqa: PLC0415  # torch
    from whyfit.probes.pair import Pair  # noqa: PLC0415
    from whyfit.probes.quiet import untouched_randomness  # noqa: PLC0415

    inputs, targets = _parts(batch)
    with untouched_randomness():
        pair = Pair.of(model, inputs)
        loss_of, chance = _loss_of(pair, targets, loss)
        problems = _still(Pair.of(model, inputs), mixes_rows=mixes_rows)
        tried = probe_overfit(pair, targets, loss_of, chance)
    problems += _start(tried) + _silent(tried, frozen) + _learned(tried, len(targets))
    if problems:
        raise AssertionError(_said(problems))
    return Checked(tried.first, tried.chance, tried.last, tried.evaluated, tried.steps, tried.rate)


def _parts(batch: Sequence[Any]) -> tuple[tuple[Any, ...], Any]:
    if not isinstance(batch, tuple | list) or len(batch) < 2:
        raise ArgumentError(
            f"`batch` must hold inputs and targets, got {type(batch).__name__}.", advice="assert_trains(model, (x, y))."
        )
    return tuple(batch[:-1]), batch[-1]


def _loss_of(
    pair: Pair, targets: Any, loss: Callable[[Any, Any], torch.Tensor] | None
) -> tuple[Callable[[Any, Any], torch.Tensor], float]:
    """The loss, and what a constant answer would give."""
    import torch  # noqa: PLC0415
    from torch.nn import functional  # noqa: PLC0415

    from whyfit.probes.overfit import output_of  # noqa: PLC0415

    if loss is not None:
        return loss, math.nan
    output = output_of(pair)
    if output is None or not isinstance(targets, torch.Tensor):
        raise ArgumentError("the loss cannot be chosen for what the network returns.", advice="Give `loss`.")
    if not targets.is_floating_point() and output.ndim == targets.ndim + 1:
        return functional.cross_entropy, math.log(max(2, output.shape[1]))
    if targets.is_floating_point() and output.shape == targets.shape:
        return functional.mse_loss, max(float(targets.var(correction=0)), 1e-12)
    raise ArgumentError(
        f"an output of shape {tuple(output.shape)} and targets of shape {tuple(targets.shape)} ({targets.dtype}) have "
        "no usual loss.",
        advice="Give `loss`, or mend the shapes: a silent broadcast trains on the wrong thing.",
    )


def _still(pair: Pair, *, mixes_rows: bool) -> list[Problem]:
    """Evaluation mode: the same twice, and row by row."""
    from whyfit.probes.mixing import probe_mixing  # noqa: PLC0415
    from whyfit.probes.modes import probe_modes  # noqa: PLC0415

    found = []
    twice = probe_modes(pair).get("twice", 0.0)
    if twice > MOVED:
        found.append(Problem("not_the_same_twice", {"difference": twice}))
    elif not mixes_rows:  # told apart only where the network answers the same twice
        mixing = probe_mixing(pair)
        if mixing.get("others", 0.0) > MOVED:
            found.append(Problem("rows_mixed", {"share": mixing["share"]}))
    return found


def _start(tried: Overfitted) -> list[Problem]:
    if not math.isfinite(tried.first):
        return [Problem("first_loss_not_finite", {})]
    if tried.first > FAR_OFF * tried.chance:
        return [Problem("first_loss_far_off", {"loss": tried.first, "chance": tried.chance})]
    return []


def _silent(tried: Overfitted, frozen: Sequence[str]) -> list[Problem]:
    names = [name for name in tried.silent if not name.startswith(tuple(frozen))]
    return [Problem("no_gradient", {"names": names, "parameters": len(names)})] if names else []


def _learned(tried: Overfitted, rows: int) -> list[Problem]:
    if not math.isfinite(tried.first):
        return []
    facts = {"rows": rows, "steps": tried.steps, "first": tried.first, "goal": tried.goal}
    if not tried.last <= tried.goal and not tried.evaluated <= tried.goal:
        return [Problem("batch_not_learned", {**facts, "last": tried.last})]
    if not tried.evaluated <= tried.goal * DISAGREE:
        return [Problem("modes_disagree", {**facts, "last": tried.last, "evaluated": tried.evaluated})]
    return []


def _said(problems: Sequence[Problem]) -> str:
    from whyfit.text.catalogue import entries  # noqa: PLC0415
    from whyfit.text.language import preferred_language  # noqa: PLC0415
    from whyfit.text.words import words_in  # noqa: PLC0415

    language = preferred_language(os.environ)
    words, said = words_in(language), entries(language, "testing")
    lines = [f"- {words.fill(said[problem.code], problem.numbers)}" for problem in problems]
    return "\n".join([said["does_not_train"], *lines])
