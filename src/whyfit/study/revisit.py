"""Kept networks looked at again, after the training: how their outputs move with the inputs, what training mode adds.

Two questions need the networks themselves and not only what they predicted: by how much the outputs move when the
inputs are disturbed (Bishop 1995: what a penalty or noise while training lowers), and what the loss on the training
rows is in training mode once training has ended. Torch is loaded for it, so it is asked only where it is needed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.evidence.network import NetworkFile, NetworkInProcess, Perceptron
from whyfit.evidence.outcome import Outcome
from whyfit.evidence.recipe import Recipe

if TYPE_CHECKING:
    from torch import Tensor

    from whyfit.nets.network import Network
    from whyfit.training.torch_parts.rows import Rows

NOISE = 0.1
"""The disturbance: a tenth of each input's standard deviation (chosen: small against data, large against rounding)."""
NOISE_SEED = 19950101
"""One disturbance for all networks, so that what differs is the network."""
MOST_FITS = 3
"""Fits that sensitivity is measured on: with and without a remedy they are the same ones, so few tell (chosen)."""
PASSES, ROWS_DRAWN = 8, 8000
"""Passes in training mode, as many as give so many rows their masks, and at most the first: the loss of a row varies by
about its own size, so the mean is known to a hundredth of it (chosen)."""
LARGE_BATCH = 1024
"""Rows of a batch where rows do not see each other, so that its size changes nothing (chosen: for speed)."""
MOST_PARAMETERS = 250_000
"""A megabyte a network: what a study keeps of each, some hundred times."""


def keeps_weights(recipe: Recipe, data: Dataset) -> bool:
    """Whether its networks are small enough to be kept.

    Examples
    --------
    >>> from whyfit.data.digits import digits
    >>> keeps_weights(Recipe(), digits()), keeps_weights(Recipe(network=Perceptron((2000, 2000))), digits())
    (True, False)
    """
    return parameters_of(recipe, data) <= MOST_PARAMETERS


def parameters_of(recipe: Recipe, data: Dataset) -> int:
    """Weights, biases and tables of its network; of whyfit's own without those of norms.

    Examples
    --------
    >>> from whyfit.data.digits import digits
    >>> parameters_of(Recipe(network=Perceptron(())), digits())
    650
    """
    from whyfit.training.embedding_start import shapes_of_tables, width_of_inputs  # noqa: PLC0415  # with the data alone

    if not isinstance(recipe.network, Perceptron):
        return _parameters(recipe.network, data)
    tables = sum(places * numbers for places, numbers in shapes_of_tables(recipe, data))
    widths = (width_of_inputs(recipe, data), *recipe.network.hidden, data.outputs)
    return tables + sum((before + 1) * after for before, after in pairwise(widths))


@lru_cache(maxsize=4)
def _parameters(network: NetworkFile | NetworkInProcess, data: Dataset) -> int:
    """Of a user's network as it is made."""
    from whyfit.nets.check import fresh_module  # noqa: PLC0415  # torch, which a user's network needs anyway

    return int(sum(one.numel() for one in fresh_module(network, data, 0).parameters()))


def sensitivity(fits: Sequence[Sequence[tuple[Member, Outcome]]], data: Dataset) -> float | None:
    """By how much outputs on scored rows move when each input is disturbed by a tenth of its deviation, mean over fits.

    For classes: the probability that changes hands, ½·Σ|p′ − p|. For values: |Δ| over the target's deviation. Inputs
    are disturbed as the network sees them, scaled; each with noise of its own.

    Parameters
    ----------
    fits
        The networks of each fit; more than one are an ensemble, and their mean prediction is judged.

    Returns
    -------
    None where no network was kept, or torch is not there.
    """
    kept = [fit for fit in fits if fit and all(outcome.weights is not None for _, outcome in fit)]
    if not kept or find_spec("torch") is None:
        return None
    from whyfit.training.torch_parts.threads import one_torch_thread  # noqa: PLC0415  # see the head

    with one_torch_thread():
        return float(np.mean([_moved(fit, data) for fit in kept[:MOST_FITS]]))


