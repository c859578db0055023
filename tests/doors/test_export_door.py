"""A recommended recipe leaves whyfit: as a script, its weights, and the recipe."""

from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import load_file

import whyfit
from doors.leaving import predicted_without_whyfit
from report.samples import sample
from study.fakes import table
from whyfit.doors.export_door import WayOut, all_rows
from whyfit.errors import ArgumentError
from whyfit.report.live import LiveReport
from whyfit.training.recipe_file import read_recipe

QUICK = whyfit.Recipe(epochs=3)


def test_all_rows_train_but_those_that_it_stops_by():
    data = table(rows=100, classes=2)
    split = all_rows(data, QUICK, seed=0)
    assert (split.train.size, split.stop.size, split.score.size) == (85, 15, 0)
    assert all_rows(data, QUICK.but(patience=None), seed=0).train.tolist() == list(range(100))


def test_rows_with_an_order_in_time_stop_by_the_last_ones():
    data = table(rows=100, classes=2)
    data = replace(data, time=np.arange(100.0)[::-1])
    split = all_rows(data, QUICK, seed=0)
    assert split.stop.max() < split.train.min()


def test_a_report_writes_a_network_of_its_recipe_that_predicts_without_whyfit(tmp_path):
    noise = np.random.default_rng(0)
    x = noise.standard_normal((80, 3))
    report = whyfit.checkup((x, (x[:, 0] > 0).astype(int)), budget="10n")
    assert {path.name for path in report.export(tmp_path / "out")} == {
        "predict.py",
        "weights.safetensors",
        "recipe.toml",
    }
    outputs = predicted_without_whyfit(tmp_path / "out", {f"x{i}": x[:, i].tolist() for i in range(3)})
    assert (outputs.argmax(axis=1) == (x[:, 0] > 0)).mean() > 0.9


def test_what_is_written_is_the_network_that_the_recipe_gives(tmp_path):
    data = table(rows=80, classes=2)
    for folder in ("a", "b"):
        WayOut(data, QUICK, 0, "cpu")(tmp_path / folder)
    WayOut(data, QUICK, 1, "cpu")(tmp_path / "other")
    first, again, other = (load_file(tmp_path / name / "weights.safetensors") for name in ("a", "b", "other"))
    assert all((first[name] == again[name]).all() for name in first)
    assert any((first[name] != other[name]).any() for name in first)
    assert read_recipe(tmp_path / "a" / "recipe.toml") == QUICK


def test_a_report_that_holds_no_data_says_so(tmp_path):
    with pytest.raises(ArgumentError, match="this report holds no data to train on"):
        LiveReport.of(sample()).export(tmp_path / "out")
