"""Two reports side by side."""

import io
import math

import numpy as np
import pytest

from report.samples import FINDINGS, empty, estimate, hostile, remedy, sample, stored, watched
from whyfit.errors import DataError
from whyfit.evidence.evidence import Evidence, ScoreFacts
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.report import document_of
from whyfit.report.compare import compare
from whyfit.report.compare_terminal import compare_files, render_comparison
from whyfit.report.files import write_report
from whyfit.report.screen import WIDTH


def scored(value, half=0.004, metric="error", **changes):
    score = ScoreFacts(metric, estimate(value, value - half, value + half), 0.9)
    return document_of(sample((), evidence=Evidence(score=score, **changes)))


def found(*findings):
    return document_of(sample(findings, evidence=Evidence()))


def test_a_report_compared_with_itself_has_not_changed():
    document = stored(sample)
    comparison = compare(document, document)
    assert comparison.score.direction == "not_decided"
    assert (comparison.findings, comparison.remedies, comparison.questions) == ((), (), ())
    assert comparison.same_data
    assert not comparison.worse


@pytest.mark.parametrize(
    ("after", "direction"), [(0.020, "better"), (0.026, "not_decided"), (0.034, "not_decided"), (0.040, "worse")]
)
def test_a_score_changes_beyond_chance_or_not(after, direction):
    comparison = compare(scored(0.030), scored(after))
    assert comparison.score.direction == direction
    assert comparison.worse == (direction == "worse")


def test_the_interval_is_that_of_independent_scores():
    change = compare(scored(0.03, 0.003), scored(0.04, 0.004)).score
    assert change.low == pytest.approx(0.01 - math.hypot(0.004, 0.003))
    assert change.high == pytest.approx(0.01 + math.hypot(0.004, 0.003))


def test_equal_networks_are_called_different_in_at_most_one_of_twenty():
    """Planted: two independent estimates of the same score, normal with known error; 200 pairs, fixed seed."""
    random, error = np.random.default_rng(0), 0.002
    pairs = 0.03 + error * random.standard_normal((200, 2))
    base, half = scored(0.03), 1.96 * error

    def at(value):
        score = base.score.model_copy(update={"mean": value, "low": value - half, "high": value + half})
        return base.model_copy(update={"score": score})

    changed = sum(compare(at(a), at(b)).score.direction != "not_decided" for a, b in pairs)
    assert changed <= 18  # 200 at 5 % give at most 18 with probability 0.993


def test_scores_in_different_units_are_not_compared():
    assert compare(scored(0.03), scored(0.03, metric="squared_error")).score is None
    assert compare(scored(0.03), stored(empty)).score is None


COPIES = Finding("splits.copies", Severity.SERIOUS, {"copies": 3})
DEAD = Finding("relu.dead", Severity.WARNING, {"dead": 60, "units": 128}, Where(layer="fc1"))


def test_a_new_warning_is_worse_and_a_new_note_is_not_alarming():
    assert compare(found(), found(DEAD)).worse
    note = Finding("splits.small", Severity.NOTE, {"rows": 30})
    comparison = compare(found(), found(note))
    assert [change.direction for change in comparison.findings] == ["worse"]
    assert not comparison.worse


def test_a_finding_that_is_gone_is_better():
    comparison = compare(found(COPIES, DEAD), found(DEAD))
    assert [(change.finding.code, change.direction) for change in comparison.findings] == [("splits.copies", "better")]
    assert not comparison.worse


def test_the_same_code_elsewhere_is_another_finding():
    elsewhere = Finding("relu.dead", Severity.WARNING, {"dead": 60, "units": 128}, Where(layer="fc2"))
    comparison = compare(found(DEAD), found(elsewhere))
    assert [change.direction for change in comparison.findings] == ["worse", "better"]
    assert comparison.worse


def test_a_finding_that_became_more_serious_is_worse():
    serious = Finding("relu.dead", Severity.SERIOUS, {"dead": 128, "units": 128}, Where(layer="fc1"))
    [change] = compare(found(DEAD), found(serious)).findings
    assert (change.before, change.after, change.alarming) == (Severity.WARNING, Severity.SERIOUS, True)


