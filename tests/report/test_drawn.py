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


def test_a_finding_shows_what_it_was_found_by_and_not_its_neighbours():
    there = {"activation", "steps", "scored_rows", "updates", "norms", "rate_by_step"}
    assert chart_of("activations.softmax_twice", Question.ACTIVATIONS, there) == "steps"
    assert chart_of("activations.none_between", Question.ACTIVATIONS, there) == "activation"
    assert chart_of("splits.scored_rows_trained_on", Question.SPLITS, there) == "scored_rows"
    assert chart_of("splits.constant_columns", Question.SPLITS, there) == "steps"
    assert chart_of("optimizers.rate_too_high", Question.OPTIMIZERS, there) == "updates"
    assert chart_of("batchnorm.statistics_stale", Question.BATCHNORM, there) == "norms"
