"""`checkup` divides soundly, and says by networks what a leak would have pretended; healthy twins are left alone."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.model_selection import KFold

import whyfit
from whyfit.errors import ArgumentError


def found(report):
    return {finding.code: finding for finding in report.findings if finding.question == "splits"}


def contrast(report, kind):
    return next((one for one in report.evidence.splits.contrasts if one.kind == kind), None)


def coins(seed=0, *, rows=200, copied=400):
    """Labels of a fair coin: whatever is better than a half is a copy that training has seen."""
    rng = np.random.default_rng(seed)
    values, target = rng.normal(size=(rows, 8)), rng.integers(0, 2, rows)
    of = rng.integers(0, rows, copied)
    order = rng.permutation(rows + copied)
    return np.concatenate([values, values[of]])[order], np.concatenate([target, target[of]])[order]


def test_copies_are_no_part_of_the_score_and_what_they_pretended_is_said():
    report = whyfit.checkup(coins(), budget="60n")
    numbers = found(report)["splits.copies_kept"].numbers
    assert report.evidence.splits.by == "groups"
    assert report.evidence.score.estimate.low < 0.5 < report.evidence.score.estimate.high
    assert numbers["score_with"] < numbers["score_without"] - 0.05
    assert (numbers["low"] > 0, numbers["networks"]) == (True, 20)
    assert report.provenance["networks_for_leaks"] == 20
    assert numbers["copies"] > 50
    at_random = whyfit.checkup(coins(), by="random", budget="10n")
    assert at_random.evidence.score.estimate.value < report.evidence.score.estimate.value - 0.05
    assert "splits.copies" in found(at_random)
    twin = whyfit.checkup(coins(copied=0), budget="60n")
    assert (twin.evidence.splits.contrasts, twin.evidence.splits.by) == ((), "stratified")


def patients(*, leak=True):
    rng = np.random.default_rng(0)
    who = rng.integers(0, 80, 400)
    values = rng.normal(size=(80, 4))[who] + 0.3 * rng.normal(size=(400, 4))
    sick = (rng.normal(size=80)[who] + 0.3 * rng.normal(size=400) > 0).astype(int)
    shown = who if leak else rng.integers(0, 80, 400)
    return {"patient": [f"p{one}" for one in shown], **{f"x{i}": values[:, i] for i in range(4)}, "sick": sick}


def test_groups_that_nobody_declared_are_kept_whole_and_their_leak_is_measured():
    report = whyfit.checkup(patients(), target="sick", budget="60n")
    numbers = found(report)["splits.groups_kept"].numbers
    assert 0 < numbers["low"] < numbers["score_without"] - numbers["score_with"] < numbers["high"]
    assert report.evidence.score.estimate.low < numbers["score_without"] < report.evidence.score.estimate.high
    twin = whyfit.checkup(patients(leak=False), target="sick", budget="10n")
    assert not {"splits.groups_kept", "splits.group_column"} & set(found(twin))


def test_an_order_in_time_has_its_autocorrelation_and_both_scores():
    rng = np.random.default_rng(0)
    walk = np.cumsum(rng.normal(size=(400, 4)), axis=0)
    source = {"day": np.datetime64("2026-01-01") + np.arange(400), **{f"x{i}": walk[:, i] for i in range(3)}}
    source |= {"load": walk[:, 3]}
    numbers = found(whyfit.checkup(source, target="load", budget="40n"))["splits.time_kept"].numbers
    assert numbers["autocorrelation"] > 0.9 > numbers["within_chance"]
    assert numbers["score_with"] < numbers["score_without"]
    declared = found(whyfit.checkup(source, target="load", time="day", budget="40n"))
    assert declared["splits.forward"].numbers["networks"] == 20


def test_a_column_that_is_the_target_is_left_out_and_one_that_nearly_is_stays():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 200)
    source = {"useful": y + rng.normal(size=200), "y": y}
    left_out = whyfit.checkup({**source, "told": 7 - y}, target="y", budget="60n")
    numbers = found(left_out)["splits.target_left_out"].numbers
    assert left_out.evidence.score.estimate.low > 0.1
    assert (numbers["score_with"], numbers["score_without"] > 0.1) == (0, True)
    nearly = whyfit.checkup({**source, "told": y + 0.01 * rng.normal(size=200)}, target="y", budget="60n")
    assert nearly.evidence.score.estimate.value == 0
    assert found(nearly)["splits.target_in_disguise"].numbers["score_without"] > 0.1
    twin = whyfit.checkup(source, target="y", budget="10n")
    assert not {"splits.target_left_out", "splits.target_in_disguise"} & set(found(twin))


def test_row_numbers_of_sorted_rows_are_left_out_and_what_they_would_have_told_is_measured():
    rng = np.random.default_rng(0)
    y = np.arange(240) // 80
    report = whyfit.checkup({"id": np.arange(240), "a": y + rng.normal(size=240), "y": y}, target="y", budget="60n")
    numbers = found(report)["splits.identifier_left_out"].numbers
    assert numbers["score_with"] < 0.5 * numbers["score_without"]


def test_choosing_columns_before_the_split_pretends_and_choosing_inside_does_not():
    """Coins again: 300 columns of noise, of which some please all rows by chance."""
    rng = np.random.default_rng(0)
    report = whyfit.checkup((rng.normal(size=(100, 300)), rng.integers(0, 2, 100)), cv=KFold(5), budget="60n")
    facts = contrast(report, "selection")
    assert facts.difference.low > 0
    assert facts.score_with < 0.4 < facts.score_without
    assert found(report)["splits.selected_inside"].severity == "note"
    assert found(report)["splits.scaled_inside"].numbers["networks"] == 20


@pytest.mark.parametrize("more", [{"groups": "patient"}, {"cv": 3}], ids=["groups", "cv"])
def test_two_ways_to_divide_exclude_each_other(more):
    with pytest.raises(ArgumentError, match="exclude each other"):
        whyfit.checkup(patients(), target="sick", by="random", budget="10n", **more)


def test_few_groups_are_divided_by_as_many_folds_and_two_are_refused_with_what_to_do():
    source = patients()
    three = {**source, "patient": [int(name[1:]) % 3 for name in source["patient"]]}
    report = whyfit.checkup(three, target="sick", groups="patient", budget="6n")
    assert report.evidence.splits.folds == 3
    two = {**source, "patient": [int(name[1:]) % 2 for name in source["patient"]]}
    with pytest.raises(ArgumentError, match="leave `groups` out"):
        whyfit.checkup(two, target="sick", groups="patient", budget="6n")
