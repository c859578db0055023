"""Learning curves with bands: training against unseen rows, epoch by epoch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import NUMBER, base, finished
from whyfit.report.document import Document
from whyfit.report.series import Band, CurvePart
from whyfit.text import Words

SURVIVING = 0.5
"""Curves are drawn while at least half of the networks still train: a mean over the few that train longest bends
because of who is left, not because of what they learn."""
PARTS = ("train", "stop")


def plain_curves(document: Document) -> CurvePart | None:
    """The curves of the first recipe: the plain one of a study, or the script."""
    return document.series.curves[0] if document.series.curves else None


def _rows(document: Document, words: Words, measure: Literal["loss", "error"]) -> Sequence[Row]:
    curves = plain_curves(document)
    if curves is None:
        return ()
    kept = [index for index, running in enumerate(curves.running) if running >= SURVIVING * curves.networks]
    bands: dict[str, Band] = {part: getattr(curves, f"{part}_{measure}") for part in PARTS}
    return [
        {
            "epoch": curves.epochs[index],
            "part": words.label(f"chart_{part}"),
            "mean": mean,
            "low": band.low[index],
            "high": band.high[index],
            "running": curves.running[index],
        }
        for part, band in bands.items()
        for index in kept
        if (mean := band.mean[index]) is not None
    ]


def loss_rows(document: Document, words: Words) -> Sequence[Row]:
    """Losses, one row an epoch and part."""
    return _rows(document, words, "loss")


def error_rows(document: Document, words: Words) -> Sequence[Row]:
    """Errors, one row an epoch and part."""
    return _rows(document, words, "error")


def _draw(palette: Palette, title: str, number: str) -> Any:
    import altair as alt  # noqa: PLC0415

    colour = alt.Color(
        "part:N",
        title="@chart_part",
        legend=alt.Legend(title=None, symbolType="stroke", symbolOpacity=1, symbolStrokeWidth=2.5),
        scale=alt.Scale(domain=["@chart_train", "@chart_stop"], range=[palette.train, palette.stop]),
    )
    epoch = alt.X("epoch:Q", title="@chart_epoch", axis=alt.Axis(grid=False, tickMinStep=1, format="d"))
    scale = alt.Scale(zero=True, nice=True)
    across = base().encode(x=epoch, color=colour)
    band = across.mark_area(opacity=0.16, strokeWidth=0, aria=False).encode(
        y=alt.Y("low:Q", title=title, scale=scale, axis=alt.Axis(format=number)),
        y2="high:Q",
    )
    line = across.mark_line(strokeWidth=2.25, interpolate="monotone", aria=False).encode(y=alt.Y("mean:Q", scale=scale))
    points = across.mark_point(filled=True, size=160, opacity=0).encode(
        y="mean:Q",
        tooltip=[
            alt.Tooltip("part:N", title="@chart_part"),
            alt.Tooltip("epoch:Q", title="@chart_epoch"),
            alt.Tooltip("mean:Q", title="@chart_mean", format=number),
            alt.Tooltip("low:Q", title="@chart_low", format=number),
            alt.Tooltip("high:Q", title="@chart_high", format=number),
            alt.Tooltip("running:Q", title="@chart_running"),
        ],
    )
    return finished(alt.layer(band, line, points), palette)


def draw_loss(palette: Palette) -> Any:
    """Losses."""
    return _draw(palette, "@chart_loss", NUMBER)


def draw_error(palette: Palette) -> Any:
    """Errors."""
    return _draw(palette, "@chart_error", "@chart_score_format")


def _columns(form: str) -> tuple[Column, ...]:
    means = (Column("mean", form), Column("low", form), Column("high", form))
    return (Column("epoch", "count"), Column("part"), *means, Column("running", "count"))


LOSS = ChartKind("curves", Question.OVERFITTING, loss_rows, draw_loss, _columns("number"))
ERROR = ChartKind("error_curves", Question.OVERFITTING, error_rows, draw_error, _columns("score"))
