"""The same rows in both modes: dropout raises the loss the more the higher its rate; without modes nothing is there."""

import numpy as np
import pytest

from study.test_revisit import SMALL, trained
from whyfit.study.mode_losses import mode_facts


def test_dropout_costs_loss_in_training_mode_and_a_network_without_it_is_not_looked_at():
    assert mode_facts((), trained(SMALL)) == ()
    [much], [little] = (mode_facts((), trained(SMALL.but(dropout=rate))) for rate in (0.5, 0.1))
    assert much.training - much.evaluation > little.training - little.evaluation > 0
    assert (much.name, much.fits) == ("plain", 3)


def test_evaluation_mode_is_what_the_outcomes_say():
    results = trained(SMALL.but(batch_norm="before"))
    [facts] = mode_facts((), results)
    finals = [outcome.final for outcome in results.outcomes[:3]]
    assert facts.evaluation == pytest.approx(np.mean([final.train_loss for final in finals]))
    assert facts.unseen == pytest.approx(np.mean([final.score_loss for final in finals]))


def test_of_the_other_arms_only_those_with_another_dropout_or_norm_are_looked_at():
    plain, dropped, longer = trained(SMALL), trained(SMALL.but(dropout=0.25)), trained(SMALL.but(epochs=9))
    found = mode_facts([(None, [dropped, longer])], plain)
    assert [facts.evaluation < facts.training for facts in found] == [True]


def test_without_torch_nothing_is_looked_at(monkeypatch):
    results = trained(SMALL.but(dropout=0.5))
    monkeypatch.setattr("whyfit.study.revisit.find_spec", lambda name: None)
    assert mode_facts((), results) == ()