def _moved(fit: Sequence[tuple[Member, Outcome]], data: Dataset) -> float:
    import torch  # noqa: PLC0415  # see the head

    from whyfit.training.embedding_start import features_for  # noqa: PLC0415
    from whyfit.training.torch_parts.evaluate import evaluating  # noqa: PLC0415
    from whyfit.training.torch_parts.threads import one_torch_thread  # noqa: PLC0415

    clean, disturbed = [], []
    for member, outcome in fit:
        network, rows = kept_network(member, outcome, data)
        features = rows.features(torch.from_numpy(member.split.score.copy()))
        noise = torch.randn(features.shape, generator=torch.Generator().manual_seed(NOISE_SEED))
        noise[:, features_for(member.recipe, data).plain :] = 0.0  # no place in a table lies beside another
        with one_torch_thread(), evaluating(network.module):
            clean.append(_read(network(features), rows))
            disturbed.append(_read(network(features + NOISE * noise), rows))
    return float((torch.stack(disturbed).mean(dim=0) - torch.stack(clean).mean(dim=0)).abs().sum(dim=1).mean())


def _read(outputs: Tensor, rows: Rows) -> Tensor:
    """(rows, …) whose absolute change, summed, is what is measured; values come scaled by the target's deviation."""
    if rows.labels:
        return outputs.double().sigmoid() / outputs.shape[1]
    return outputs.double().softmax(dim=1) / 2 if rows.units is None else outputs.double() / outputs.shape[1]


def training_mode_loss(member: Member, outcome: Outcome, data: Dataset) -> float | None:
    """The recipe's loss on the training rows in training mode with the kept weights, without penalties.

    Batches as large as in training, where that matters; means over a few passes. None where the network was not kept,
    or without torch.
    """
    if outcome.weights is None or find_spec("torch") is None:
        return None
    import torch  # noqa: PLC0415  # see the head

    from whyfit.training.torch_parts.losses import Loss  # noqa: PLC0415
    from whyfit.training.torch_parts.threads import one_torch_thread  # noqa: PLC0415

    network, rows = kept_network(member, outcome, data)
    loss = Loss.of(member.recipe, data, member.split.train)
    total = weight = 0.0
    network.module.train()
    with one_torch_thread(), torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(NOISE_SEED)
        for _ in range(min(PASSES, math.ceil(ROWS_DRAWN / member.split.train.size))):
            order = torch.from_numpy(member.split.train.copy())[torch.randperm(member.split.train.size)]
            for batch in _batches(order, _batch_size(member.recipe)):
                outputs, own = network(rows.features(batch)), rows.weights_of(batch)
                summed, weighed = loss.total(outputs, rows.targets(batch), own=own)
                total, weight = total + float(summed), weight + float(weighed)
    return total / weight


def _batch_size(recipe: Recipe) -> int | None:
    """That of the recipe where the rows of a batch see each other, or may."""
    alone = isinstance(recipe.network, Perceptron) and recipe.batch_norm == "none"
    return LARGE_BATCH if alone else recipe.batch_size


def _batches(order: Tensor, size: int | None) -> list[Tensor]:
    """As in training; a last row alone joins the batch before it, as batch norm cannot take it."""
    import torch  # noqa: PLC0415  # see the head

    batches = list(torch.split(order, size or order.numel()))
    if len(batches) > 1 and batches[-1].numel() == 1:
        batches[-2:] = [torch.cat(batches[-2:])]
    return batches


def kept_network(member: Member, outcome: Outcome, data: Dataset) -> tuple[Network, Rows]:
    """The network of an outcome with its kept weights, and the rows as it sees them."""
    from whyfit.training.embedding_start import features_for  # noqa: PLC0415
    from whyfit.training.torch_parts.build import build_network  # noqa: PLC0415
    from whyfit.training.torch_parts.rows import Rows  # noqa: PLC0415
    from whyfit.training.torch_parts.weights import load_weights  # noqa: PLC0415

    assert outcome.weights is not None
    network = build_network(member, data)
    load_weights(network.module, outcome.weights)
    return network, Rows.of(data, member.split.train, features=features_for(member.recipe, data))
