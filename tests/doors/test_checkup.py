"""`whyfit.checkup` on data with a known answer, from Python."""

import json

import numpy as np
import pytest

import whyfit
from whyfit.errors import ArgumentError

NOISE = np.random.default_rng(0)
X = NOISE.normal(size=(120, 3))
TRUTH = X @ np.array([1.0, -2.0, 0.5])


def test_a_linear_truth_is_found_and_beats_the_constant():
    report = whyfit.checkup((X, TRUTH + 0.1 * NOISE.normal(size=120)), budget="20n")
    score = report.evidence.score
    assert score.estimate.high < 0.5 * score.baseline


@pytest.mark.parametrize("offset", [0.0, 1e6, 1e9])
def test_a_score_does_not_depend_on_where_the_target_has_its_zero(offset):
    """In float32 an offset of 1e9 would round every prediction to a multiple of 64."""
    evidence = whyfit.checkup((X, TRUTH + offset), budget="10n").evidence
    assert evidence.score.estimate.value == pytest.approx(evidence.gap.score_error, rel=1e-3)
    assert evidence.score.estimate.value < 0.2 * evidence.score.baseline


def test_networks_that_diverge_are_a_finding_and_the_report_is_written(tmp_path):
    (tmp_path / "wild.toml").write_text('learning_rate = 1.0\noptimizer = "sgd"\n')
    report = whyfit.checkup((X, TRUTH), budget="60n", recipe=tmp_path / "wild.toml")
    report.save(tmp_path / "r.json")
    document = json.loads((tmp_path / "r.json").read_text())
    assert report.findings[0].code == "gradients.not_finite"
    assert "overfitting.none" not in {finding["code"] for finding in document["findings"]}


def test_two_runs_with_a_budget_in_networks_agree():
    first, second = (whyfit.checkup((X, TRUTH > 0), budget="30n", seed=4) for _ in range(2))
    assert first.evidence.score == second.evidence.score
    assert [repr(finding) for finding in first.findings] == [repr(finding) for finding in second.findings]


def test_another_seed_is_another_study():
    first, second = (whyfit.checkup((X, TRUTH > 0), budget="10n", seed=seed) for seed in (0, 1))
    assert first.evidence.score != second.evidence.score


def test_a_flip_is_declared_by_its_name_and_for_images_alone():
    with pytest.raises(ArgumentError, match="must be among 'flip', 'flip_vertical', got 'flop'"):
        whyfit.checkup(budget="10n", label_preserving="flop")
    with pytest.raises(ArgumentError, match="is for images"):
        whyfit.checkup((X, TRUTH), budget="10n", label_preserving=["flip"])