def test_remedies_with_another_verdict_are_named():
    before = scored(0.03, remedies=(remedy("l2", 0.001, 0.002, "not decided"),))
    after = scored(0.03, remedies=(remedy("l2", 0.004, 0.002, "helps"),))
    [change] = compare(before, after).remedies
    assert (change.name, change.before, change.after) == ("l2", "not decided", "helps")


def test_other_data_is_said():
    other = document_of(sample(data={"fingerprint": "0" * 32}))
    assert compare(stored(sample), other).same_data is False
    assert compare(stored(sample), stored(empty)).same_data is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_comparison_fits_the_terminal(language):
    before, after = stored(sample), stored(hostile)
    text = render_comparison(compare(before, after), before, after, language)
    assert all(len(line) <= WIDTH for line in text.splitlines())
    assert "\x1b" not in text


def test_a_comparison_reads_as_sentences():
    better = [finding for finding in FINDINGS if finding.code != "splits.copies"]
    before, after = stored(sample), document_of(sample(better))
    text = " ".join(render_comparison(compare(before, after), before, after).split())
    assert "The error rate did not change beyond chance: 2.7 % before, 2.7 % now" in text
    assert "Better serious → not there 133 of the scored rows (7.4 %) are copies of training rows." in text
    assert text.endswith("Nothing got worse beyond chance.")


def test_stored_reports_are_compared_and_the_answer_is_fit_for_a_build(tmp_path):
    files = {}
    for name, report in {"good": found(), "bad": found(DEAD)}.items():
        files[name] = tmp_path / f"{name}.json"
        write_report(report, files[name], "en")
    said = io.StringIO()
    assert compare_files(files["good"], files["bad"], "en", said)
    assert "Something got worse." in said.getvalue()
    assert not compare_files(files["bad"], files["good"], "zh", said)
    with pytest.raises(DataError):
        compare_files(files["good"], tmp_path / "none.json", "en", said)


def test_a_finding_that_is_gone_keeps_the_units_of_its_own_report():
    """The later report may have no score, or one in other units."""
    gap = Finding("overfitting.overfits", Severity.NOTE, {"gap": 0.014, "train": 0.0, "score": 0.014})
    score = ScoreFacts("error", estimate(0.014, 0.01, 0.02), 0.9)
    before, after = document_of(sample((gap,), evidence=Evidence(score=score))), document_of(sample(()))
    after = after.model_copy(update={"score": None})
    assert "1.4 %" in render_comparison(compare(before, after), before, after)


def test_what_the_later_report_did_not_look_at_is_not_better():
    gone = Finding("splits.copies", Severity.SERIOUS, {"copies": 3})
    before = document_of(sample((gone,)))
    looked = document_of(sample(()))
    unlooked = document_of(empty())
    assert [one.direction for one in compare(before, looked).findings] == ["better"]
    assert unlooked.questions.splits.status == "not measured"
    assert "splits.copies" not in [one.finding.code for one in compare(before, unlooked).findings]


def test_reports_of_different_commands_are_refused_with_what_to_do(tmp_path):
    files = {}
    for name, report in {"checked": document_of(sample()), "seen": stored(watched)}.items():
        files[name] = tmp_path / f"{name}.json"
        write_report(report, files[name], "en")
    said = io.StringIO()
    with pytest.raises(DataError, match="`whyfit watch` cannot be compared with one of `whyfit checkup`"):
        compare_files(files["checked"], files["seen"], "en", said)
    assert said.getvalue() == ""


def test_a_new_note_stands_apart_from_what_got_worse():
    before, note = found(), found(Finding("splits.small", Severity.NOTE, {"rows": 30}))
    text = render_comparison(compare(before, note), before, note)
    assert "Noted now, and no alarm" in text
    assert "Worse" not in text
    assert text.rstrip().endswith("No alarm is new or more serious; the scores were not compared.")
    alarming = found(DEAD)
    assert "Worse" in render_comparison(compare(before, alarming), before, alarming)


def test_what_cannot_be_compared_is_said_first():
    before, after = scored(0.03), scored(0.03, metric="squared_error")
    lines = render_comparison(compare(before, after), before, after).split()
    said = " ".join(lines)
    assert "The scores cannot be compared: the error rate before, the squared error now." in said
    bare = found()
    assert "Neither report has a score" in render_comparison(compare(bare, bare), bare, bare)
