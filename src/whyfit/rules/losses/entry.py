"""The loss: formula, derivative, compiled code, the last layer that belongs to it, and what chance gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray, Task
from whyfit.rules.jit import Compiled

Chance: TypeAlias = Callable[[FloatArray, FloatArray], FloatArray]


@dataclass(frozen=True, eq=False)
class Loss:
    """One loss.

    Attributes
    ----------
    code, name
        Stable number and name.
    formula
        LaTeX, for one row: z the network's raw outputs, y what is wanted.
    gradient_formula
        LaTeX, with respect to z.
    tasks
        What it is for.
    link
        What turns raw outputs into predictions. It is part of the loss: a network that applies it too applies it twice.
    paper
        Where it comes from.
    value_and_gradient
        Compiled `value_and_gradient(values, wanted, delta, losses)`: each row's loss into `losses` (rows,), and its
        gradient at the outputs, not yet divided by the number of rows, into `delta` (outputs, rows). `values` and
        `wanted`, (outputs, rows), are what the network gives and what it should: shares of the classes, label smoothing
        already in them, or scaled targets. One column a row of the batch, so that every loop runs along memory.
    value
        The slow, obvious twin in NumPy: (rows, outputs) raw outputs and wanted values → (rows,).
    constant
        (rows, outputs) wanted values and (rows,) weights that sum to 1 → (outputs,) best constant raw outputs.

    Examples
    --------
    >>> import numpy as np
    >>> from whyfit.rules.losses import losses
    >>> float(losses["cross_entropy"].chance(np.eye(10)) - np.log(10)) < 1e-12
    True
    """

    code: int
    name: str
    formula: str
    gradient_formula: str
    tasks: tuple[Task, ...]
    link: Literal["softmax", "sigmoid", "identity"]
    paper: str
    value_and_gradient: Compiled[..., None] = field(repr=False)
    value: Callable[[AnyArray, AnyArray], AnyArray] = field(repr=False)
    constant: Chance = field(repr=False)

    def __repr__(self) -> str:
        return f"Loss({self.name!r}, link={self.link!r})"

    def chance(self, wanted: AnyArray, weights: AnyArray | None = None) -> float:
        """The loss of the best constant output: what a network must beat to have learned anything from its inputs.

        Parameters
        ----------
        wanted
            (rows, outputs) shares of the classes, label smoothing already in them, or target values.
        weights
            (rows,) weights of the rows; None where all count alike.
        """
        rows = wanted.shape[0]
        share = np.full(rows, 1.0 / rows) if weights is None else weights / weights.sum()
        best = np.broadcast_to(self.constant(wanted, share), wanted.shape)
        return float(share @ self.value(best, wanted))
