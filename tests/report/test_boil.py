"""Many curves become a mean and a band."""

import dataclasses

import numpy as np
import pytest

from report.samples import run
from whyfit.evidence.evidence import Evidence
from whyfit.evidence.outcome import Curves
from whyfit.report.boil import MOST_EPOCHS, MOST_MOMENTS, series_of
from whyfit.report.thin import thinned


def constant(value, epochs, **changes):
    curves = Curves(*(np.full(epochs, float(value)) for _ in range(4)))
    return dataclasses.replace(run(), curves=curves, vitals=(), **changes)


def test_a_band_holds_mean_and_percentiles_of_the_runs_still_training():
    runs = (*(constant(value, 3) for value in range(10)), constant(100, 5))
    [part] = series_of(Evidence(runs=runs)).curves
    assert part.epochs == (1, 2, 3, 4, 5)
    assert part.running == (11, 11, 11, 1, 1)
    expected = np.array([*range(10), 100.0])
    assert part.train_loss.mean[0] == pytest.approx(expected.mean(), rel=1e-5)
    assert part.train_loss.low[0] == pytest.approx(np.percentile(expected, 10), rel=1e-5)
    assert part.train_loss.high[0] == pytest.approx(np.percentile(expected, 90), rel=1e-5)
    assert part.train_loss.mean[4] == 100


def test_runs_of_one_name_stand_together():
    runs = (run(0, name="plain"), run(1, name="dropout"), run(2, name="plain"))
    assert [(part.name, part.networks) for part in series_of(Evidence(runs=runs)).curves] == [
        ("plain", 2),
        ("dropout", 1),
    ]


def test_what_was_not_measured_is_none_and_infinite_values_count_as_that():
    curves = Curves(np.array([1.0, np.inf]), np.ones(2), np.full(2, np.nan), np.ones(2))
    diverged = dataclasses.replace(run(), curves=curves, status="diverged")
    [part] = series_of(Evidence(runs=(diverged,))).curves
    assert part.train_loss.mean == (1.0, None)
    assert part.stop_loss.mean == (None, None)


def test_a_run_that_ended_before_its_first_epoch_has_no_curve():
    assert series_of(Evidence(runs=(constant(0, 0),))).curves == ()


def test_layers_hold_the_median_over_networks_at_each_sampled_epoch():
    runs = tuple(run(seed) for seed in range(5))
    [part] = series_of(Evidence(runs=runs)).layers
    assert [layer.name for layer in part.layers] == ["hidden 1", "hidden 2", "output"]
    assert [moment.epoch for moment in part.moments] == sorted({m.epoch for one in runs for m in one.vitals})
    seen = np.median([one.vitals[0].layers[0].gradient_norm for one in runs])
    assert part.layers[0].numbers["gradient_norm"][0] == pytest.approx(seen, rel=1e-5)
    assert part.layers[0].numbers["dead_share"][2] == pytest.approx(1 / 128, rel=1e-5)
    assert "mean" not in part.layers[0].numbers


def test_a_long_run_is_thinned_but_keeps_its_ends():
    [part] = series_of(Evidence(runs=(run(epochs=5000, stopped=5000),))).curves
    assert len(part.epochs) <= MOST_EPOCHS
    assert part.epochs[0] == 1
    assert part.epochs[-1] == 5000
    [layers] = series_of(Evidence(runs=(run(epochs=5000, stopped=5000),))).layers
    assert len(layers.moments) <= MOST_MOMENTS


@pytest.mark.parametrize(("count", "most"), [(0, 3), (1, 3), (3, 3), (1000, 7)])
def test_thinning_is_sorted_and_distinct(count, most):
    kept = thinned(count, most)
    assert kept == sorted(set(kept))
    assert len(kept) <= most
    assert not count or (kept[0], kept[-1]) == (0, count - 1)


def test_no_evidence_gives_no_series():
    series = series_of(Evidence())
    assert (series.curves, series.layers, series.score, series.gap) == ((), (), None, None)
