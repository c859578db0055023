"""The optimiser: its rule as code, its formula, its settings, its state, and where it grew out of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from whyfit.errors import ArgumentError
from whyfit.evidence.types import FloatArray
from whyfit.rules.jit import Compiled


@dataclass(frozen=True, slots=True)
class Setting:
    """One number that a rule can be set by.

    Attributes
    ----------
    name
        As torch names it, so that users find it; a pair of betas is `beta1` and `beta2`.
    default
        Torch's.
    meaning
        What it does, in a few words.
    paper
        The paper's value where it is another one.
    """

    name: str
    default: float
    meaning: str
    paper: float | None = None


@dataclass(frozen=True, eq=False)
class Optimizer:
    """One update rule.

    Attributes
    ----------
    code, name, title
        Stable number and name; the name for reading.
    formula
        LaTeX, one line a step of the rule.
    settings
        In the order of the array that `step` takes.
    slots
        Rows of the state: numbers kept for each parameter.
    rate
        Torch's default rate; `paper_rate` where the paper's is another one.
    rates
        Lowest and highest sensible rate: the ends of the race's logarithmic grid.
    grew_from, added
        Names of the rules that it grew out of, none for the root; and what it added, in a few words.
    decay, default_decay
        Which decay belongs to its name, `l2` (in the gradient) or `decoupled` (off the weights), and how much where the
        recipe names none. The rule itself never decays: that is done before it, see `decay_of`.
    full_batch
        Whether it is meant for the full batch alone.
    works_on
        `numbers`: each parameter by itself, and `step` takes flat vectors. `matrix`: a layer's weights as a whole, and
        `step` takes (units, inputs) arrays, its state (slots, units, inputs); everything else follows `others`.
    paper
        Where it comes from.
    step
        Compiled `step(w, g, state, rate, t, settings)`, in place, one pass: `w` and `g` (n,) of one precision, `state`
        (slots, n) zeros at the start, `rate` float, `t` int counted from 1, `settings` float64.
    """

    code: int
    name: str
    title: str
    formula: str
    settings: tuple[Setting, ...]
    slots: int
    rate: float
    rates: tuple[float, float]
    grew_from: tuple[str, ...]
    added: str
    paper: str
    step: Compiled[..., None] = field(repr=False)
    paper_rate: float | None = None
    decay: Literal["none", "l2", "decoupled"] = "none"
    default_decay: float = 0.0
    full_batch: bool = False
    works_on: Literal["numbers", "matrix"] = "numbers"
    others: str | None = None

    def __repr__(self) -> str:
        given = "".join(f", {one.name}={one.default:g}" for one in self.settings)
        return f"Optimizer({self.name!r}, slots={self.slots}, rate={self.rate:g}{given})"

    def settings_array(self, overrides: Mapping[str, float] | tuple[tuple[str, float], ...] = ()) -> FloatArray:
        """The settings as `step` takes them: the defaults, some of them changed.

        Examples
        --------
        >>> from whyfit.rules.optimizers import optimizers
        >>> optimizers["adam"].settings_array({"beta1": 0.8})
        array([8.00e-01, 9.99e-01, 1.00e-08])
        """
        given = dict(overrides)
        known = [one.name for one in self.settings]
        unknown = [name for name in given if name not in known]
        if unknown:
            have = f"It has {', '.join(known)}." if known else "It has none."
            raise ArgumentError(f"`settings` of {self.name!r} must be among its own, got {unknown[0]!r}.", advice=have)
        return np.array([given.get(one.name, one.default) for one in self.settings], dtype=np.float64)
