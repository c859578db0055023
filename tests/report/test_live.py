"""The report as Python users hold it."""

import subprocess
import sys

import altair as alt
import pytest

from report.samples import empty, sample
from whyfit.errors import ArgumentError
from whyfit.evidence.question import Question
from whyfit.report import LiveReport, read_document
from whyfit.report.charts.catalogue import CHARTS
from whyfit.text import Words

REPORT = LiveReport.of(sample())


def test_most_charts_have_something_to_draw_here():
    assert sum(bool(kind.rows(REPORT.document, Words())) for kind in CHARTS) >= 12


def test_it_answers_by_question():
    one = REPORT["relu"]
    assert one.question is Question.RELU
    assert one.answer is REPORT.answers[Question.RELU]
    assert [finding.code for finding in one.findings] == ["relu.dead"]


def test_an_unknown_question_is_refused_with_the_twelve():
    with pytest.raises(ArgumentError, match="there is no question 'colour'; there are splits, bias_variance"):
        REPORT["colour"]


@pytest.mark.parametrize("kind", CHARTS, ids=lambda kind: kind.name)
def test_every_chart_is_an_altair_chart_of_its_frame_or_says_what_is_missing(kind):
    if not kind.rows(REPORT.document, Words()):
        with pytest.raises(ArgumentError, match="it was not measured"):
            REPORT.chart(kind.name)
        return
    chart = REPORT.chart(kind.name)
    assert isinstance(chart, alt.TopLevelMixin)
    text = chart.to_json()
    [rows] = chart.to_dict()["datasets"].values()
    assert len(rows) == REPORT.frame(kind.name).height > 0
    assert "@chart" not in text
    assert "var(" not in text


def test_it_saves_itself(tmp_path):
    REPORT.save(tmp_path / "report.json")
    assert read_document(tmp_path / "report.json") == REPORT.document
    REPORT.save(tmp_path / "report.html", lang="zh")
    assert "过拟合" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_to_is_refused(tmp_path):
    with pytest.raises(ArgumentError, match=r"must end in \.html or \.json"):
        REPORT.save(tmp_path / "report.pdf")
    with pytest.raises(ArgumentError, match="the report cannot be written: no such file or directory"):
        REPORT.save(tmp_path / "none" / "report.json")


def test_it_draws_itself_in_a_notebook_in_the_language_of_the_locale(monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    assert "133 of the scored rows" in REPORT._repr_html_()
    assert "interrupted" not in LiveReport.of(empty())._repr_html_()
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "133 of the scored rows" not in REPORT._repr_html_()
    assert Words("zh").label("trained", networks="", seconds="")[:2] in REPORT._repr_html_()


def test_importing_the_room_imports_no_drawing_library():
    code = "import sys, whyfit.report; print(*{'altair', 'rich', 'jinja2', 'polars', 'torch'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
