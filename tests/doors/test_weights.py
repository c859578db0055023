"""Weights through the whole of `checkup`: planted rows that contradict each other, and the twin of equal weights."""

import json
import subprocess
import sys

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, matthews_corrcoef

import whyfit
from whyfit.errors import ArgumentError

DRAW = np.random.default_rng(2)
X = DRAW.normal(size=(300, 3))
HEAVY = np.arange(300) % 3 != 0
Y = np.where(HEAVY, X[:, 0] > 0, X[:, 0] <= 0).astype(int)
"""A third of the rows says the opposite of the others."""
W = np.where(HEAVY, 19.0, 2.0)
WRONG = 100 * 2.0 / (100 * 2.0 + 200 * 19.0)
"""The share of the weight that says the opposite: 5 %; unweighted it is a third."""


@pytest.fixture(scope="module")
def report():
    return whyfit.checkup((X, Y), weights=W, budget="40n", metric={"accuracy": accuracy_score})


def test_the_score_is_that_of_the_rows_that_weigh(report):
    bare = whyfit.checkup((X, Y), budget="40n")
    seen, other = report.evidence.score, bare.evidence.score
    assert seen.estimate.low < WRONG + 0.03
    assert seen.estimate.value < 0.15
    assert other.estimate.value > 0.25
    assert seen.estimate.low < seen.estimate.value < seen.estimate.high
    assert seen.baseline > 0.4


def test_every_part_of_the_report_goes_by_the_weights(report):
    evidence = report.evidence
    others = {one.name: one.estimate.value for one in evidence.score.others}
    assert others["balanced_accuracy"] > 0.85
    assert others["accuracy"] == pytest.approx(1 - evidence.score.estimate.value, abs=0.02)
    assert evidence.gap.score_error == pytest.approx(evidence.score.estimate.value, abs=0.02)
    assert all(one.error.value < 0.2 for one in evidence.score.classes)
    assert {one.loss for one in evidence.decomposition} <= {"zero_one", "cross_entropy"}
    for terms in evidence.decomposition:
        assert terms.error.value == pytest.approx(terms.bias_plus_noise.value + terms.variance.value)
        assert terms.noise_from != "repeats"
        assert terms.description == {}


def test_both_languages_say_that_rows_are_weighted(report, tmp_path):
    report.save(tmp_path / "r.json")
    told = json.loads((tmp_path / "r.json").read_text())["data"]["told"]
    facts = next(one["facts"] for one in told if one["code"] == "data.weights")
    assert facts["effective"] == pytest.approx(W.sum() ** 2 / (W**2).sum(), abs=0.1)
    report.save(tmp_path / "r.html")
    assert "Rows count by the weights" in (tmp_path / "r.html").read_text()


def test_equal_weights_give_the_report_without_weights():
    seen, bare = (whyfit.checkup((X, Y), weights=w, budget="15n") for w in (np.full(300, 2.0), None))
    assert seen.evidence.score == bare.evidence.score
    assert [one.code for one in seen.findings] == [one.code for one in bare.findings]


def test_weights_multiplied_by_a_number_are_the_same_weights():
    one, other = (whyfit.checkup((X, Y), weights=w, budget="15n").evidence.score for w in (W, 8.0 * W))
    assert one == other


def run(*arguments):
    command = [sys.executable, "-m", "whyfit", "checkup", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_takes_a_column(tmp_path):
    path = tmp_path / "rows.csv"
    rows = [f"{a},{b},{'yes' if y else 'no'},{w}" for (a, b, _), y, w in zip(X, Y, W, strict=True)]
    path.write_text("\n".join(["a,b,y,w", *rows]) + "\n")
    done = run(path, "--target", "y", "--weights", "w", "--budget", "10n", "--lang", "zh")
    assert done.returncode == 0
    assert "权重" in done.stderr
    path.write_text(path.read_text().replace(",19.0", ",-1", 1))
    done = run(path, "--target", "y", "--weights", "w", "--budget", "10n")
    assert done.returncode == 2
    assert "column 'w': the weight is -1" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_own_metric_must_take_the_weights():
    with pytest.raises(ArgumentError, match="sample_weight"):
        whyfit.checkup((X, Y), weights=W, budget="10n", metric=lambda y, p: float((y == p).mean()))
    assert whyfit.checkup((X, Y), weights=W, budget="10n", metric=matthews_corrcoef).networks == 10


def test_numbers_and_one_hold_out_part_go_by_weights_too():
    from sklearn.model_selection import ShuffleSplit

    line = np.where(HEAVY, X[:, 0], -X[:, 0])
    report = whyfit.checkup((X, line), weights=W, budget="20n")
    assert report.evidence.score.estimate.value < 0.5 * report.evidence.score.baseline
    once = whyfit.checkup((X, Y), weights=W, budget="6n", cv=ShuffleSplit(1, test_size=0.3, random_state=0))
    score = once.evidence.score.estimate
    assert score.low < score.value < score.high
    assert score.value < 0.2
