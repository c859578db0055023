"""Habits of scripts that an observer may trip over: each runs bare twice, then watched, and ends with the same bits."""

import copy
import hashlib

import pytest
import torch
from torch import nn

from watch.planted import alarms, classes, net, observed
from whyfit.exams.watched.base import updates

CROSS = nn.functional.cross_entropy


def digest(tensors):
    return hashlib.sha256(b"".join(t.detach().float().numpy().tobytes() for t in tensors)).hexdigest()


def batches(steps=60, size=32):
    x, y = classes()
    draw = torch.Generator().manual_seed(7)
    for _ in range(steps):
        rows = torch.randint(0, len(x), (size,), generator=draw)
        yield x[rows], y[rows]


def closures(rule_of, *, zeroes=True, steps=60, size=32):
    """A step that calls the loss itself, as Lightning's do."""
    model = net()
    rule = rule_of(model.parameters())
    for x, y in batches(steps, size):

        def closure(x=x, y=y):
            if zeroes:
                rule.zero_grad()
            loss = CROSS(model(x), y)
            loss.backward()
            return loss

        rule.step(closure)
    return digest(model.parameters())


def searches(steps):
    """LBFGS on many rows: it calls its closure several times a step."""
    return closures(lambda p: torch.optim.LBFGS(p, max_iter=4, line_search_fn="strong_wolfe"), steps=steps, size=1024)


def adam(parameters):
    return torch.optim.Adam(parameters, lr=0.02)


def scaled(scaler=None):
    """Mixed precision as torch teaches it, with a scale that grows and is unscaled before clipping."""
    model = net()
    rule = torch.optim.SGD(model.parameters(), lr=0.3)
    for step, (x, y) in enumerate(batches()):
        rule.zero_grad()
        loss = CROSS(model(x), y)
        if scaler is None:
            loss.backward()
            rule.step()
            continue
        scaler.scale(loss).backward()
        if step % 2:
            scaler.unscale_(rule)
            nn.utils.clip_grad_norm_(model.parameters(), 1e9)
        scaler.step(rule)
        scaler.update()
    return digest(model.parameters())


def grad_scaler():
    return torch.amp.GradScaler("cpu", init_scale=2.0**10, growth_interval=7)


@pytest.fixture(autouse=True)
def forgotten():
    """Whether anything was compiled is known of the whole process: forget it."""
    yield
    torch._dynamo.reset()
    torch._dynamo.utils.counters.clear()


def compiled():
    torch._dynamo.reset()
    model = net(between=nn.Tanh())
    fast = torch.compile(model, backend="aot_eager")
    rule = adam(model.parameters())
    for x, y in batches(20):
        rule.zero_grad()
        CROSS(fast(x), y).backward()
        rule.step()
    with torch.no_grad():
        return digest([*model.parameters(), fast(classes()[0])])


def averaged():
    model = net()
    rule = adam(model.parameters())
    mean = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.9))
    teacher = copy.deepcopy(model)
    for x, y in batches():
        rule.zero_grad()
        with torch.no_grad():
            told = teacher(x)
        (CROSS(model(x), y) + 0.1 * (model(x) - told).pow(2).mean()).backward()
        rule.step()
        mean.update_parameters(model)
    return digest([*mean.parameters(), *teacher.parameters()])


def attention():
    torch.manual_seed(2)
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    model = nn.Sequential(nn.TransformerEncoder(layer, 2, enable_nested_tensor=False), nn.Flatten(), nn.Linear(32, 3))
    rule = adam(model.parameters())
    x, y = torch.randn(64, 4, 8), torch.randint(0, 3, (64,))
    seen = []
    for _ in range(10):
        model.train()
        rule.zero_grad()
        CROSS(model(x), y).backward()
        rule.step()
        model.eval()
        with torch.inference_mode():
            seen.append(model(x).clone())
    return digest(seen)


HABITS = {
    "closures": lambda: closures(adam),
    "lbfgs": lambda: searches(8),
    "scaled": lambda: scaled(grad_scaler()),
    "compiled": compiled,
    "averaged": averaged,
    "attention": attention,
}


@pytest.mark.parametrize("habit", HABITS)
def test_a_script_of_this_habit_ends_with_the_same_bits_watched(habit):
    train, results = HABITS[habit], []
    for _ in range(2):
        torch.manual_seed(11)
        results.append(train())
    torch.manual_seed(11)
    seen = observed(lambda: results.append(train()))
    assert results[0] == results[1]  # the script equals itself
    assert results[2] == results[0]
    assert seen.failed == ()
    assert seen.backwards
    assert alarms(seen) == []


def test_steps_with_closures_are_measured_like_any_other():
    """One step a look: how far it went, and that its gradients were reset inside the closure."""
    seen = observed(lambda: closures(adam))
    (owner,) = seen.optimizers
    assert (owner.steps, owner.kept) == (60, 0)
    assert owner.reset >= 58
    assert len(updates(seen)) == len(seen.looks) >= 20
    assert all(0 < size < 1 for _, size in updates(seen))


def test_a_search_along_a_line_is_one_look_a_step():
    """The look waits for the step's end."""
    seen = observed(lambda: searches(8))
    assert seen.steps == 8
    assert seen.backwards > 8
    assert len(seen.looks) == 8
    assert len(updates(seen)) == 8


def test_closures_that_never_zero_are_found():
    assert alarms(observed(lambda: closures(adam, zeroes=False)))[0] == "optimizers.gradients_kept"


def test_what_a_scaler_multiplied_is_divided_out_again():
    """Powers of two are exact in float32: the looks are those of the same run without a scaler, to the bit."""
    plain, seen = observed(scaled), observed(lambda: scaled(grad_scaler()))
    assert [look.loss for look in seen.looks] == [look.loss for look in plain.looks]
    pairs = zip(seen.looks, plain.looks, strict=True)
    for one, other in pairs:
        assert [row.gradient for row in one.parameters] == [row.gradient for row in other.parameters]
        assert [layer.delta_std for layer in one.layers] == [layer.delta_std for layer in other.layers]
    assert seen.looks[0].head.plain


def test_a_compiled_network_is_said_to_be_one():
    seen = observed(compiled)
    assert seen.compiled
    assert seen.steps == 20
    assert seen.curves
