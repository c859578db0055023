"""From evidence to series: thousands of curves become a mean and a band, layers their medians."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Sequence

import numpy as np

from whyfit.evidence.activation import ActivationCurve
from whyfit.evidence.estimate import Estimate
from whyfit.evidence.evidence import Evidence, GapFacts, Run, SeenGapFacts, SplitFacts
from whyfit.evidence.leaks import AlikeFacts
from whyfit.evidence.types import FloatArray
from whyfit.evidence.vitals import LAYER_NUMBERS, LayerVitals, Vitals
from whyfit.report.boil_parameters import parameters_of
from whyfit.report.boil_watch import held_out_of, layers_of, loss_of, norms_of, passes_of, rates_of, scored_of
from whyfit.report.effects import finite
from whyfit.report.series import (
    ActivationPart,
    AlikePart,
    Band,
    CurvePart,
    EstimatePart,
    GapPart,
    LayerPart,
    LayersPart,
    MomentPart,
    SeenGapPart,
    Series,
    ShiftPart,
    SplitsPart,
)
from whyfit.report.thin import rounded, thinned

BAND = (10, 90)
"""Percentiles of a band: what most networks did, whatever the few at the edges did."""
CURVES = ("train_loss", "stop_loss", "train_error", "stop_error")
MOST_SHIFTS = 50
"""Columns whose shift is kept, the most shifted first."""
MOST_EPOCHS, MOST_MOMENTS = 200, 60
"""Points along a time axis: more than a chart shows apart, so a long run is thinned evenly."""


def series_of(evidence: Evidence) -> Series:
    """All that the charts need."""
    groups, seen = _by_name(evidence.runs), None if evidence.runs else evidence.observation
    watched = layers_of(seen) if seen else None
    return Series(
        curves=tuple(curves for name, runs in groups.items() if (curves := _curves(name, runs))),
        layers=(
            *(layers for name, runs in groups.items() if (layers := _layers(name, runs))),
            *filter(None, (watched,)),
        ),
        score=_estimate(evidence.score.estimate) if evidence.score else None,
        gap=_gap(evidence.gap) if evidence.gap else None,
        splits=_splits(evidence.splits) if evidence.splits else None,
        loss=loss_of(seen) if seen else None,
        held_out=held_out_of(seen) if seen else None,
        activation=_activation(evidence.activation) if evidence.activation else None,
        alike=tuple(_alike(facts) for facts in evidence.splits.alike) if evidence.splits else (),
        passes=passes_of(evidence.observation) if evidence.observation else (),
        parameters=parameters_of(evidence.observation) if evidence.observation else (),
        rates=rates_of(seen) if seen else None,
        scored=scored_of(seen) if seen else (),
        norms=norms_of(seen) if seen else (),
    )


def _by_name(runs: Iterable[Run]) -> dict[str, list[Run]]:
    groups: dict[str, list[Run]] = {}
    for run in runs:
        groups.setdefault(run.name, []).append(run)
    return groups


def _curves(name: str, runs: Sequence[Run]) -> CurvePart | None:
    longest = max((run.curves.train_loss.size for run in runs), default=0)
    if not longest:
        return None
    kept = thinned(longest, MOST_EPOCHS)
    bands = {field: _band(_stacked(field, runs, longest)[:, kept]) for field in CURVES}
    running = [sum(run.curves.train_loss.size > index for run in runs) for index in kept]
    best = [run.best_epoch for run in runs if run.best_epoch]
    return CurvePart(
        name=name,
        networks=len(runs),
        epochs=tuple(index + 1 for index in kept),
        running=tuple(running),
        best_epoch=float(np.median(best)) if best else None,
        best_epoch_low=float(np.percentile(best, BAND[0])) if best else None,
        best_epoch_high=float(np.percentile(best, BAND[1])) if best else None,
        **bands,
    )


def _stacked(field: str, runs: Sequence[Run], longest: int) -> FloatArray:
    """(runs, epochs) with NaN after the end of a run; infinite values count as not measured."""
    rows = np.full((len(runs), longest), np.nan)
    for row, run in zip(rows, runs, strict=True):
        curve = getattr(run.curves, field)
        row[: curve.size] = np.where(np.isfinite(curve), curve, np.nan)
    return rows


def _band(rows: FloatArray) -> Band:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # an epoch that nobody measured: NaN, which becomes None
        mean, (low, high) = np.nanmean(rows, axis=0), np.nanpercentile(rows, BAND, axis=0)
    return Band(mean=_numbers(mean), low=_numbers(low), high=_numbers(high))


def _numbers(values: Iterable[float]) -> tuple[float | None, ...]:
    return tuple(rounded(float(value)) for value in values)


def _layers(name: str, runs: Sequence[Run]) -> LayersPart | None:
    """Runs of one recipe are sampled at the same epochs; a single run by steps as well."""
    measured = [run for run in runs if any(moment.layers for moment in run.vitals)]
    if not measured:
        return None
    groups = _moments(measured)
    keys = [sorted(groups)[index] for index in thinned(len(groups), MOST_MOMENTS)]
    pattern = max((moment for run in measured for moment in run.vitals), key=lambda moment: len(moment.layers))
    return LayersPart(
        name=name,
        networks=len(measured),
        moments=tuple(_moment(groups[key]) for key in keys),
        layers=tuple(
            _layer(layer, [_same_layer(groups[key], place) for key in keys])
            for place, layer in enumerate(pattern.layers)
        ),
    )


def _moments(runs: Sequence[Run]) -> dict[tuple[int, int], list[Vitals]]:
    groups: dict[tuple[int, int], list[Vitals]] = {}
    for run in runs:
        for moment in run.vitals:
            key = (moment.epoch, moment.step if len(runs) == 1 else 0)
            groups.setdefault(key, []).append(moment)
    return groups


def _moment(same: Sequence[Vitals]) -> MomentPart:
    return MomentPart(epoch=int(same[0].epoch), step=int(np.median([moment.step for moment in same])))


def _same_layer(moments: Sequence[Vitals], place: int) -> list[LayerVitals]:
    return [moment.layers[place] for moment in moments if place < len(moment.layers)]


def _layer(layer: LayerVitals, moments: Sequence[Sequence[LayerVitals]]) -> LayerPart:
    numbers = {field: tuple(_median(field, same) for same in moments) for field in LAYER_NUMBERS}
    numbers["dead_share"] = tuple(None if dead is None else rounded(dead / layer.units) for dead in numbers["dead"])
    said = {field: values for field, values in numbers.items() if any(value is not None for value in values)}
    return LayerPart(
        name=layer.name, kind=layer.kind, activation=layer.activation, units=int(layer.units), numbers=said
    )


def _median(field: str, same: Sequence[LayerVitals]) -> float | None:
    known = [value for layer in same if math.isfinite(value := getattr(layer, field))]
    return rounded(float(np.median(known))) if known else None


def _estimate(estimate: Estimate) -> EstimatePart:
    return EstimatePart(
        value=finite(estimate.value),
        low=finite(estimate.low),
        high=finite(estimate.high),
        level=float(estimate.level),
        method=estimate.method,
        fits=int(estimate.fits),
        rows=int(estimate.rows),
        training_rows=int(estimate.training_rows),
        why_none=estimate.why_none,
    )


def _gap(gap: GapFacts) -> GapPart:
    means = {name: rounded(getattr(gap, name)) for name in ("train_loss", "score_loss", "train_error", "score_error")}
    seen = _seen_gap(gap.seen) if gap.seen else None
    return GapPart(loss=_estimate(gap.loss), error=_estimate(gap.error), seen=seen, **means)


def _seen_gap(seen: SeenGapFacts) -> SeenGapPart | None:
    parts = {name: rounded(getattr(seen, name)) for name in ("penalty", "average", "mode", "rows")}
    known = {name: value for name, value in parts.items() if value is not None}
    return SeenGapPart(seen=_estimate(seen.seen), **known) if len(known) == len(parts) else None


def _activation(curve: ActivationCurve) -> ActivationPart:
    return ActivationPart(
        name=curve.name, inputs=curve.inputs, values=_short(curve.values), derivatives=_short(curve.derivatives)
    )


def _short(values: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(float(f"{value:.4g}") for value in values)


def _alike(facts: AlikeFacts) -> AlikePart:
    shifts = (
        ShiftPart(column=one.column, distance=one.distance, p=one.p, target=one.target)
        for one in facts.columns[:MOST_SHIFTS]
        if math.isfinite(one.distance) and math.isfinite(one.p)
    )
    return AlikePart(first=facts.first, second=facts.second, auc=facts.auc, p=facts.p, columns=tuple(shifts))


def _splits(splits: SplitFacts) -> SplitsPart:
    sizes = {name: int(getattr(splits, name)) for name in ("folds", "repeats", "train", "stop", "score")}
    return SplitsPart(kind=splits.kind, by=splits.by, **sizes)
