"""Findings said while the script runs: each once, only when it holds, never a verdict on a run that has not ended."""

import io
import json
import sys

import pytest

from whyfit.doors.watch_door import WatchOptions, watch_script
from whyfit.doors.watch_live import Judging, Standing, line_of, to_standard_error
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.evidence.observation import Observation
from whyfit.exams.watched.all import AT_THE_END, CANNOT_PASS, CAUSES

DEAD = Finding("relu.layer_dead", Severity.WARNING, {"layer": "0"}, Where(layer="0"))
SERIOUS = Severity.SERIOUS

LONG = """
import sys, time
from pathlib import Path
import torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(0)
x, y = torch.randn(64, 4), torch.randint(0, 3, (64,))
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3){last})
rule = torch.optim.Adam(model.parameters())
start = time.monotonic()
while time.monotonic() - start < {seconds} and not Path(sys.argv[1]).exists():
    rule.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    rule.step()
    time.sleep(0.01)
"""


def test_a_finding_is_said_once_when_the_run_has_doubled_with_it():
    standing = Standing()
    said = [standing.new((DEAD,), backwards) for backwards in (100, 199, 200, 400)]
    assert said == [[], [], [DEAD], []]


def test_a_finding_that_went_away_in_between_begins_anew():
    standing = Standing()
    said = [standing.new(found, backwards) for found, backwards in (((DEAD,), 100), ((), 150), ((DEAD,), 200))]
    assert said == [[], [], []]


def test_what_cannot_pass_is_said_at_once_and_a_verdict_on_the_whole_run_never():
    standing = Standing()
    now, never = Finding(min(CANNOT_PASS), SERIOUS), Finding(min(AT_THE_END), SERIOUS)
    assert standing.new((now, never), 10) == [now]
    assert standing.new((now, never), 1000) == []


def test_consequences_and_notes_wait_for_the_report():
    standing = Standing()
    quiet = (Finding("relu.units_dead", Severity.NOTE), Finding("relu.layer_dead", SERIOUS, because="x"))
    assert [standing.new(quiet, backwards) for backwards in (10, 100)] == [[], []]


def test_every_code_that_is_treated_apart_is_one_of_the_causal_map():
    assert set(CAUSES) >= AT_THE_END | CANNOT_PASS


def test_a_line_says_severity_step_sentence_and_place_in_both_languages():
    seen = Observation(steps=1200, backwards=1200)
    english, chinese = line_of(DEAD, seen, "en"), line_of(DEAD, seen, "zh")
    assert english.startswith("whyfit, after 1,200 steps: warning: ")
    assert "“0”" in english
    assert "\n" not in english + chinese
    assert chinese.startswith("whyfit，第 1,200 步之后")


@pytest.mark.parametrize("stream", [None, io.StringIO()])
def test_a_standard_error_that_is_gone_silences_the_lines(monkeypatch, stream):
    if stream is not None:
        stream.close()
    monkeypatch.setattr(sys, "stderr", stream)
    to_standard_error("en")(DEAD, Observation())


@pytest.mark.parametrize(
    ("last", "seconds", "said"), [(", nn.Softmax(dim=1)", 60, ["activations.softmax_twice"]), ("", 6, [])]
)
def test_a_faulty_script_is_told_while_it_runs_and_its_healthy_twin_is_not(tmp_path, capfd, last, seconds, said):
    """The faulty one goes on until something has been said, however busy the machine is."""
    path, enough = tmp_path / "train.py", tmp_path / "enough"
    path.write_text(LONG.format(last=last, seconds=seconds), encoding="utf-8")
    lines = []

    def say(finding, _):
        lines.append(finding.code)
        enough.touch()

    report, _ = watch_script([str(path), str(enough)], WatchOptions(say=say))
    assert lines == said
    assert set(said) <= {finding.code for finding in report.findings}
    capfd.readouterr()


def test_a_journal_that_cannot_be_read_now_is_left_for_the_end(tmp_path):
    (tmp_path / "1.jsonl").write_text(json.dumps({"kind": "look"}) + "\n", encoding="utf-8")
    Judging(tmp_path, lambda *_: pytest.fail("nothing can be said")).judge()
