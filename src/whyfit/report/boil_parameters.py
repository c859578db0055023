"""From an observation to the gradient of each parameter: whether it arrives, how large it is, whether it is right."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from whyfit.evidence.observation import Observation
from whyfit.report.series import ParameterPart
from whyfit.report.thin import rounded, thinned

MOST = 40
"""Parameters in a chart; of more, those that no gradient reaches come first, and of the others some, evenly spread."""


def parameters_of(seen: Observation) -> tuple[ParameterPart, ...]:
    """The parameters of every network that was probed."""
    norms = _norms(seen)
    return tuple(
        part for network, probes in seen.probes.items() for part in _shown(list(_parts(network, probes, norms)))
    )


def _norms(seen: Observation) -> dict[str, list[float]]:
    """The norms of each parameter's gradient over all looks."""
    found: dict[str, list[float]] = {}
    for look in seen.looks:
        for one in look.parameters:
            if math.isfinite(one.gradient):
                found.setdefault(one.name, []).append(one.gradient)
    return found


def _parts(
    network: str, probes: Mapping[str, Mapping[str, Any]], norms: Mapping[str, Sequence[float]]
) -> Iterator[ParameterPart]:
    arrival, errors = probes.get("arrival", {}), probes.get("derivative", {}).get("errors", {})
    lost = {*arrival.get("cut", ()), *arrival.get("unused", ())}
    for name in arrival.get("order", ()):
        norm = norms.get(name) or norms.get(f"{network}.{name}") or ()
        error = errors.get(name)
        yield ParameterPart(
            network=network,
            name=name,
            reached=bool(norm) or name not in lost,  # what the loop itself computes counts, as in the exam
            error=None if error is None else rounded(error),
            kink=name in errors and error is None,
            **_spread(norm),
        )


def _spread(norm: Sequence[float]) -> dict[str, float | None]:
    if not norm:
        return {}
    ends = {"low": min(norm), "middle": float(np.median(norm)), "high": max(norm)}
    return {name: rounded(value) for name, value in ends.items()}


def _shown(parts: Sequence[ParameterPart]) -> list[ParameterPart]:
    """At most `MOST`, in the network's order."""
    if len(parts) <= MOST:
        return list(parts)
    lost = [place for place, part in enumerate(parts) if not part.reached][: MOST // 2]
    others = [place for place, part in enumerate(parts) if part.reached]
    kept = {*lost, *(others[place] for place in thinned(len(others), MOST - len(lost)))}
    return [parts[place] for place in sorted(kept)]
