"""The parts of watching, each alone: the curve, the journal, rows, patches, names, the graph, the steps."""

import math

import pytest
import torch
from torch import nn

from whyfit.evidence.observation import Observation
from whyfit.exams.watched.fit import fit_of
from whyfit.vitals.curve import PLAIN, Curve
from whyfit.vitals.governor import FIRST_SECONDS, Governor
from whyfit.vitals.graph import following, read_graph
from whyfit.vitals.head import read_head
from whyfit.vitals.journal import Journal, entries
from whyfit.vitals.layers import read_layers
from whyfit.vitals.names import Names
from whyfit.vitals.numbers import distinct_rows
from whyfit.vitals.patches import Patches
from whyfit.vitals.prints import prints_of
from whyfit.vitals.rows import Rows


def test_a_curve_keeps_every_value_at_first_and_few_later():
    curve = Curve()
    for step in range(100_000):
        curve.add(step, 1.0)
    points = curve.take()
    assert [point[0] for point in points[:PLAIN]] == list(range(PLAIN))
    assert len(points) < PLAIN + 100 * math.log(100_000 / PLAIN) + 100


def test_a_curve_counts_what_is_not_finite_and_leaves_it_out():
    curve = Curve()
    for step, value in enumerate([1.0, math.nan, 2.0, math.inf]):
        curve.add(step, value)
    assert curve.bad == 2
    assert [point[1] for point in curve.take()] == [1.0, 2.0]


def test_a_journal_torn_by_a_kill_gives_what_it_has(tmp_path):
    journal = Journal(tmp_path)
    journal.write("look", {"loss": math.nan})
    journal.close()
    with journal.path.open("ab") as file:
        file.write(b'{"kind": "facts", "st')
    (line,) = entries(journal.path)
    assert line["kind"] == "look"
    assert math.isnan(line["loss"])


def test_a_governor_looks_at_the_first_steps_and_stops_when_its_share_is_spent():
    governor = Governor(1e-9)
    looked = 0
    for step in range(100):
        if governor.wants(step):
            looked += 1
            governor.paid(FIRST_SECONDS / 10)
    assert 8 <= looked <= 11


def test_a_dear_start_leaves_looks_for_the_last_half_of_a_short_run():
    governor, looked = Governor(1e-9), []
    for step in range(120):
        if governor.wants(step):
            looked.append(step)
            governor.paid(FIRST_SECONDS / 50)
    assert len([step for step in looked if step >= 60]) >= 3


def test_rows_are_known_again_by_their_values():
    rows = Rows()
    x = torch.arange(40.0).reshape(10, 4)
    rows.train(prints_of(x[:6]))
    assert rows.evaluate(prints_of(x[4:])) == (6, 2)
    for _ in range(30):
        rows.train(prints_of(x[:6]))
    assert rows.latest.covered > 0.99


@pytest.mark.parametrize("present", [True, False])
def test_a_patch_is_undone_whether_or_not_there_was_something_before(present):
    class Box:
        if present:
            value = 1

    patches = Patches()
    patches.set(Box, "value", 2)
    patches.set(Box, "value", 3)
    patches.undo()
    assert vars(Box).get("value") == (1 if present else None)


def test_names_come_from_the_outermost_module_and_not_from_one_that_is_gone():
    names = Names()
    inner = nn.Linear(2, 2)
    outer = nn.ModuleDict({"body": inner})
    names.look_for([inner.weight])
    assert names.full(inner.weight) == "body.weight"
    assert names.of(inner.weight) == "body"
    stranger = nn.Parameter(torch.zeros(3))
    assert names.full(stranger) == "tensor (3,)"
    assert not names.knows([stranger])
    del outer


def test_distinct_rows_are_counted_like_a_slow_comparison_counts_them():
    draw = torch.Generator().manual_seed(0)
    for rows in (1, 2, 7, 30):
        matrix = torch.randn(rows, 5, generator=draw)[torch.randint(0, rows, (rows,), generator=draw)].numpy()
        assert distinct_rows(matrix) == len({row.tobytes() for row in matrix})


ACTIVATIONS = {
    "relu": (nn.ReLU(), nn.functional.relu), "tanh": (nn.Tanh(), torch.tanh), "sigmoid": (nn.Sigmoid(), torch.sigmoid),
    "gelu": (nn.GELU(), nn.functional.gelu), "silu": (nn.SiLU(), nn.functional.silu),
    "elu": (nn.ELU(), nn.functional.elu),
    "leaky_relu": (nn.LeakyReLU(), nn.functional.leaky_relu), "identity": (nn.Identity(), lambda x: x),
}  # fmt: skip


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("style", [0, 1], ids=["module", "function"])
def test_the_activation_after_a_layer_is_read_from_the_graph(name, style):
    act = ACTIVATIONS[name][style]
    first, last = nn.Linear(4, 8), nn.Linear(8, 3)
    loss = nn.functional.cross_entropy(
        last(nn.functional.dropout(act(first(torch.randn(5, 4))), 0.1)), torch.zeros(5, dtype=torch.long)
    )
    layers = list(read_graph([loss]).layers())
    assert [following(layer)[0] for layer in layers] == [name, "log_softmax"]


