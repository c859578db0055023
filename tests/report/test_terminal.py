"""The report in a terminal."""

import io
import re
import unicodedata

import pytest

from report.samples import HOSTILE, empty, estimate, hostile, hostile_script, remedy, sample, stored, watched
from whyfit.evidence.evidence import Evidence
from whyfit.evidence.question import Question
from whyfit.report import document_of
from whyfit.report.html import to_html
from whyfit.report.terminal import WIDTH, print_report, render
from whyfit.text import LANGUAGES, Words


def columns(line):
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", [sample, watched, empty, hostile, hostile_script])
def test_every_line_fits_eighty_columns_and_steers_nothing(make, language):
    text = render(stored(make), language)
    for line in text.splitlines():
        assert columns(line) <= WIDTH
        assert line == line.rstrip()
        assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in line)


def test_findings_come_first_then_the_score_then_the_questions():
    text = render(stored(sample))
    heads = ["Findings", "serious", "warning", "note", "Looked for and not there", "Score", "The twelve questions"]
    places = [text.index(f"\n{head}") for head in heads]
    assert places == sorted(places)
    for question in Question:
        assert Words().title(question) in text


def test_every_finding_stands_with_its_numbers():
    text = " ".join(render(stored(sample)).split())
    assert "copies 133 · share 7.4 % · expected by chance 0.2" in text
    assert "error rate on rows never seen in training: 2.7 % (2.1 to 3.4, 95 % interval)" in text
    assert "the best constant prediction: 90 %" in text


def test_every_remedy_stands_with_its_gain_interval_and_verdict():
    text = " ".join(render(stored(sample)).split())
    assert "more data +1.2 points 0.97 to 1.4 helps" in text
    assert "decoupled weight decay (0.1) +0.09 points −0.13 to 0.31 not decided (9,100 rows)" in text
    assert text.index("more data +") < text.index("an ensemble (8) +") < text.index("a smaller network (0.5) −")


def test_what_each_remedy_changed_stands_beside_what_it_costs():
    text = " ".join(render(stored(sample)).split())
    assert "an ensemble (8) −0.79 points −0.03 points 8 × 0.8 ×" in text
    assert "dropout (0.25) −0.6 points +0.19 points" in text


def test_sensitivity_has_a_column_only_where_it_was_measured_and_is_missed_aloud():
    assert "sensitivity" in render(stored(sample))
    change = estimate(-0.1, -0.2, 0.0)
    of_time = remedy("l1", 0.1, 0.1, "helps", variance_change=change, bias_change=change)
    text = render(document_of(sample((), evidence=Evidence(remedies=(of_time,)))))
    assert "sensitivity" not in text
    assert "was not measured: that needs PyTorch" in " ".join(text.split())


def test_a_remedy_whose_terms_were_not_measured_has_no_line_there():
    text = render(document_of(sample((), evidence=Evidence(remedies=(remedy("l1", 0.1, 0.1, "helps"),)))))
    assert "What each remedy changes" not in text


def test_a_number_beyond_reach_is_not_spelled_out():
    far = remedy("l1", 1e-9, 0.004, "not decided", missing="networks", needed=7.8e17)
    near = remedy("l2", 1e-3, 0.004, "not decided", missing="rows", needed=677.0)
    text = " ".join(render(document_of(sample((), evidence=Evidence(remedies=(far, near))))).split())
    assert "not decided (over 100,000)" in text
    assert "not decided (680 rows)" in text


def test_every_optimiser_stands_with_its_error_and_its_rates():
    text = " ".join(render(stored(sample)).split())
    assert "2.6 % 2.3 to 2.9 at rate 0.003, sound from 3 × 10⁻⁴ to 0.01" in text


def test_what_was_not_measured_has_no_empty_table():
    assert Words().label("remedies_gain") not in render(stored(empty))


def test_colour_is_for_terminals_only():
    assert "\x1b[" in render(stored(sample), colour=True)
    piped = io.StringIO()
    print_report(stored(sample), "en", piped)
    assert "\x1b" not in piped.getvalue()
    assert "133 of the scored rows" in piped.getvalue()


def test_a_stream_that_cannot_write_chinese_gets_what_it_can():
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding="ascii") as stream:
        print_report(stored(sample), "zh", stream)
        stream.flush()
        assert b"splits.copies" in raw.getvalue()


def test_markup_in_names_is_text():
    text = "".join(render(stored(hostile), colour=True).split())
    assert "[boldred]rich[/]" in text
    assert HOSTILE[4] not in text


def test_a_stopped_study_says_so_and_lists_all_questions():
    text = render(stored(empty))
    assert "interrupted" in text
    assert text.count("no network was trained to its end") == len(Question)


def test_a_watched_script_has_a_loss_in_place_of_a_score():
    text = render(stored(watched))
    assert text.startswith("whyfit watch\nwatched for 12.3 s, 235 steps\n")
    assert "\nScore\n" not in text


def test_a_long_name_wraps_between_words_and_its_verdict_is_whole():
    both = remedy(
        "batch_norm_and_dropout", 0.001, 0.004, "not decided", "before, dropout 0.25", missing="networks", needed=40
    )
    text = render(document_of(sample((), evidence=Evidence(remedies=(both,)))))
    assert "…" not in text
    said = f"{Words().term('batch_norm_and_dropout')} {Words().label('missing_networks', needed=40)}"
    assert set(re.findall(r"\w+", said)) <= set(re.findall(r"\w+", text))


def test_what_a_study_left_out_is_told_and_what_loading_inferred_is_not():
    told = [{"code": "study.flips_undeclared", "facts": {}}, {"code": "data.no_header", "facts": {}}]
    text = " ".join(render(document_of(sample(data={"told": told}))).split())
    assert "Flipped images were not tried" in text
    assert "--label-preserving flip" in text
    assert "The first line is no header" not in text


@pytest.mark.parametrize(("low", "title"), [(0.002, "Recommended recipe"), (-0.002, "Recipe with the least loss")])
def test_a_recipe_is_called_recommended_only_where_choosing_it_was_shown_to_gain(low, title):
    document = document_of(sample())
    said = document.model_copy(update={"recommended": document.recommended.model_copy(update={"low": low})})
    for page in (render(said), to_html(said)):
        assert title in page
        assert ("Not shown to gain" in page) is (low < 0)
