"""Each finding's evidence is drawn in its card, or pointed to where another finding has drawn it."""

import re

import pytest

from report.samples import sample, stored, watched
from whyfit.evidence.question import Question
from whyfit.report.charts.catalogue import CHARTS
from whyfit.report.drawn import BY_CODE, BY_QUESTION, LOSS, chart_of
from whyfit.report.html import to_html
from whyfit.report.phrases import findings_that_matter
from whyfit.text.catalogue import entries

NAMES = {kind.name for kind in CHARTS}


def words_of(code):
    question, _, name = code.partition(".")
    found = entries("en", question).get(name) or entries("en", "watched")[question][name]
    return " ".join(str(text) for text in found.values())


def test_every_chart_that_is_named_exists_and_every_code_has_words():
    wanted = {name for names in (*BY_CODE.values(), *BY_QUESTION.values()) for name in names}
    assert wanted <= NAMES
    assert set(BY_QUESTION) == set(Question)
    assert all(words_of(code) for code in BY_CODE)


def test_no_finding_is_drawn_twice_and_one_that_points_points_to_a_drawing():
    for make in (sample, watched):
        page = to_html(stored(make))
        cards = re.findall(r'<article class="finding .*?</article>', page, flags=re.DOTALL)
        assert len(cards) == len(findings_that_matter(stored(make))) >= 1
        drawn = re.findall(r'<figure class="evidence" data-chart="(\w+)"', page)
        assert len(drawn) == len(set(drawn)) >= 1
        assert set(re.findall(r'href="#evidence-(\w+)"', page)) <= set(drawn)
        for card in cards:
            assert ('<figure class="evidence"' in card) + ("#evidence-" in card) <= 1


def test_a_report_without_charts_has_none_to_draw():
    assert chart_of("relu.dead", Question.RELU, ()) is None


def test_a_finding_shows_what_it_was_found_by_and_not_its_neighbours():
    there = {"activation", "steps", "scored_rows", "updates", "norms", "rate_by_step", "gradients", "start", "symmetry"}
    assert chart_of("activations.softmax_twice", Question.ACTIVATIONS, there) == "steps"
    assert chart_of("activations.none_between", Question.ACTIVATIONS, there) == "activation"
    assert chart_of("splits.scored_rows_trained_on", Question.SPLITS, there) == "scored_rows"
    assert chart_of("optimizers.rate_too_high", Question.OPTIMIZERS, there) == "updates"
    assert chart_of("batchnorm.statistics_stale", Question.BATCHNORM, there) == "norms"
    assert chart_of("initialization.signal_fades", Question.INITIALIZATION, there) == "start"
    assert chart_of("initialization.units_alike", Question.INITIALIZATION, there) == "symmetry"


@pytest.mark.parametrize(
    "code",
    [
        "splits.constant_columns",
        "splits.target_in_disguise",
        "splits.label_not_trained",
        "optimizers.unowned",
        "backprop.rows_mixed",
        "gradients.data_not_finite",
        "relu.units_dead",
    ],
)
def test_a_finding_that_no_chart_of_the_report_shows_is_drawn_by_none(code):
    there = {"steps", "curves", "splits", "gradients", "updates", "optimizers", "activation"}
    assert chart_of(code, Question(code.partition(".")[0]), there) is None


@pytest.mark.parametrize("code", [code for code, charts in BY_CODE.items() if charts == LOSS])
def test_a_loss_curve_stands_beside_words_about_the_loss(code):
    assert re.search(r"\bloss(es)?\b|learned", re.sub(r"\{.*?\}", "", words_of(code)).replace("(loss", "")), code
