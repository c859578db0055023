"""Several labels a row through the whole of `checkup`: planted labels, and a twin whose labels follow from nothing."""

import json
import subprocess
import sys

import numpy as np
import pytest

import whyfit
from whyfit.data.load import load

DRAW = np.random.default_rng(4)
X = DRAW.normal(size=(240, 4))
LABELS = np.stack([X[:, 0] > 0, X[:, 1] + X[:, 2] > 0.8, DRAW.random(240) < 0.5], axis=1).astype(int)
"""Two labels that follow from the inputs, and one by the toss of a coin."""
NAMES = ("first", "second", "coin")


def mapping(labels=LABELS, **more):
    return {f"x{i}": X[:, i] for i in range(4)} | dict(zip(NAMES, labels.T, strict=True)) | more


@pytest.fixture(scope="module")
def report():
    return whyfit.checkup(mapping(), target="first,second,coin", budget="40n")


def test_each_label_has_an_error_of_its_own(report):
    score = report.evidence.score
    assert score.metric == "hamming"
    errors = {one.name: one.error for one in score.classes}
    assert list(errors) == list(NAMES)
    assert errors["first"].high < 0.2
    assert errors["coin"].low < 0.5 < errors["coin"].high + 0.05
    assert score.estimate.value == pytest.approx(np.mean([one.value for one in errors.values()]))
    assert score.estimate.low < score.estimate.value < score.estimate.high < score.baseline
    assert [one.rows for one in score.classes] == LABELS.sum(axis=0).tolist()


def test_the_metrics_of_labels_stand_beside_it(report):
    others = {one.name: one.estimate for one in report.evidence.score.others}
    assert list(others) == ["macro_auc", "macro_f1", "subset_accuracy"]
    assert 0.6 < others["macro_auc"].value < 0.95
    assert others["subset_accuracy"].value < 0.6  # a coin is right half the time


def test_its_error_is_taken_apart(report):
    terms = {one.loss: one for one in report.evidence.decomposition}
    assert set(terms) == {"hamming", "binary_cross_entropy"}
    for one in terms.values():
        assert one.error.value == pytest.approx(one.bias_plus_noise.value + one.variance.value)


def test_both_drawings_and_the_json_name_the_labels(report, tmp_path, capsys):
    report.save(tmp_path / "r.json")
    stored = json.loads((tmp_path / "r.json").read_text())
    assert stored["data"]["task"] == "multilabel"
    assert stored["score"]["metric"] == "hamming"
    assert [one["name"] for one in stored["score"]["per_class"]] == list(NAMES)
    report.save(tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text()
    assert "share of wrong labels" in page
    assert "coin" in page


def test_labels_by_the_toss_of_a_coin_show_nothing_learned():
    tossed = DRAW.integers(0, 2, (240, 3))
    report = whyfit.checkup(mapping(tossed), target="first,second,coin", budget="25n")
    score = report.evidence.score
    assert score.estimate.high > score.baseline - 0.03
    auc = next(one.estimate for one in score.others if one.name == "macro_auc")
    assert auc.low < 0.5 < auc.high


def test_weights_count_in_labels_too():
    """Planted: light rows have every label turned round."""
    light = np.arange(240) % 3 == 0
    turned = np.where(light[:, None], 1 - LABELS, LABELS)
    weights = np.where(light, 0.1, 2.0)
    asked = {"target": "first,second,coin", "budget": "25n"}
    seen = whyfit.checkup(mapping(turned, w=weights), weights="w", **asked).evidence.score
    bare = whyfit.checkup(mapping(turned), **asked).evidence.score
    first, other = (next(one.error.value for one in score.classes if one.name == "first") for score in (seen, bare))
    assert first < 0.2 < other


def test_a_pair_of_arrays_is_read_as_labels_too():
    data = load((X, LABELS))
    assert (data.task, data.outputs, data.target_names) == ("multilabel", 3, ("0", "1", "2"))


def test_the_command_takes_several_targets_and_what_it_exports_gives_a_probability_a_label(tmp_path):
    path = tmp_path / "rows.csv"
    table = mapping()
    lines = [",".join(map(str, row)) for row in zip(*table.values(), strict=True)]
    path.write_text("\n".join([",".join(table), *lines]) + "\n")
    asked = ["--target", "first,second,coin", "--budget", "10n", "--lang", "zh", "--export", str(tmp_path / "net")]
    command = [sys.executable, "-m", "whyfit", "checkup", str(path), *asked]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "多标签" in done.stderr) == (0, True), done.stderr
    assert "错误标签比例" in done.stdout
    script = [sys.executable, "predict.py", str(path)]
    said = subprocess.run(script, capture_output=True, text=True, check=True, cwd=tmp_path / "net").stdout
    shares = np.array([[float(one) for one in line.split("\t")] for line in said.splitlines()])
    assert shares.shape == LABELS.shape
    assert ((shares[:, 0] > 0.5) == LABELS[:, 0]).mean() > 0.85


def test_several_numbers_are_scored_as_scikit_learn_scores_them():
    from sklearn.metrics import mean_absolute_error, r2_score

    values = np.stack([X[:, 0] + X[:, 1], 100.0 * X[:, 2]], axis=1) + 0.1 * DRAW.normal(size=(240, 2))
    report = whyfit.checkup((X, values), budget="25n", metric={"their_r2": r2_score, "their_mae": mean_absolute_error})
    others = {one.name: one.estimate.value for one in report.evidence.score.others}
    assert others["r2"] == pytest.approx(others["their_r2"])
    assert others["mae"] == pytest.approx(others["their_mae"])
    assert others["rmse"] == pytest.approx(np.sqrt(report.evidence.score.estimate.value), rel=0.2)
