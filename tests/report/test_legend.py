"""Legends on a page: what the colours of a chart mean, of what is in it."""

import pytest

from report.samples import hostile_script, sample, stored, watched
from whyfit.report.charts.catalogue import CHARTS, chart_named
from whyfit.report.charts.fill import filled
from whyfit.report.charts.legend import legend_of, without_legend
from whyfit.text import Words

WITH_LEGEND = ("curves", "steps", "gradients", "updates", "remedies", "decomposition", "modes", "start", "norms")


def keys(name, rows, document):
    return legend_of(filled(chart_named(name), document, Words(), rows), rows)


def test_an_entry_without_a_row_is_not_in_the_legend():
    row = {"step": 1, "part": "training rows", "mean": 1.0, "low": 1.0, "high": 1.0}
    document = stored(watched)
    assert [key.text for key in keys("steps", [row], document)] == ["training rows"]
    both = keys("steps", [row, row | {"part": "held-out rows"}], document)
    assert [(key.text, key.symbol, key.colour) for key in both] == [
        ("training rows", "stroke", "var(--train)"),
        ("held-out rows", "stroke", "var(--stop)"),
    ]


def test_entries_that_the_rows_bring_have_the_colours_of_the_scale_in_turn():
    rows = [{"depth": n, "layer": f"{n + 1} · fc", "time": 1, "value": 1.0} for n in range(3)]
    assert [key.colour for key in keys("gradients", rows, stored(sample))] == [f"var(--depth-{n})" for n in range(3)]


@pytest.mark.parametrize("make", [sample, watched, hostile_script])
@pytest.mark.parametrize("kind", CHARTS, ids=[kind.name for kind in CHARTS])
def test_a_chart_that_has_a_legend_and_rows_says_what_its_colours_mean(kind, make):
    document = stored(make)
    rows = kind.rows(document, Words())
    vega = filled(kind, document, Words(), rows)
    assert bool(legend_of(vega, rows)) == bool(rows and "legends" in vega)
    assert "legends" not in without_legend(vega)


def test_charts_of_several_colours_have_one():
    document = stored(sample)
    assert all("legends" in filled(chart_named(name), document, Words(), []) for name in WITH_LEGEND)
