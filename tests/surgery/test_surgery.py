"""Changing users' networks: what is reached, what is missed, and that the rest stays."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from whyfit.rules.initializers import Draw, initialize
from whyfit.surgery.activations import CANNOT_WIDEN, PLAIN_FUNCTION, SHARED_WITH_OUTPUT, swap_activations
from whyfit.surgery.dropout import set_dropout
from whyfit.surgery.flow import Flow
from whyfit.surgery.initialize import NOT_A_LAYER_OF_SUMS, initialize_module
from whyfit.surgery.norms import NO_NORM_FITS, NORM_THERE, set_batch_norm

ROWS = torch.randn(16, 6, generator=torch.Generator().manual_seed(0))
IMAGES = torch.randn(16, 1, 8, 8, generator=torch.Generator().manual_seed(1))


def draw_of(layer):
    numbers = np.random.default_rng(layer)
    return Draw(numbers.random, numbers.standard_normal)


def dense():
    return nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 2), nn.Sigmoid())


def convolutional():
    layers = [nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.Conv2d(4, 4, 3), nn.ReLU()]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(64, 2))


class Functional(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two, self.bare = nn.Linear(6, 8), nn.Linear(8, 8), nn.Parameter(torch.randn(8, 2))

    def forward(self, x):
        x = functional.relu(self.one(x), inplace=True)
        x = x + torch.tanh(self.two(x))
        return functional.dropout(x, training=self.training) @ self.bare


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.cell, self.last = nn.Embedding(9, 5), nn.LSTM(5, 4, batch_first=True), nn.Linear(4, 2)

    def forward(self, x):
        return self.last(self.cell(self.words(x))[0][:, -1])


def run(module, batch=ROWS):
    return lambda: module(batch)


def activations_of(module, batch=ROWS):
    with Flow(module) as flow:
        module(batch)
    return [(call.name, call.kind, call.activation) for call in flow.calls]


def test_following_sees_modules_and_functions_alike():
    assert activations_of(dense()) == [("0", "dense", "relu"), ("2", "dense", "tanh"), ("4", "dense", "sigmoid")]
    assert activations_of(Functional()) == [
        ("one", "dense", "relu"), ("two", "dense", "tanh"), ("bare", "dense", "identity"),
    ]  # fmt: skip
    assert activations_of(convolutional(), IMAGES) == [
        ("0", "conv", "relu"), ("3", "conv", "relu"), ("6", "dense", "identity"),
    ]  # fmt: skip


def test_following_sees_into_attention_and_recurrence():
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, activation="gelu")
    kinds = activations_of(layer, torch.randn(3, 5, 8))
    assert kinds == [
        ("self_attn", "dense", "identity"), ("self_attn.out_proj", "dense", "identity"),
        ("linear1", "dense", "gelu"), ("linear2", "dense", "identity"),
    ]  # fmt: skip
    assert [kind for _, kind, _ in activations_of(Recurrent(), torch.zeros(2, 3, dtype=int))] == [
        "embedding", "recurrent", "dense",
    ]  # fmt: skip


@pytest.mark.parametrize("make", [dense, convolutional, Functional])
def test_following_changes_neither_values_nor_gradients(make):
    batch = IMAGES if make is convolutional else ROWS
    module = make().eval()
    plain = module(batch)
    plain.sum().backward()
    gradients = [p.grad.clone() for p in module.parameters()]
    module.zero_grad()
    with Flow(module):
        followed = module(batch)
    followed.sum().backward()
    assert torch.equal(plain, followed)
    assert all(torch.equal(g, p.grad) for g, p in zip(gradients, module.parameters(), strict=True))
    assert not any(part._forward_hooks for part in module.modules())


def test_hidden_activations_are_swapped_and_the_output_s_own_stays():
    module = dense()
    done = swap_activations(module, "elu", run(module))
    assert (done.changed, done.missed) == (("1", "3"), ())
    assert activations_of(module) == [("0", "dense", "elu"), ("2", "dense", "elu"), ("4", "dense", "sigmoid")]


def test_what_is_a_plain_function_is_missed_and_said():
    module = Functional()
    done = swap_activations(module, "elu", run(module))
    assert not done
    assert done.missed == (("one", PLAIN_FUNCTION), ("two", PLAIN_FUNCTION))


def test_a_module_shared_with_the_output_stays():
    act = nn.ReLU()
    module = nn.Sequential(nn.Linear(6, 8), act, nn.Linear(8, 2), act)
    done = swap_activations(module, "tanh", run(module))
    assert (done.changed, done.missed) == ((), (("1", SHARED_WITH_OUTPUT),))
    assert module[1] is module[3] is act


def test_a_module_shared_by_hidden_layers_is_swapped_everywhere():
    act = nn.ReLU()
    module = nn.Sequential(nn.Linear(6, 8), act, nn.Linear(8, 8), act, nn.Linear(8, 2))
    swap_activations(module, "prelu", run(module))
    assert module[1] is module[3]
    assert [name for _, _, name in activations_of(module)] == ["prelu", "prelu", "identity"]


def test_maxout_makes_the_layer_before_it_wider():
    module = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 2))
    assert swap_activations(module, "maxout", run(module))
    assert (module[0].out_features, module[2].in_features) == (16, 8)
    assert activations_of(module)[0] == ("0", "dense", "maxout")
    assert module(ROWS).shape == (16, 2)


def test_maxout_behind_a_norm_is_said_to_be_out_of_reach():
    module = convolutional()
    done = swap_activations(module, "maxout", run(module, IMAGES))
    assert (done.changed, done.missed) == (("4",), (("2", CANNOT_WIDEN),))
    assert module(IMAGES).shape == (16, 2)


def test_every_dropout_gets_the_rate_inner_ones_too():
    module = nn.TransformerEncoder(
        nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2, enable_nested_tensor=False
    )
    done = set_dropout(module, 0.25, run(module, torch.randn(3, 5, 8)))
    assert len(done.changed) == 2 * 4
    assert {part.p for part in module.modules() if isinstance(part, nn.Dropout)} == {0.25}
    assert {part.dropout for part in module.modules() if isinstance(part, nn.MultiheadAttention)} == {0.25}


def test_dropout_is_put_behind_hidden_activations_where_there_is_none():
    module = dense()
    done = set_dropout(module, 0.5, run(module))
    assert done.changed == ("1", "3")
    assert isinstance(module[1][1], nn.Dropout)
    assert isinstance(module[5], nn.Sigmoid)


def test_no_dropout_asked_of_a_network_without_leaves_it_alone():
    module = dense()
    assert not set_dropout(module, 0.0, run(module))
    assert [type(part) for part in module] == [type(part) for part in dense()]


def test_norms_are_put_before_and_after_and_taken_out():
    before, after, without = dense(), dense(), convolutional()
    assert set_batch_norm(before, "before", run(before)).changed == ("0", "2")
    assert set_batch_norm(after, "after", run(after)).changed == ("1", "3")
    assert [type(part).__name__ for part in before[0]] == ["Linear", "BatchNorm1d"]
    assert [type(part).__name__ for part in after[1]] == ["ReLU", "BatchNorm1d"]
    assert set_batch_norm(without, "none", run(without, IMAGES)).changed == ("1",)
    assert isinstance(without[1], nn.Identity)


def test_where_a_norm_stands_already_none_is_added():
    module = convolutional()
    done = set_batch_norm(module, "before", run(module, IMAGES))
    assert (done.changed, done.missed) == (("3",), (("0", NORM_THERE),))
    assert isinstance(module[3][1], nn.BatchNorm2d)


def test_a_layer_over_sequences_gets_no_norm():
    module = nn.Sequential(nn.Linear(8, 4), nn.ReLU(), nn.Linear(4, 1))
    done = set_batch_norm(module, "before", run(module, torch.randn(3, 5, 8)))
    assert (done.changed, done.missed) == ((), (("0", NO_NORM_FITS),))


def test_each_layer_starts_as_its_initialiser_says_for_the_activation_that_follows():
    """The same call that the kernel starts by, so that a user's copy of the default network starts like it."""
    module = dense()
    done = initialize_module(module, "he_uniform", draw_of, run(module))
    assert done.changed == ("0", "2", "4")
    for place, follows, layer in ((0, "relu", 0), (2, "tanh", 1), (4, "sigmoid", 2)):
        expected = initialize("he_uniform", tuple(module[place].weight.shape), follows, draw_of(layer))
        assert module[place].weight.detach().numpy() == pytest.approx(expected, rel=1e-6)
        assert not module[place].bias.any()


