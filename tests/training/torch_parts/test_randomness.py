"""Masks come from a member's own stream, whoever asks for them and whatever else runs."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from training import networks
from whyfit.training.streams import kept
from whyfit.training.torch_parts.randomness import Draws, KeyedDropout, draws_of, evaluation_key, training_key

KEY, OTHER = training_key(7, 1, 0), training_key(7, 1, 1)
ONES = torch.ones(5, 8)


def expected(layer, rows, units, rate):
    return torch.from_numpy(kept(KEY, layer, rows, units, rate).copy()) / (1 - rate)


@pytest.mark.parametrize(
    "drop", [nn.Dropout(0.4), lambda x: functional.dropout(x, 0.4), lambda x: torch.dropout(x, 0.4, train=True)],
    ids=["module", "function", "torch's own"],
)  # fmt: skip
def test_dropout_takes_the_mask_of_its_layer_in_the_stream(drop):
    """The same mask that the kernel takes: layer l is the l-th call of the pass."""
    with KeyedDropout(KEY):
        first, second = drop(ONES), drop(ONES)
    assert torch.allclose(first, expected(0, 5, 8, 0.4).float())
    assert torch.allclose(second, expected(1, 5, 8, 0.4).float())


def test_more_axes_count_as_units():
    with KeyedDropout(KEY):
        dropped = nn.Dropout(0.4)(torch.ones(5, 2, 4))
    assert torch.allclose(dropped.flatten(1), expected(0, 5, 8, 0.4).float())


@pytest.mark.parametrize("shape", [(5, 8, 3), (5, 8, 3, 3)])
def test_whole_channels_are_dropped(shape):
    module = nn.Dropout1d(0.4) if len(shape) == 3 else nn.Dropout2d(0.4)
    with KeyedDropout(KEY):
        dropped = module(torch.ones(shape))
    assert torch.allclose(dropped.flatten(2).amax(2), expected(0, 5, 8, 0.4).float())
    assert torch.equal(dropped.flatten(2).amax(2), dropped.flatten(2).amin(2))


def test_in_place_dropout_changes_what_it_was_given():
    x = torch.ones(5, 8)
    with KeyedDropout(KEY):
        nn.Dropout(0.4, inplace=True)(x)
    assert torch.allclose(x, expected(0, 5, 8, 0.4).float())


def test_alpha_dropout_keeps_mean_and_variance():
    x = torch.randn(400, 500, generator=torch.Generator().manual_seed(0))
    with KeyedDropout(KEY):
        dropped = nn.AlphaDropout(0.3)(x)
    assert abs(float(dropped.mean())) < 0.02
    assert float(dropped.var()) == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize("options", [{}, {"is_causal": True}, {"mask": True}, {"scale": 0.3}], ids=str)
def test_attention_is_torch_s_where_nothing_is_dropped_and_written_out_equal(options):
    torch.manual_seed(0)
    query, key, value = (torch.randn(2, 3, 4, 6) for _ in range(3))
    mask = {"attn_mask": torch.rand(4, 4) > 0.3} if options.get("mask") else {}
    rest = {name: value for name, value in options.items() if name != "mask"} | mask
    plain = functional.scaled_dot_product_attention(query, key, value, **rest)
    mode = KeyedDropout(KEY)
    mode.writes_out = True
    with mode:
        written = functional.scaled_dot_product_attention(query, key, value, **rest)
    assert torch.allclose(plain, written, atol=1e-6, equal_nan=True)


def test_attention_drops_by_the_stream_inside_transformers_too():
    torch.manual_seed(0)
    module, x = networks.Transformer(), torch.randn(4, 6)
    with KeyedDropout(KEY) as mode:
        one = module(x)
    calls = mode.calls
    with KeyedDropout(KEY):
        same = module(x)
    with KeyedDropout(OTHER):
        other = module(x)
    assert calls == 4  # attention, its output, between the two dense layers, behind them
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_recurrent_layers_drop_by_the_stream():
    torch.manual_seed(0)
    module, x = networks.Recurrent(), torch.randn(4, 6)
    before = torch.get_rng_state()
    with KeyedDropout(KEY):
        one = module(x)
    with KeyedDropout(KEY):
        same = module(x)
    assert torch.equal(one, same)
    assert torch.equal(before, torch.get_rng_state())


def test_evaluation_drops_nothing():
    module = networks.Transformer().eval()
    x = torch.randn(4, 6)
    with KeyedDropout(KEY) as mode:
        inside = module(x)
    assert mode.calls == 0
    assert torch.allclose(inside, module(x), atol=1e-6)


@pytest.mark.parametrize(
    ("make", "training", "evaluation"),
    [
        (lambda: nn.Linear(6, 3), Draws(), Draws()),
        (networks.dense, Draws(dropout=True), Draws()),
        (networks.Recurrent, Draws(dropout=True), Draws()),
        (networks.Transformer, Draws(dropout=True), Draws()),
        (networks.DrawsInForward, Draws(other=True), Draws()),
        (networks.AlwaysDrops, Draws(dropout=True), Draws(dropout=True)),
    ],
    ids=["nothing", "dropout", "recurrent", "transformer", "noise", "always on"],
)
def test_what_a_network_draws_is_found_out_in_both_modes(make, training, evaluation):
    module, x = make(), torch.randn(4, 6)
    before = torch.get_rng_state()
    assert draws_of(lambda: module.train()(x), 1) == training
    assert draws_of(lambda: module.eval()(x), 1) == evaluation
    assert torch.equal(before, torch.get_rng_state())


def test_other_draws_are_seeded_from_the_same_key_and_put_back():
    module, x, before = networks.DrawsInForward(), torch.randn(4, 6), torch.get_rng_state()
    outputs = []
    for key in (KEY, KEY, OTHER):
        with Draws(other=True).keyed(key):
            outputs.append(module(x))
    assert torch.equal(outputs[0], outputs[1])
    assert not torch.equal(outputs[0], outputs[2])
    assert torch.equal(before, torch.get_rng_state())


def test_no_training_step_shares_its_key_with_an_evaluation():
    steps = {int(training_key(7, 1, step)) for step in range(1000)}
    assert int(evaluation_key(7, 1)) not in steps


def test_checkpointing_with_dropout_is_refused_rather_than_wrong():
    """The pass would be repeated in the backward pass, with other masks: a wrong gradient in silence."""
    body, x = nn.Sequential(nn.Linear(6, 6), nn.Dropout(0.5)), torch.randn(4, 6, requires_grad=True)
    with KeyedDropout(KEY) as mode:
        loss = checkpoint(body, x, use_reentrant=False).sum()
        mode.closed = True
        with pytest.raises(RuntimeError, match="checkpointing with dropout is not supported"):
            torch.autograd.backward(loss)


def test_a_mask_of_everything_dropped_gives_zeros():
    with KeyedDropout(KEY):
        assert not nn.Dropout(1.0)(ONES).any()


def test_masks_are_drawn_at_their_rate():
    with KeyedDropout(KEY):
        share = float((nn.Dropout(0.3)(torch.ones(500, 400)) == 0).double().mean())
    assert abs(share - 0.3) < 4 * np.sqrt(0.3 * 0.7 / 200_000)
