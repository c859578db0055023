"""Faults of rows, columns and labels that are seen as mechanisms; each healthy twin, one switch away, is silent."""

import pytest
import torch
from torch.nn import functional

from watch.planted import alarms, classes, codes_of, curve, fit, found_and_silent, net, observed, score


def by_heart(broken):
    """Forty rows of noisy numbers, learned to the last digit; the twin has enough of them."""
    draw = torch.Generator().manual_seed(3)
    x = torch.randn(1000, 6, generator=draw)
    y = x[:, :1] + 0.3 * torch.randn(1000, 1, generator=draw)
    model, rows = net(outputs=1), 40 if broken else 800
    rule = torch.optim.Adam(model.parameters(), lr=0.01)
    for step in range(600 if broken else 60):
        batch = slice(None, rows) if broken else slice(13 * step, 13 * step + 32)
        rule.zero_grad()
        functional.mse_loss(model(x[batch]), y[batch]).backward()
        rule.step()
        if step % 20 == 19:
            with torch.no_grad():
                functional.mse_loss(model(x[800:]), y[800:])


def held_out_rows_trained_on(broken):
    """Every row is trained on, and a part of them is scored again and again as if it were new."""
    x, y = classes(400)
    model = fit(net(), (x, y) if broken else (x[:300], y[:300]), batch=64, steps=200)
    score(model, x[300:400])


def carried(broken):
    """Four folds by hand: each trains on the others' rows; the network is made anew, or not."""
    x, y = classes(400)
    model, kept = net(), []
    for fold in range(4):
        held = torch.arange(400) % 4 == fold
        model = model if broken else net()
        kept.append(model)
        fit(model, (x[~held], y[~held]), batch=64, steps=80)
        score(model, x[held], times=1)
        model.train()


def copied(broken):
    """Rows are drawn twice before the division; the twin draws within the training part alone."""
    x, y = classes(400)
    draw = torch.Generator().manual_seed(4)
    if broken:
        grown = torch.cat([torch.arange(400), torch.randint(0, 400, (400,), generator=draw)])
        grown = grown[torch.randperm(800, generator=draw)]
        own, other = grown[:560], grown[560:]
    else:
        own, other = torch.randint(0, 280, (560,), generator=draw), torch.arange(280, 400)
    model = fit(net(), (x[own], y[own]), batch=64, steps=150)
    score(model, x[other])


def answer_among_inputs(broken):
    x, y = curve()
    column = 3 * y - 1 if broken else torch.randn(len(y), 1, generator=torch.Generator().manual_seed(4))
    fit(net(inputs=5, outputs=1), (torch.cat([x, column], 1), y), functional.mse_loss)


def label_not_trained(broken):
    x, y = classes(400)
    order = torch.argsort(y) if broken else torch.arange(400)
    own = order[: int((y < 2).sum())]
    model = fit(net(), (x[own], y[own]))
    rest = order[len(own) :]
    with torch.no_grad():
        functional.cross_entropy(model.eval()(x[rest]), y[rest])


def scaled_otherwise(broken):
    x, y = classes(400)
    model = fit(net(), (x[:300], y[:300]), batch=64)
    score(model, 20 * x[300:] + 60 if broken else x[300:])


FAULTS = {
    "splits.scaled_otherwise": scaled_otherwise,
    "splits.scored_rows_trained_on": held_out_rows_trained_on,
    "splits.weights_carried": carried,
    "splits.target_in_inputs": answer_among_inputs,
    "splits.label_not_trained": label_not_trained,
    "overfitting.by_heart": by_heart,
}

test_a_planted_fault_is_found_first, test_its_twin_is_silent = found_and_silent(FAULTS)


@pytest.mark.parametrize("broken", [True, False])
def test_copies_of_many_digits_are_no_chance(broken):
    """Training rows equal each other on both sides of the switch; scored ones equal them on one."""
    assert alarms(observed(lambda: copied(broken))) == ["splits.scored_rows_trained_on"] * broken


def test_rows_of_few_values_may_equal_training_rows():
    x = torch.randint(0, 3, (400, 4), generator=torch.Generator().manual_seed(5)).float()
    y = x[:, :3].argmax(1)

    def script():
        score(fit(net(inputs=4), (x[:300], y[:300]), batch=64), x[300:], times=1)

    assert alarms(observed(script)) == []


@pytest.mark.parametrize("what", ["all rows", "the rows of each batch"])
def test_a_score_on_training_rows_is_no_division_gone_wrong(what):
    x, y = classes(300)
    model, rule = net(), None
    rule = torch.optim.Adam(model.parameters(), lr=0.02)

    def script():
        for step in range(90):
            rows = torch.arange(300)[step * 32 % 300 :][:32]
            rule.zero_grad()
            functional.cross_entropy(model(x[rows]), y[rows]).backward()
            rule.step()
            if step % 9 == 0:
                with torch.no_grad():
                    model(x if what == "all rows" else x[rows])

    assert alarms(observed(script)) == []


def test_an_autoencoder_is_given_what_it_is_to_answer():
    x, _ = classes()
    assert alarms(observed(lambda: fit(net(outputs=6), (x, x), functional.mse_loss, steps=300))) == []


@pytest.mark.parametrize("constant", [True, False])
def test_a_number_that_is_always_the_same_is_named(constant):
    x, y = curve()
    train = observed(lambda: fit(net(inputs=4, outputs=1), (x, y * (not constant)), functional.mse_loss))
    assert ("splits.constant_label" in codes_of(train)) == constant


def pictures_in_black_and_white(*, leaked):
    """Rows of eight zeros and ones: few are possible, so some repeat by chance."""
    draw = torch.Generator().manual_seed(3)
    x = (torch.rand(400, 14, generator=draw) > 0.5).float()
    y = (x[:, :3].sum(1) > 1).long()
    trained, scored = x[:300], torch.cat([x[300:], x[:60]]) if leaked else x[300:]
    answers = torch.cat([y[300:], y[:60]]) if leaked else y[300:]
    model = net(inputs=14, outputs=2)
    rule = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(15):
        for rows in torch.randperm(300, generator=draw).split(50):
            rule.zero_grad()
            functional.cross_entropy(model(trained[rows]), y[:300][rows]).backward()
            rule.step()
    for _ in range(3):
        with torch.no_grad():
            functional.cross_entropy(model(scored), answers)


def test_rows_that_repeat_by_chance_are_held_against_how_rows_of_one_batch_repeat():
    assert "splits.scored_rows_trained_on" in alarms(observed(lambda: pictures_in_black_and_white(leaked=True)))
    assert alarms(observed(lambda: pictures_in_black_and_white(leaked=False))) == []