def test_convolutions_count_their_kernel_in_both_fans():
    module = convolutional()
    initialize_module(module, "he_normal", draw_of, run(module, IMAGES))
    ours = module[3].weight.std().item()
    assert ours == pytest.approx((2 / (4 * 9)) ** 0.5, rel=0.2)
    wide = nn.Sequential(nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(32 * 64, 2))
    initialize_module(wide, "xavier_normal", draw_of, run(wide, torch.randn(2, 16, 8, 8)))
    assert wide[0].weight.std().item() == pytest.approx((2 / (9 * (16 + 32))) ** 0.5, rel=0.05)


def test_weights_with_inputs_first_are_started_the_right_way_round():
    """64 inputs, 2 units: the other way round the deviation would be 5.7 times as large."""

    class Bare(nn.Module):
        def __init__(self):
            super().__init__()
            self.W = nn.Parameter(torch.zeros(64, 200))

        def forward(self, x):
            return x @ self.W

    module = Bare()
    initialize_module(module, "lecun_normal", draw_of, run(module, torch.randn(4, 64)))
    assert module.W.std().item() == pytest.approx(64**-0.5, rel=0.05)


def test_lsuv_gives_every_layer_outputs_of_variance_one():
    module = convolutional().eval()
    with torch.no_grad():
        module[0].weight.mul_(50.0)
    initialize_module(module, "lsuv", draw_of, run(module, IMAGES))
    with Flow(module) as flow, torch.no_grad():
        module(IMAGES)
    assert [call.output.var().item() for call in flow.calls] == pytest.approx([1.0, 1.0, 1.0], abs=0.15)


