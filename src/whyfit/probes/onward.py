"""Probe: go on training where the script ended, by its own rule and on its own rows, on a copy.

Tells a network that something keeps from its data from one that was merely not done: the latter gets further. As many
steps as the script took, at most for a second. Blind where the loss was written by hand, and to what only more rows
than are kept would teach.
"""

from __future__ import annotations

import copy
import inspect
import math
import time
from collections.abc import Sequence

import torch
from torch import nn

from whyfit.probes.pair import Pair
from whyfit.probes.trials import NAMED
from whyfit.vitals.examples import Habit

SECONDS, LEAST_STEPS = 1.0, 300
"""For which it goes on, and steps that are tried at the least: short runs had little time. Chosen."""
BATCH = 32


def onward(
    network: nn.Module, given: Sequence[torch.Tensor], answers: torch.Tensor, loss: str, habit: Habit
) -> nn.Module | None:
    """A copy that has been trained for longer; None where the rule or the loss is not known, or the loss broke down.

    Raises
    ------
    Exception
        Whatever a rule raises that needs more than gradients of a batch, such as LBFGS (a closure) or SparseAdam.
    """
    kind = getattr(torch.optim, habit.rule, None)
    if loss not in NAMED or kind is None or not habit.rate > 0:
        return None
    longer = copy.deepcopy(network).train()
    moved = [parameter for parameter in longer.parameters() if parameter.requires_grad]
    known = inspect.signature(kind).parameters
    settings = {name: value for name, value in habit.settings.items() if name in known and name != "params"}
    rule = kind(moved, lr=habit.rate, **settings)
    draw, stop = torch.Generator().manual_seed(0), time.monotonic() + SECONDS
    pair = Pair(longer, ())
    for _ in range(max(LEAST_STEPS, habit.steps)):
        rows = torch.randint(len(answers), (min(BATCH, len(answers)),), generator=draw)
        rule.zero_grad()
        with torch.enable_grad():
            output = pair.with_batch(*(one[rows] for one in given)).run()
            if output is None:
                return None
            value = NAMED[loss](output, answers[rows])
            value.backward()  # type: ignore[no-untyped-call]
        if not math.isfinite(float(value.detach())):
            return None
        rule.step()
        if time.monotonic() > stop:
            break
    return longer
