"""The observer leaves nothing behind, changes nothing, and takes itself off when it fails."""

import copy
import pickle
import random

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim import optimizer as torch_optimizer
from torch.utils.data import dataloader

from watch.planted import classes, curve, fit, net, observed
from whyfit.doors.watch_session import Watch
from whyfit.errors import ArgumentError
from whyfit.probes.all import run_probes
from whyfit.vitals.journal import Journal
from whyfit.vitals.look import Look
from whyfit.vitals.observer import Observer
from whyfit.vitals.read import read_folder


def traces():
    """Everything of torch's that an observer touches."""
    functions = {name: getattr(nn.functional, name) for name in ("cross_entropy", "mse_loss", "nll_loss", "l1_loss")}
    hooks = torch.nn.modules.module
    return {
        "engine": torch.autograd._engine_run_backward,
        "loader": vars(dataloader._BaseDataLoaderIter)["__next__"],
        "saving": torch.autograd.graph.saved_tensors_hooks.__enter__,
        "steps": (
            dict(torch_optimizer._global_optimizer_pre_hooks),
            dict(torch_optimizer._global_optimizer_post_hooks),
        ),
        "modules": (dict(hooks._global_parameter_registration_hooks), dict(hooks._global_module_registration_hooks)),
        "call": [vars(kind).get("__call__") for kind in (nn.Sequential, nn.Linear, nn.Module)],
        **functions,
    }


def digest(model):
    return b"".join(p.detach().numpy().tobytes() for p in model.parameters())


RECIPES = {
    "adam": lambda m: fit(m, classes()),
    "momentum": lambda m: fit(m, classes(), rule=torch.optim.SGD(m.parameters(), lr=0.1, momentum=0.9)),
    "dropout": lambda m: fit(nn.Sequential(m, nn.Dropout(0.3)), classes()),
    "squares": lambda m: fit(
        nn.Sequential(m, nn.ReLU(inplace=True), nn.Linear(3, 1)), (classes()[0], curve()[1]), nn.functional.mse_loss
    ),
}


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_watched_training_ends_with_the_same_bits(recipe):
    results = []
    for watched in (False, True):
        model = net()
        torch.manual_seed(11)
        run = lambda model=model: RECIPES[recipe](model)  # noqa: E731
        observed(run) if watched else run()
        results.append((digest(model), torch.rand(1).item()))
    assert results[0] == results[1]


def test_everything_is_taken_back_at_the_end():
    before = traces()
    observed(lambda: fit(net(), classes(), steps=20))
    assert traces() == before


def fails():
    fit(net(), classes(), steps=5)
    raise ZeroDivisionError


def test_everything_is_taken_back_after_an_error():
    before = traces()
    with pytest.raises(ZeroDivisionError), Watch(net()):
        fails()
    assert traces() == before


def test_nothing_stands_on_the_network_while_it_is_watched(tmp_path):
    observer = Observer(Journal(tmp_path), 0.9)
    observer.install()
    try:
        model = fit(net(), classes(), steps=20)
        assert not any(m._forward_hooks or m._forward_pre_hooks or m._backward_hooks for m in model.modules())
        assert b"whyfit" not in pickle.dumps(model)
        assert digest(copy.deepcopy(model)) == digest(model)
    finally:
        observer.end()


def states():
    return torch.get_rng_state().tolist(), random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002


def test_random_states_stand_where_they_stood(tmp_path):
    """The probes run at the end, after the last random number of the script."""
    observer = Observer(Journal(tmp_path), 0.9, run_probes)
    observer.install()
    fit(net(between=nn.Sequential(nn.ReLU(), nn.Dropout(0.5))), classes(), steps=30)
    before = states()
    observer.end()
    assert states() == before
    assert read_folder(tmp_path)[0].probes


def test_an_observer_that_fails_takes_itself_off_and_the_script_goes_on(tmp_path, monkeypatch):
    before = traces()
    monkeypatch.setattr(Look, "read", lambda self: 1 / 0)
    observer = Observer(Journal(tmp_path), 0.9)
    observer.install()
    model = fit(net(), classes(), steps=20)
    assert traces() == before
    observer.end()
    (seen,) = read_folder(tmp_path)
    assert seen.failed[0][1].startswith("ZeroDivisionError")
    assert digest(model) == digest(fit(net(), classes(), steps=20))


def test_second_order_closures_and_gradients_taken_by_hand_are_followed():
    def closures():
        model, (x, y) = net(), classes()
        rule = torch.optim.LBFGS(model.parameters(), max_iter=5)

        def closure():
            rule.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            return loss

        for _ in range(4):
            rule.step(closure)

    def by_hand():
        model, (x, y) = net(), classes()
        for _ in range(20):
            gradients = torch.autograd.grad(nn.functional.cross_entropy(model(x), y), list(model.parameters()))
            with torch.no_grad():
                for parameter, gradient in zip(model.parameters(), gradients, strict=True):
                    parameter.sub_(0.2 * gradient)

    seen = observed(closures)
    assert seen.steps == 4
    assert seen.backwards > 4
    seen = observed(by_hand)
    assert (seen.steps, seen.backwards) == (0, 20)
    assert all(row.gradient > 0 for look in seen.looks for row in look.parameters)


def test_checkpointed_layers_are_not_read_since_reading_would_run_them_again():
    from torch.utils.checkpoint import checkpoint

    model, (x, y) = net(), classes()
    seen = observed(lambda: nn.functional.cross_entropy(checkpoint(model, x, use_reentrant=False), y).backward())
    assert seen.own_saving
    assert seen.looks[0].layers == ()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_scripted_function_compiles_while_watched(tmp_path):
    class Loss(nn.Module):
        def forward(self, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
            return nn.functional.mse_loss(a, b)

    observer = Observer(Journal(tmp_path), 0.9)
    observer.install()
    try:
        scripted = torch.jit.script(Loss())
        assert scripted(torch.ones(3), torch.zeros(3)).item() == 1.0
    finally:
        observer.end()


def test_the_report_of_a_session_knows_its_questions():
    with Watch(net()) as watch:
        fit(net(last=nn.Softmax(dim=1)), classes(), steps=60)
    report = watch.report()
    assert report.door == "watch"
    assert report.findings[0].code == "activations.softmax_twice"
    assert len(report.answers) == 12


def test_a_session_that_watched_nothing_says_so():
    with pytest.raises(ArgumentError, match="nothing has been watched"):
        Watch().report()
    with pytest.raises(ArgumentError, match="over 0"):
        Watch(overhead=0)
