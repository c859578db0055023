"""From an observation to series: the loss along the steps, and the layers at each close look."""

from __future__ import annotations

import math
from collections.abc import Sequence

from whyfit.evidence.observation import LayerLook, LookAt, NormLook, Observation, ParameterLook
from whyfit.report.document import CasePart
from whyfit.report.effects import finite
from whyfit.report.series import (
    LayerPart,
    LayersPart,
    MomentPart,
    NormPart,
    PassesPart,
    RatesPart,
    ScoredPart,
    StepsPart,
)
from whyfit.report.thin import rounded, thinned

MOST_POINTS, MOST_LOOKS = 400, 60
"""More than a chart shows apart."""
MOST_DATASETS, MOST_NORMS = 12, 40
ALL_ROWS = "all"
"""Scored rows that came from no DataLoader, whose datasets are not known apart."""
PASSES = ("twice", "norm", "dropout")
NUMBERS = ("pre_std", "pre_low", "pre_high", "mean", "std", "zero_share", "saturated_share", "delta_std")
"""Fields of a look that are named as in a study's vitals."""


def loss_of(seen: Observation) -> StepsPart | None:
    """The training loss: the longest curve, where the script has several."""
    curves = sorted(seen.curves.items(), key=lambda item: -sum(point.count for point in item[1]))
    points = [point for point in curves[0][1] if math.isfinite(point.mean)] if curves else []
    kept = [points[index] for index in thinned(len(points), MOST_POINTS)]
    if not kept:
        return None
    return StepsPart(
        steps=tuple(int(point.backward) for point in kept),
        mean=tuple(rounded(point.mean) for point in kept),
        low=tuple(rounded(point.low) for point in kept),
        high=tuple(rounded(point.high) for point in kept),
    )


def held_out_of(seen: Observation) -> StepsPart | None:
    """The losses that the script computed without gradients, averaged over the rows of each evaluation."""
    totals: dict[int, tuple[float, int]] = {}
    for one in seen.held_out:
        if math.isfinite(one.loss) and one.rows > 0:
            total, rows = totals.get(one.step, (0.0, 0))
            totals[one.step] = (total + one.loss * one.rows, rows + one.rows)
    steps = sorted(totals)
    kept = [steps[index] for index in thinned(len(steps), MOST_POINTS)]
    if not kept:
        return None
    means = tuple(rounded(totals[step][0] / totals[step][1]) for step in kept)
    return StepsPart(steps=tuple(int(step) for step in kept), mean=means, low=means, high=means)


def passes_of(seen: Observation) -> tuple[PassesPart, ...]:
    """The batch in both modes, of each network that was probed."""
    found = ((name, probes["modes"]) for name, probes in seen.probes.items() if probes.get("modes"))
    return tuple(PassesPart(network=name, **{one: _probed(modes.get(one)) for one in PASSES}) for name, modes in found)


def cases_of(seen: Observation | None) -> tuple[CasePart, ...]:
    """What each dropout and batch norm of the networks that were probed does in its four cases."""
    probed = () if seen is None else seen.probes.items()
    return tuple(
        CasePart(name=name, **case) for name, probes in probed for case in probes.get("cases", {}).get("cases", ())
    )


def _probed(value: object) -> float | None:
    return rounded(float(value)) if isinstance(value, float | int) else None


def rates_of(seen: Observation) -> RatesPart | None:
    """The learning rate at each look."""
    looks = [look for look in seen.looks if math.isfinite(look.rate)]
    kept = [looks[index] for index in thinned(len(looks), MOST_POINTS)]
    if not kept:
        return None
    return RatesPart(steps=tuple(int(look.step) for look in kept), rates=tuple(rounded(look.rate) for look in kept))


def scored_of(seen: Observation) -> tuple[ScoredPart, ...]:
    """Scored rows that were compared with the training rows, by dataset where there were DataLoaders."""
    if seen.loaded:
        parts = [part for part in seen.loaded if part.compared][:MOST_DATASETS]
        return tuple(ScoredPart(name=part.name, rows=int(part.compared), known=int(part.known)) for part in parts)
    rows, known = sum(one.rows for one in seen.overlaps), sum(one.known for one in seen.overlaps)
    return (ScoredPart(name=ALL_ROWS, rows=int(rows), known=int(known)),) if rows else ()


def norms_of(seen: Observation) -> tuple[NormPart, ...]:
    """Each batch norm at the looks that saw it use the batch's statistics."""
    found: dict[str, list[tuple[int, NormLook]]] = {}
    for look in seen.looks:
        for norm in look.norms:
            if norm.training and math.isfinite(norm.lag):
                found.setdefault(norm.name, []).append((int(look.step), norm))
    return tuple(_norm(name, looks) for name, looks in list(found.items())[:MOST_NORMS])


def _norm(name: str, looks: Sequence[tuple[int, NormLook]]) -> NormPart:
    kept = [looks[index] for index in thinned(len(looks), MOST_LOOKS)]
    return NormPart(
        name=name,
        steps=tuple(step for step, _ in kept),
        lag=tuple(rounded(norm.lag) for _, norm in kept),
        ratio=tuple(rounded(norm.ratio) for _, norm in kept),
    )


def layers_of(seen: Observation) -> LayersPart | None:
    """All layers at each look; a look without the pattern's layer holds nothing for it."""
    looks = [look for look in seen.looks if look.layers]
    looks = [looks[index] for index in thinned(len(looks), MOST_LOOKS)]
    if not looks:
        return None
    pattern = max(looks, key=lambda look: len(look.layers)).layers
    return LayersPart(
        name="script",
        networks=1,
        moments=tuple(MomentPart(epoch=None, step=int(look.step)) for look in looks),
        layers=tuple(_layer(layer, looks) for layer in pattern),
    )


def _layer(layer: LayerLook, looks: Sequence[LookAt]) -> LayerPart:
    same = [next((one for one in look.layers if one.name == layer.name), None) for look in looks]
    weights = [next((one for one in look.parameters if one.name == f"{layer.name}.weight"), None) for look in looks]
    numbers = {name: tuple(_number(one, name) for one in same) for name in NUMBERS}
    numbers["dead_share"] = tuple(_dead_share(one) for one in same)
    numbers["distinct_weights"] = tuple(_number(one, "distinct") for one in weights)
    numbers["distinct_gradients"] = tuple(_number(one, "distinct_gradients") for one in weights)
    numbers["gradient_norm"] = tuple(_number(one, "gradient") for one in weights)
    numbers["update_ratio"] = tuple(_number(one, "update") for one in weights)
    said = {name: values for name, values in numbers.items() if any(value is not None for value in values)}
    return LayerPart(
        name=layer.name, kind=layer.kind, activation=layer.activation, units=int(layer.units), numbers=said
    )


def _number(one: LayerLook | ParameterLook | None, name: str) -> float | None:
    value = None if one is None else finite(getattr(one, name))
    return None if value is None else rounded(value)


def _dead_share(one: LayerLook | None) -> float | None:
    if one is None or one.dead is None or one.units <= 0:
        return None
    return rounded(one.dead / one.units)
