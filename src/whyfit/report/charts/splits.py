"""The map of the division: which rows each network trains on, stops by and is scored on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import base, finished
from whyfit.report.document import Document
from whyfit.report.series import SplitsPart
from whyfit.text import Words

BAR = 26
MOST_FOLDS = 12
"""Folds that are drawn: by then it is clear how the others go on."""


def rows(document: Document, words: Words) -> Sequence[Row]:
    """One row a fold and part: sizes to scale; in truth the rows of a part lie scattered over the table."""
    splits = document.series.splits
    return [] if splits is None else [_named(row, words) for row in _bars(splits)]


def _bars(splits: SplitsPart) -> Iterator[Row]:
    """Fold by fold the scored rows move on, the stop rows come after them, and all others train."""
    total = splits.train + splits.stop + splits.score
    for fold in range(min(splits.folds, MOST_FOLDS)):
        begin = round((total - splits.score) * fold / max(1, splits.folds - 1))
        for part, low, high in _pieces(total, begin, splits.score, splits.stop):
            yield {"fold": fold + 1, "part": part, "begin": low, "end": high}


def _pieces(total: int, begin: int, score: int, stop: int) -> Iterator[tuple[str, int, int]]:
    """(part, begin, end); the stop rows follow the scored ones, and go on at the left where the table ends."""
    end = begin + score
    after = min(stop, total - end)
    around = stop - after
    pieces = [
        ("stop", 0, around),
        ("train", around, begin),
        ("score", begin, end),
        ("stop", end, end + after),
        ("train", end + after, total),
    ]
    return ((part, low, high) for part, low, high in pieces if high > low)


def _named(row: Row, words: Words) -> Row:
    begin, end = row["begin"], row["end"]
    assert isinstance(begin, int)
    assert isinstance(end, int)
    return row | {"part": words.label(f"chart_part_{row['part']}"), "rows": end - begin}


def draw(palette: Palette) -> Any:
    """One bar a fold."""
    import altair as alt  # noqa: PLC0415

    colour = alt.Color(
        "part:N",
        title="@chart_piece",
        legend=alt.Legend(title=None, symbolType="square"),
        scale=alt.Scale(
            domain=["@chart_part_train", "@chart_part_stop", "@chart_part_score"],
            range=[palette.rule, palette.train, palette.stop],
        ),
    )
    axis = alt.Axis(grid=False, tickCount=6)
    chart = (
        base()
        .mark_bar(height=alt.RelativeBandSize(0.7))
        .encode(
            x=alt.X("begin:Q", title="@chart_rows_of_data", axis=axis, scale=alt.Scale(nice=False)),
            x2="end:Q",
            y=alt.Y("fold:O", title="@chart_fold", axis=alt.Axis(ticks=False, domain=False)),
            color=colour,
            tooltip=[
                alt.Tooltip("fold:O", title="@chart_fold"),
                alt.Tooltip("part:N", title="@chart_piece"),
                alt.Tooltip("rows:Q", title="@chart_rows_of_data"),
            ],
        )
    )
    return finished(chart, palette, height={"step": BAR})


KIND = ChartKind(
    "splits",
    Question.SPLITS,
    rows,
    draw,
    (Column("fold", "count"), Column("part", None, "piece"), Column("rows", "count", "rows_of_data")),
)
