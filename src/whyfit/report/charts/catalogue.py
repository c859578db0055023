"""All charts, in the order in which they stand in the report. Listing one here is what compiles and tests it."""

from __future__ import annotations

from whyfit.errors import ArgumentError
from whyfit.report.charts import (
    activation,
    alike,
    alternatives,
    backprop,
    cases,
    curves,
    decomposition,
    gradients,
    learning,
    modes,
    norms,
    optimizers,
    remedies,
    score,
    scored_rows,
    seen_gap,
    shares,
    sizes,
    splits,
    start,
    steps,
    sweep,
    symmetry,
    updates,
)
from whyfit.report.charts.kind import ChartKind

CHARTS: tuple[ChartKind, ...] = (
    score.KIND,
    splits.KIND,
    alike.KIND,
    scored_rows.KIND,
    decomposition.KIND,
    sizes.CAPACITY,
    *remedies.KINDS,
    *alternatives.KINDS,
    learning.KIND,
    sizes.ENSEMBLE,
    steps.KIND,
    curves.LOSS,
    curves.ERROR,
    seen_gap.KIND,
    optimizers.RACE,
    optimizers.RATES,
    updates.LINES,
    updates.MAP,
    updates.RATE,
    backprop.CHECK,
    backprop.ARRIVAL,
    start.KIND,
    symmetry.KIND,
    gradients.LINES,
    gradients.MAP,
    activation.KIND,
    shares.DEAD,
    shares.SATURATED,
    sweep.KIND,
    *modes.LOSSES,
    *modes.DISTANCES,
    cases.KIND,
    norms.KIND,
)


def chart_named(name: str) -> ChartKind:
    """The chart of that name, or one message that names those there are."""
    for kind in CHARTS:
        if kind.name == name:
            return kind
    names = ", ".join(kind.name for kind in CHARTS)
    raise ArgumentError(f"there is no chart {name!r}; there are {names}.")
