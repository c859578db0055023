"""Each finding's evidence is drawn in its card, or pointed to where another finding has drawn it."""

import re

from report.samples import sample, stored, watched
from whyfit.evidence.question import Question
from whyfit.report.charts.catalogue import CHARTS
from whyfit.report.drawn import BY_CODE, BY_QUESTION, LAST, chart_of
from whyfit.report.html import to_html
from whyfit.report.phrases import findings_that_matter
from whyfit.text.catalogue import entries

NAMES = {kind.name for kind in CHARTS}


def test_every_chart_that_is_named_exists_and_every_code_has_words():
    wanted = {name for names in (*BY_CODE.values(), *BY_QUESTION.values(), LAST) for name in names}
    assert wanted <= NAMES
    assert set(BY_QUESTION) == set(Question)
    for code in BY_CODE:
        question, _, name = code.partition(".")
        assert name in entries("en", question) or name in entries("en", "watched")[question], code


def test_every_finding_that_matters_is_drawn_once_or_points_to_where_it_is():
    for make in (sample, watched):
        page = to_html(stored(make))
        cards = re.findall(r'<article class="finding .*?</article>', page, flags=re.DOTALL)
        assert len(cards) == len(findings_that_matter(stored(make))) >= 1
        drawn = re.findall(r'<figure class="evidence" data-chart="(\w+)"', page)
        assert len(drawn) == len(set(drawn)) >= 1
        for card in cards:
            assert ('<figure class="evidence"' in card) + ("#evidence-" in card) == 1


def test_a_report_without_charts_has_none_to_draw():
    assert chart_of("relu.dead", Question.RELU, ()) is None