def test_a_look_at_a_layer_gives_the_numbers_that_a_hook_would_give():
    layer = nn.Linear(4, 8)
    x = torch.randn(50, 4)
    hidden = torch.relu(layer(x))
    (hidden * torch.randn(50, 8)).sum().backward(retain_graph=True)
    graph = read_graph([nn.Linear(8, 1)(hidden).sum()])
    reading = read_layers(graph, lambda p: "first" if p is layer.weight else "last")[0][0]
    assert reading.name == "first"
    assert reading.input_std == pytest.approx(float(x.std(unbiased=False)), rel=1e-5)
    assert reading.mean == pytest.approx(float(hidden.detach().mean()), rel=1e-5)
    assert reading.zero_share == pytest.approx(float((hidden == 0).float().mean()))


def test_the_head_names_the_way_from_the_loss_to_the_last_layer():
    output = nn.Linear(4, 3)(torch.randn(5, 4))
    loss = nn.functional.cross_entropy(torch.softmax(output, dim=1), torch.tensor([0, 1, 2, 0, 1])) / 4
    head = read_head(read_graph([loss]))
    assert head["chain"] == ["NllLoss", "LogSoftmax", "Softmax", "Addmm"]
    assert (head["loss"], head["classes"], head["counts"]) == ("nll", [0, 1, 2], [2, 2, 1])


def test_a_penalty_beside_the_loss_is_no_part_of_the_head():
    model = nn.Linear(4, 1)
    penalty = sum(p.abs().sum() for p in model.parameters())
    loss = nn.functional.mse_loss(model(torch.randn(5, 4)), torch.randn(5, 1)) + 0.01 * penalty
    assert read_head(read_graph([loss]))["chain"] == ["MseLoss", "Addmm"]


def test_a_run_whose_loss_could_not_be_followed_is_not_blamed():
    fit = fit_of(Observation(backwards=100))
    assert (fit.unknown, fit.learned, fit.at_chance, fit.rose) == (True, True, False, False)
    lost = fit_of(Observation(backwards=100, bad={"what": "loss"}))
    assert (lost.learned, lost.at_chance) == (False, True)


def test_a_loss_that_is_scaled_or_summed_is_not_held_against_a_constant_answer():
    output, target = nn.Linear(4, 1)(torch.randn(5, 4)), torch.randn(5, 1)
    losses = {
        True: nn.functional.mse_loss(output, target),
        False: nn.functional.mse_loss(output, target, reduction="sum") / 5,
    }
    for plain, loss in losses.items():
        assert read_head(read_graph([loss]))["plain"] is plain


def test_a_loss_that_weighs_classes_or_rows_is_not_held_against_their_frequencies():
    output, yes = nn.Linear(4, 1)(torch.randn(5, 4)), torch.tensor([[0.0], [1.0], [0.0], [1.0], [0.0]])
    both, classes = torch.cat([output, -output], dim=1), yes.long().ravel()
    weighed = [
        nn.functional.binary_cross_entropy_with_logits(output, yes, pos_weight=torch.tensor(3.0)),
        nn.functional.binary_cross_entropy(torch.sigmoid(output), yes, weight=torch.rand(5, 1)),
        nn.functional.cross_entropy(both, classes, weight=torch.tensor([1.0, 3.0])),
    ]
    assert [read_head(read_graph([loss]))["plain"] for loss in weighed] == [False] * 3
    alike = [nn.functional.binary_cross_entropy_with_logits(output, yes), nn.functional.cross_entropy(both, classes)]
    assert [read_head(read_graph([loss]))["plain"] for loss in alike] == [True] * 2


@pytest.mark.parametrize("module", [nn.Sigmoid(), nn.Tanh(), nn.LeakyReLU(), nn.SiLU()])
def test_the_values_before_an_activation_are_known_whether_or_not_autograd_kept_them(module):
    torch.manual_seed(0)
    layer, x = nn.Linear(1, 1), torch.randn(10_000, 1)
    loss = nn.functional.mse_loss(nn.Linear(1, 1)(module(layer(x))), torch.zeros(len(x), 1))
    reading = read_layers(read_graph([loss]), lambda _: "")[0][0]
    ends = layer(x).detach().ravel().quantile(torch.tensor([0.025, 0.975])).tolist()
    assert [reading.pre_low, reading.pre_high] == pytest.approx(ends, abs=0.1)


def test_of_a_relu_only_what_came_through_is_known():
    torch.manual_seed(0)
    layer, x = nn.Linear(4, 64), torch.randn(200, 4)
    loss = nn.functional.mse_loss(nn.Linear(64, 1)(torch.relu(layer(x))), torch.zeros(len(x), 1))
    reading = read_layers(read_graph([loss]), lambda _: "")[0][0]
    assert reading.pre_low == 0 < reading.pre_high


def test_a_value_at_its_limit_is_taken_back_to_a_finite_one():
    x = torch.full((8, 1), 100.0)
    layer = nn.Linear(1, 1, bias=False)
    nn.init.ones_(layer.weight)
    for bend, least in ((torch.tanh, 8), (torch.sigmoid, 16)):
        loss = nn.functional.mse_loss(nn.Linear(1, 1)(bend(layer(x))), torch.zeros(8, 1))
        reading = read_layers(read_graph([loss]), lambda _: "")[0][0]
        assert least < reading.pre_high < 100
