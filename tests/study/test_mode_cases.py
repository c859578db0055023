"""The cases of a study: of the plain network, and of the first arms that bring what it lacks."""

import numpy as np

from study.test_revisit import SMALL, trained
from whyfit.study.mode_cases import case_facts


def kinds(found):
    return [(one.kind, one.mode) for one in found]


def test_what_the_plain_network_lacks_is_read_off_the_arms_that_bring_it():
    plain, both = trained(SMALL), trained(SMALL.but(dropout=0.5, batch_norm="after"))
    found = case_facts([(None, [trained(SMALL.but(dropout=0.25)), both])], plain)
    assert kinds(found) == [(kind, mode) for mode in ("training", "evaluation") for kind in ("batch_norm", "dropout")]
    assert {one.layer for one in found} == {"hidden.0.after", "hidden.0.dropout"}
    assert [one.by_batch for one in found if one.kind == "batch_norm"] == [True, False]


def test_a_plain_network_with_both_needs_no_other():
    both = trained(SMALL.but(dropout=0.5, batch_norm="before"))
    found = case_facts([(None, [trained(SMALL.but(dropout=0.25))])], both)
    assert len(found) == 4
    assert {one.name for one in found} == {"plain"}


def test_of_several_rates_one_network_is_enough():
    rates = [trained(SMALL.but(dropout=rate)) for rate in (0.1, 0.5)]
    assert kinds(case_facts([(None, rates)], trained(SMALL))) == [("dropout", "training"), ("dropout", "evaluation")]


def test_a_study_says_the_same_twice():
    both = trained(SMALL.but(dropout=0.5, batch_norm="before"))
    assert case_facts([], both) == case_facts([], both)


def test_dropout_before_batch_norm_is_a_shift_of_variance_and_without_it_there_is_none():
    deep = SMALL.but(network=type(SMALL.network)((16, 16)))
    [with_it] = [
        one.variance_ratio
        for one in case_facts([], trained(deep.but(dropout=0.5, batch_norm="before")))
        if one.layer == "hidden.1.before" and one.mode == "training"
    ]
    alone = [one.variance_ratio for one in case_facts([], trained(deep.but(batch_norm="before")))]
    assert with_it > 1.3
    assert np.isclose(alone[0], 1.0)


def test_without_either_and_without_torch_there_is_none(monkeypatch):
    assert case_facts([], trained(SMALL)) == ()
    results = trained(SMALL.but(dropout=0.5))
    monkeypatch.setattr("whyfit.study.mode_cases.find_spec", lambda name: None)
    assert case_facts([], results) == ()
