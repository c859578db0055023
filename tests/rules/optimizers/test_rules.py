"""Every rule against `torch.optim`, 200 steps on one noisy quadratic, at default and other settings."""

from dataclasses import dataclass, field

import numpy as np
import pytest
import torch

from whyfit.errors import ArgumentError
from whyfit.evidence.recipe import Recipe
from whyfit.rules.optimizers import decay_of, optimizers

STEPS, SIZE = 200, 67
"""67 is no multiple of a vector's width: the loop's remainder is tested too."""


@dataclass(frozen=True)
class Case:
    """One rule beside its peer: whyfit's settings, and the same in torch's names."""

    name: str
    peer: type
    ours: dict = field(default_factory=dict)
    torchs: dict = field(default_factory=dict)
    rate: float | None = None

    def __str__(self) -> str:
        return f"{self.name}{'-other' if self.ours else ''}"


optim = torch.optim
CASES = [
    Case("sgd", optim.SGD),
    Case("momentum", optim.SGD, {}, {"momentum": 0.9}),
    Case("momentum", optim.SGD, {"momentum": 0.5}, {"momentum": 0.5}, 0.1),
    Case("nesterov", optim.SGD, {}, {"momentum": 0.9, "nesterov": True}),
    Case("nesterov", optim.SGD, {"momentum": 0.99}, {"momentum": 0.99, "nesterov": True}, 0.01),
    Case("adagrad", optim.Adagrad),
    Case("adagrad", optim.Adagrad, {"eps": 1e-3}, {"eps": 1e-3}, 0.3),
    Case("adadelta", optim.Adadelta),
    Case("adadelta", optim.Adadelta, {"rho": 0.95, "eps": 1e-4}, {"rho": 0.95, "eps": 1e-4}, 0.5),
    Case("rmsprop", optim.RMSprop),
    Case("rmsprop", optim.RMSprop, {"alpha": 0.9, "momentum": 0.8}, {"alpha": 0.9, "momentum": 0.8}, 0.003),
    Case("adam", optim.Adam),
    Case("adam", optim.Adam, {"beta1": 0.8, "beta2": 0.99, "eps": 1e-3}, {"betas": (0.8, 0.99), "eps": 1e-3}, 0.05),
    Case("adam_l2", optim.Adam, {}, {"weight_decay": 0.01}),
    Case("adamw", optim.AdamW, {}, {"weight_decay": 0.01}),
    Case("nadam", optim.NAdam),
    Case("nadam", optim.NAdam, {"beta1": 0.95, "momentum_decay": 0.1}, {"betas": (0.95, 0.999), "momentum_decay": 0.1}),
    Case("radam", optim.RAdam),
    Case("radam", optim.RAdam, {"beta2": 0.9}, {"betas": (0.9, 0.9)}, 0.01),
    Case("adamax", optim.Adamax),
    Case("adamax", optim.Adamax, {"beta2": 0.9}, {"betas": (0.9, 0.9)}, 0.02),
    Case("asgd", optim.ASGD),
    Case("asgd", optim.ASGD, {"lambd": 0.1, "alpha": 0.5, "t0": 50}, {"lambd": 0.1, "alpha": 0.5, "t0": 50}, 0.1),
    Case("rprop", optim.Rprop),
    Case(
        "rprop",
        optim.Rprop,
        {"eta_minus": 0.7, "eta_plus": 1.5, "step_min": 1e-3, "step_max": 0.1},
        {"etas": (0.7, 1.5), "step_sizes": (1e-3, 0.1)},
    ),
    Case("amsgrad", optim.Adam, {}, {"amsgrad": True}),
]
ON_NUMBERS = [entry for entry in optimizers.values() if entry.works_on == "numbers"]
TOLERANCE = {np.float64: 1e-12, np.float32: 2e-5}
"""Of the largest weight; in float32 the last digit of 200 steps that feed on each other."""