class Tied(nn.Module):
    """One weight at two places."""

    def __init__(self):
        super().__init__()
        self.one, self.two, self.last = nn.Linear(6, 6), nn.Linear(6, 6), nn.Linear(6, 2)
        self.two.weight = self.one.weight

    def forward(self, x):
        return self.last(torch.tanh(self.two(torch.tanh(self.one(x)))))


def test_a_tied_weight_starts_once_orthogonal_and_stays_tied():
    module = Tied()
    done = initialize_module(module, "orthogonal", draw_of, run(module))
    assert done.changed == ("one", "last")
    assert module.two.weight is module.one.weight
    product = (module.one.weight @ module.one.weight.T).detach().numpy()
    assert product / product[0, 0] == pytest.approx(np.eye(6), abs=1e-5)


def test_two_layers_that_share_a_weight_both_start_without_bias():
    module = Tied()
    initialize_module(module, "he_normal", draw_of, run(module))
    assert not any(layer.bias.any() for layer in (module.one, module.two, module.last))


def test_lsuv_scales_a_tied_weight_by_the_place_that_a_pass_meets_first():
    module = Tied()
    done = initialize_module(module, "lsuv", draw_of, run(module))
    assert done.changed == ("one", "last")
    assert module.two.weight is module.one.weight
    with Flow(module) as flow, torch.no_grad():
        module(ROWS)
    first, second, last = (call.output.var(unbiased=False).item() for call in flow.calls)
    assert (first, last) == pytest.approx((1.0, 1.0), abs=0.02)
    assert second != pytest.approx(1.0, abs=0.02)


def test_embeddings_and_recurrent_cells_keep_their_start_and_it_is_said():
    module = Recurrent()
    before = module.cell.weight_ih_l0.clone()
    done = initialize_module(module, "he_normal", draw_of, run(module, torch.zeros(2, 3, dtype=int)))
    assert done.changed == ("last",)
    assert done.missed == (("words", NOT_A_LAYER_OF_SUMS), ("cell", NOT_A_LAYER_OF_SUMS))
    assert torch.equal(before, module.cell.weight_ih_l0)
