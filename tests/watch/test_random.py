"""Random small networks and loops: no error of ours, and the same bits with and without watching."""

import os
import tempfile
import warnings
from pathlib import Path

import torch
from hypothesis import given, seed, settings
from hypothesis import strategies as some
from torch import nn

from whyfit.exams.watched.all import examine_watched
from whyfit.probes.all import run_probes
from whyfit.vitals.journal import Journal
from whyfit.vitals.observer import Observer
from whyfit.vitals.read import read_folder

EXAMPLES = int(os.environ.get("WHYFIT_RANDOM_EXAMPLES", "12"))
"""The long evidence runs a thousand."""
SEED = int(os.environ.get("WHYFIT_RANDOM_SEED", "0"))
"""Others give other programs: a thousand may be run in slices."""
BETWEEN = (
    nn.ReLU,
    nn.Tanh,
    nn.Sigmoid,
    nn.GELU,
    nn.SELU,
    nn.Identity,
    nn.Softmax,
    nn.Dropout,
    nn.LayerNorm,
    nn.BatchNorm1d,
)
RULES = (torch.optim.SGD, torch.optim.Adam, torch.optim.RMSprop, torch.optim.Adagrad, torch.optim.Rprop)
LOSSES = ("cross_entropy", "mse", "own", "bce")


def layer(kind, width):
    if kind in (nn.LayerNorm, nn.BatchNorm1d):
        return kind(width)
    return kind(dim=-1) if kind is nn.Softmax else kind()


def build(plan):
    layers, width = [], 5
    for kind, units in plan["layers"]:
        layers += [nn.Linear(width, units), layer(kind, units)]
        width = units
    return nn.Sequential(*layers, nn.Linear(width, plan["outputs"]))


def loss_of(kind, output, draw):
    if kind == "cross_entropy":
        return nn.functional.cross_entropy(output, torch.randint(0, output.shape[1], (len(output),), generator=draw))
    target = torch.rand(output.shape, generator=draw)
    if kind == "bce":
        return nn.functional.binary_cross_entropy_with_logits(output, target)
    return nn.functional.mse_loss(output, target) if kind == "mse" else ((output - target).abs() + output.exp()).mean()


def closure_of(rule, loss):
    def closure():
        rule.zero_grad()
        loss.backward()
        return loss

    return closure


def train(plan):
    """A loop with whatever habits were drawn; the bits that it ends with."""
    torch.manual_seed(plan["seed"])
    draw = torch.Generator().manual_seed(plan["seed"])
    model = build(plan)
    rule = plan["rule"](model.parameters(), lr=plan["rate"])
    scaler = torch.amp.GradScaler("cpu", enabled=plan["scaled"], growth_interval=3)
    for step in range(plan["steps"]):
        if plan["zero"] and step % plan["zero"] == 0:
            rule.zero_grad(set_to_none=bool(step % 2))
        x = torch.randn(plan["batch"], 5, generator=draw) * plan["scale"]
        with torch.autocast("cpu", torch.bfloat16, enabled=plan["half"]):
            output = model(x)
        loss = loss_of(plan["loss"], output.float(), draw)
        if plan["closure"] and not plan["scaled"] and plan["rule"] is not torch.optim.Rprop:
            rule.step(closure_of(rule, loss))
        else:
            scaler.scale(loss).backward()
            if step % plan["every"] == 0:
                scaler.step(rule)
                scaler.update()
        if step % 7 == 6:
            model.train(mode=step % 2 == 0)
            with torch.no_grad():
                model(x)
    return b"".join(p.detach().numpy().tobytes() for p in model.parameters())


PLANS = some.fixed_dictionaries(
    {
        "layers": some.lists(some.tuples(some.sampled_from(BETWEEN), some.integers(1, 9)), max_size=4),
        "outputs": some.integers(1, 4),
        "loss": some.sampled_from(LOSSES),
        "rule": some.sampled_from(RULES),
        "rate": some.sampled_from([1e-6, 1e-2, 1.0, 1e6]),
        "batch": some.integers(2, 9),
        "scale": some.sampled_from([0.0, 1.0, 1e8, float("nan")]),
        "steps": some.integers(0, 25),
        "zero": some.integers(0, 3),
        "every": some.integers(1, 3),
        "half": some.booleans(),
        "closure": some.booleans(),
        "scaled": some.booleans(),
        "seed": some.integers(0, 1000),
    }
)


@seed(SEED)
@settings(max_examples=EXAMPLES, deadline=None, database=None)
@given(PLANS)
def test_any_loop_ends_with_the_same_bits_and_no_error_of_ours(plan):
    torch.set_num_threads(1)
    bare = train(plan)
    with tempfile.TemporaryDirectory() as place, warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        observer = Observer(Journal(Path(place)), 0.9, run_probes)
        observer.install()
        try:
            watched = train(plan)
        finally:
            observer.end()
        (seen,) = read_folder(Path(place)) or (None,)
    assert watched == bare
    if seen is not None:
        assert seen.failed == ()
        examine_watched(seen)
