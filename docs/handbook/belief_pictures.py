"""The pictures of the beliefs: one small altair chart an experiment, drawn to SVG while the handbook is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import altair as alt

from handbook.belief_words import LABELS
from handbook.pictures import figure, svg_of
from handbook.shown import HTML
from whyfit.report.charts.palette import PAGE
from whyfit.report.charts.style import NUMBER, SHARE, base, finished
from whyfit.text import Language

Labels = Mapping[str, str]
LOW, STRIP = 180, 34
"""Height of a chart, and of one line of points in it."""


def of_belief(name: str, rows: Sequence[Mapping[str, Any]], lang: Language) -> HTML:
    """The rows of an experiment, with the words of one language."""
    labels = LABELS[lang]
    said = [{key: labels[value] if key in ("what", "of") else value for key, value in row.items()} for row in rows]
    return HTML(figure(labels[f"picture_{name}"], "", svg_of(PICTURES[name](labels), said)))


def _x(field: str, title: str, **more: Any) -> Any:
    return alt.X(field, title=title, axis=alt.Axis(format=more.pop("format", NUMBER), tickCount=6, grid=False), **more)


def _y(field: str, title: str | None, **more: Any) -> Any:
    return alt.Y(field, title=title, axis=alt.Axis(format=more.pop("format", NUMBER), tickCount=5), **more)


def _names(field: str) -> Any:
    axis = alt.Axis(ticks=False, domain=False, grid=False, labelLimit=240)
    return alt.Y(field, sort=None, title=None, axis=axis)


def _colours(*names: str, symbol: str = "stroke") -> Any:
    return alt.Color(
        "what:N",
        sort=None,
        legend=alt.Legend(title=None, symbolType=symbol, symbolStrokeWidth=2.5),
        scale=alt.Scale(
            domain=list(names), range=[PAGE.train, PAGE.stop, PAGE.accent, PAGE.muted, PAGE.ink][: len(names)]
        ),
    )


def _adamw(labels: Labels) -> Any:
    dash = alt.StrokeDash(
        "of:N", sort=None, legend=alt.Legend(title=None, symbolType="stroke", symbolSize=400),
        scale=alt.Scale(domain=[labels["gradients_small"], labels["gradients_large"]], range=[[1, 0], [6, 4]]),
    )  # fmt: skip
    chart = base().mark_line(strokeWidth=2).encode(
        x=_x("x:Q", labels["axis_step"]),
        y=_y("y:Q", labels["axis_weight"]),
        color=_colours(labels["rule_l2"], labels["rule_w"]),
        strokeDash=dash,
    )  # fmt: skip
    return finished(chart, PAGE, LOW)


def _bias(labels: Labels) -> Any:
    names = [labels[name] for name in ("term_bias", "term_bias2", "variance", "noise", "error_fresh")]
    bars = base().mark_bar(height=18).encode(
        x=_x("sum(x):Q", labels["axis_error"]),
        y=_names("of:N"),
        color=_colours(*names, symbol="square"),
        order=alt.Order("place:Q"),
    )  # fmt: skip
    numbered = bars.transform_window(place="row_number()")
    return finished(numbered, PAGE, {"step": STRIP})


def _dead(labels: Labels) -> Any:
    bars = base().mark_bar(color=PAGE.train).encode(
        x=alt.X("x:O", title=labels["axis_unit"], axis=alt.Axis(labels=False, ticks=False)),
        y=_y("y:Q", labels["axis_zeros"], format=SHARE, scale=alt.Scale(domain=[0, 1])),
    )  # fmt: skip
    return finished(bars, PAGE, LOW)


def _modes(labels: Labels) -> Any:
    x, y = _x("x:Q", labels["axis_train"]), _y("y:Q", labels["axis_eval"])
    same = base().mark_line(color=PAGE.muted, strokeDash=[4, 4]).encode(x=x, y=alt.Y("x:Q"))
    points = base().mark_point(filled=True, size=70, opacity=1, color=PAGE.train).encode(x=x, y=y)
    return finished(same + points, PAGE, LOW)


def _curves(labels: Labels, *names: str) -> Any:
    chart = base().mark_line(strokeWidth=2).encode(
        x=_x("x:Q", labels["axis_input"]), y=_y("y:Q", None), color=_colours(*(labels[name] for name in names))
    )  # fmt: skip
    return finished(chart, PAGE, LOW)


def _biases(labels: Labels) -> Any:
    x = _x("x:Q", labels["axis_difference"], scale=alt.Scale(zero=True))
    zero = base().mark_rule(color=PAGE.muted, strokeDash=[4, 4]).encode(x=alt.XDatum(0))
    points = base().mark_tick(color=PAGE.train, thickness=2, height=18, opacity=0.7).encode(x=x)
    interval = base().mark_rule(color=PAGE.stop, strokeWidth=4, yOffset=16).encode(x="min(low):Q", x2="max(high):Q")
    mean = base().mark_point(filled=True, size=90, opacity=1, color=PAGE.stop, yOffset=16).encode(x="mean(mean):Q")
    return finished(zero + points + interval + mean, PAGE, 70)


def _bagging(labels: Labels) -> Any:
    y = _names("of:N")
    x = _x("x:Q", labels["axis_agreement"], format=SHARE, scale=alt.Scale(zero=False))
    ticks = base().mark_tick(color=PAGE.train, thickness=1.5, height=18, opacity=0.6).encode(x=x, y=y)
    means = base().mark_point(filled=True, size=90, opacity=1, color=PAGE.stop).encode(x=alt.X("mean(mean):Q"), y=y)
    return finished(ticks + means, PAGE, {"step": STRIP})


PICTURES: dict[str, Callable[[Labels], Any]] = {
    "adamw": _adamw,
    "bias": _bias,
    "dead": _dead,
    "modes": _modes,
    "slope": lambda labels: _curves(labels, "derivative"),
    "biases": _biases,
    "ranges": lambda labels: _curves(labels, "sigmoid", "tanh"),
    "bagging": _bagging,
}