@pytest.fixture(autouse=True)
def _torch_keeps_scalars_in_float64():
    """NAdam and ASGD keep numbers of their own in torch's default type."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def quadratic():
    """A gradient with curvatures 0.05 to about 4, and noise that turns signs."""
    rng = np.random.default_rng(1)
    root = rng.normal(size=(SIZE, SIZE)) / SIZE**0.5
    curvature, noise = root @ root.T + 0.05 * np.eye(SIZE), rng.normal(size=(STEPS, SIZE)) * 0.3
    return lambda w, t: curvature @ w + noise[t - 1]


def start(dtype):
    return np.random.default_rng(2).normal(size=SIZE).astype(dtype)


def walk(entry, settings, rate, dtype, schedule=lambda t: 1.0):
    """Ours: decay outside the rule, as every engine does it."""
    w, gradient = start(dtype), quadratic()
    state, numbers = np.zeros((entry.slots, SIZE), dtype), entry.settings_array(settings)
    decay = decay_of(Recipe(optimizer=entry.name))
    for t in range(1, STEPS + 1):
        g = (gradient(w, t) + decay.l2 * w).astype(dtype)
        w -= (rate * schedule(t) * decay.decoupled * w).astype(dtype)
        entry.step(w, g, state, rate * schedule(t), t, numbers)
    return w, state


def walk_of_torch(case, rate, dtype, schedule=lambda t: 1.0):
    w, gradient = torch.tensor(start(dtype), requires_grad=True), quadratic()
    peer = case.peer([w], lr=rate, **case.torchs)
    for t in range(1, STEPS + 1):
        peer.param_groups[0]["lr"] = rate * schedule(t)
        w.grad = torch.tensor(gradient(w.detach().numpy(), t).astype(dtype))
        peer.step()
    return w.detach().numpy(), peer.state[w]


def test_every_rule_has_a_peer_at_its_defaults():
    assert {case.name for case in CASES if not case.ours} == {entry.name for entry in ON_NUMBERS}


@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=lambda dtype: dtype.__name__)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_200_steps_equal_torch_optim(case, dtype):
    entry = optimizers[case.name]
    rate = case.rate or entry.rate
    ours, _ = walk(entry, case.ours, rate, dtype)
    torchs, _ = walk_of_torch(case, rate, dtype)
    assert np.abs(torchs - start(dtype)).max() > 1e-3  # it moved at all
    np.testing.assert_allclose(ours, torchs, rtol=0, atol=TOLERANCE[dtype] * np.abs(torchs).max())


@pytest.mark.parametrize("case", [c for c in CASES if not c.ours or c.name == "asgd"], ids=str)
def test_a_schedule_of_rates_is_followed_as_torch_follows_it(case):
    entry = optimizers[case.name]

    def cosine(t):
        return 0.5 * (1 + np.cos(np.pi * t / STEPS))

    rate = case.rate or entry.rate
    ours, _ = walk(entry, case.ours, rate, np.float64, cosine)
    torchs, _ = walk_of_torch(case, rate, np.float64, cosine)
    np.testing.assert_allclose(ours, torchs, rtol=0, atol=1e-12 * np.abs(torchs).max())


def test_the_average_of_asgd_equals_torchs():
    case = next(case for case in CASES if case.name == "asgd" and case.ours)
    _, state = walk(optimizers["asgd"], case.ours, case.rate, np.float64)
    _, of_torch = walk_of_torch(case, case.rate, np.float64)
    np.testing.assert_allclose(state[0], of_torch["ax"].numpy(), rtol=1e-12)


@pytest.mark.parametrize("entry", ON_NUMBERS, ids=lambda entry: entry.name)
def test_the_defaults_are_torchs(entry):
    case = next(case for case in CASES if case.name == entry.name and not case.ours)
    defaults = case.peer([torch.zeros(1)], **case.torchs).defaults
    pairs = {"beta1": ("betas", 0), "beta2": ("betas", 1), "eta_minus": ("etas", 0), "eta_plus": ("etas", 1)}
    pairs |= {"step_min": ("step_sizes", 0), "step_max": ("step_sizes", 1)}
    assert entry.rate == defaults["lr"]
    for setting in entry.settings:
        name, place = pairs.get(setting.name, (setting.name, None))
        assert setting.default == (defaults[name] if place is None else defaults[name][place])


@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=lambda dtype: dtype.__name__)
@pytest.mark.parametrize("entry", ON_NUMBERS, ids=lambda entry: entry.name)
def test_a_planted_nan_in_the_gradient_reaches_the_weight_and_no_other(entry, dtype):
    w, g, place = np.ones(SIZE, dtype), np.ones(SIZE, dtype), 41
    g[place] = np.nan
    entry.step(w, g, np.zeros((entry.slots, SIZE), dtype), 0.01, 1, entry.settings_array())
    if entry.name == "rprop":  # only the sign counts, and NaN has none: the gradient must be looked at before the rule
        assert np.isfinite(w).all()
    else:
        assert np.flatnonzero(np.isnan(w)).tolist() == [place]


@pytest.mark.parametrize("entry", ON_NUMBERS, ids=lambda entry: entry.name)
def test_a_weight_of_zero_with_no_gradient_stays_zero(entry):
    """The kernel pads its vectors with such numbers."""
    w, state = np.zeros(SIZE, np.float32), np.zeros((entry.slots, SIZE), np.float32)
    for t in range(1, 4):
        entry.step(w, np.zeros_like(w), state, entry.rate, t, entry.settings_array())
    assert (w == 0).all()


@pytest.mark.parametrize("entry", optimizers.values(), ids=lambda entry: entry.name)
def test_every_rule_but_the_root_grew_out_of_earlier_ones(entry):
    assert bool(entry.grew_from) == (entry.name != "sgd")
    assert all(optimizers[name].code != entry.code for name in entry.grew_from)
    assert entry.added
    ancestors, todo = set(), list(entry.grew_from)
    while todo:
        name = todo.pop()
        assert name != entry.name
        ancestors.add(name)
        todo += optimizers[name].grew_from
    assert entry.name == "sgd" or "sgd" in ancestors


@pytest.mark.parametrize("entry", optimizers.values(), ids=lambda entry: entry.name)
def test_the_default_rate_lies_in_the_sensible_ones(entry):
    low, high = entry.rates
    assert low < high
    assert low <= entry.rate <= high


def test_adam_with_l2_and_adamw_are_not_the_same_thing():
    """Equal rates and decays: they part where gradients differ in size."""
    results = [walk(optimizers[name], {}, 0.05, np.float64)[0] for name in ("adam", "adam_l2", "adamw")]
    apart = [np.abs(a - b).max() for a, b in [(results[0], results[1]), (results[1], results[2])]]
    assert min(apart) > 1e-4


def test_a_setting_that_the_rule_does_not_have_is_refused_with_those_it_has():
    with pytest.raises(ArgumentError, match=r"`settings` of 'momentum' .* got 'beta1'\. It has momentum\."):
        optimizers["momentum"].settings_array({"beta1": 0.9})
    with pytest.raises(ArgumentError, match=r"It has none\."):
        optimizers["sgd"].settings_array((("momentum", 0.9),))


def test_adadelta_says_that_its_papers_rate_is_one():
    assert optimizers["adadelta"].paper_rate == 1.0
