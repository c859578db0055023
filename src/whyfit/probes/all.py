"""All probes on one network, each for itself: one that fails or is out of time says so, and the others go on."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from torch import nn

from whyfit.probes.arrival import probe_arrival
from whyfit.probes.cases import probe_cases
from whyfit.probes.derivative import probe_derivative
from whyfit.probes.mixing import probe_mixing
from whyfit.probes.modes import probe_modes
from whyfit.probes.pair import Pair
from whyfit.probes.places import probe_places
from whyfit.probes.quiet import untouched_randomness
from whyfit.probes.reach import probe_reach
from whyfit.probes.recurrence import probe_recurrence
from whyfit.probes.scale import probe_scale
from whyfit.probes.state import probe_state
from whyfit.probes.trials import try_heads, try_rates
from whyfit.vitals.examples import Examples
from whyfit.vitals.numbers import quietly
from whyfit.vitals.task import Task

SECONDS = 5.0
"""For all probes together: what somebody waits at the end of a script without wondering. Chosen."""

SILENT = 1e-6
"""Change of the output over its spread: a network that answers so to another row is asked as it was at its start."""

PROBES: dict[str, Callable[[Pair], dict[str, Any]]] = {
    "modes": probe_modes,
    "mixing": probe_mixing,
    "arrival": probe_arrival,
    "recurrence": probe_recurrence,
    "state": probe_state,
    "scale": probe_scale,
    "derivative": probe_derivative,
    "places": probe_places,
    "cases": probe_cases,
}

TRIALS: dict[str, Callable[[Task], dict[str, Any]]] = {"rates": try_rates, "heads": try_heads}
"""A few steps of one's own on a copy of the network as it was at the start."""


def run_probes(
    network: nn.Module,
    batch: Sequence[Any],
    named: Mapping[str, Any] | None = None,
    *,
    own_functions: bool,
    task: Task | None = None,
    examples: tuple[Examples, set[int]] | None = None,
) -> dict[str, Any]:
    """What each probe found, or why it did not; the derivative is checked where somebody wrote one by hand, and steps
    of one's own are tried where the training is known and its loss stayed up.
    """
    found: dict[str, Any] = {}
    deadline = time.monotonic() + SECONDS
    with untouched_randomness(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, probe in PROBES.items():
            if name == "derivative" and not own_functions:
                continue
            found[name] = (
                _one(probe, network, batch, named) if time.monotonic() < deadline else {"unmeasured": "out_of_time"}
            )
        if task is not None and found["mixing"].get("own", 1.0) <= SILENT:
            found["mixing"] = _one(probe_mixing, task.network, task.batch, task.named)
        if task is not None and own_functions:  # of units that died meanwhile every derivative is right
            start = _one(probe_derivative, task.network, task.batch, task.named)
            found["derivative"] = max(found["derivative"], start, key=lambda one: float(one.get("error", 0.0)))
        if examples is not None and time.monotonic() < deadline:
            found["reach"] = _reached(network, *examples)
        for name, trial in TRIALS.items() if task is not None else ():
            found[name] = _tried(trial, task) if time.monotonic() < deadline else {"unmeasured": "out_of_time"}
    return found


@quietly
def _reached(network: nn.Module, examples: Examples, seen: set[int]) -> dict[str, Any]:
    try:
        return probe_reach(network, examples, seen)
    except Exception as problem:  # noqa: BLE001  # as below
        return {"unmeasured": f"{type(problem).__name__}: {problem}"[:200]}


@quietly
def _tried(trial: Callable[[Task], dict[str, Any]], task: Task | None) -> dict[str, Any]:
    assert task is not None
    try:
        return trial(task)
    except Exception as problem:  # noqa: BLE001  # as below
        return {"unmeasured": f"{type(problem).__name__}: {problem}"[:200]}


@quietly
def _one(
    probe: Callable[[Pair], dict[str, Any]], network: nn.Module, batch: Sequence[Any], named: Mapping[str, Any] | None
) -> dict[str, Any]:
    try:
        return probe(Pair.of(network, batch, named))
    except Exception as problem:  # noqa: BLE001  # somebody's network on a copy: it may refuse in any way
        return {"unmeasured": f"{type(problem).__name__}: {problem}"[:200]}
