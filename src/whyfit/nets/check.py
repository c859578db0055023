"""Whether a user's function gives networks that can be trained on the data: all problems said before any training.

A small batch is passed in both modes, on networks that are thrown away afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whyfit.data.encode import features_of, fit_scaling
from whyfit.errors import NetworkError, all_together
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.network import NetworkFile, NetworkInProcess
from whyfit.nets.network import Network, Takes, image_of
from whyfit.nets.start import seeded
from whyfit.nets.user_code import Make, call, describe, function_of, own_line, speaking_of

if TYPE_CHECKING:
    from torch import Tensor, nn

BATCH = 4
"""Rows of the trial batch: more than one, since batch norm needs two, and few, since it runs twice."""

WHERE_MODEL = "model"


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    """What a trial batch showed.

    Attributes
    ----------
    takes, one_logit
        As in `Network`.
    parameters
        Number of trainable numbers.
    layers
        Number of parameter tensors.
    fixed_start
        Whether two seeds gave the same start: the function sets its own seed, or loads weights.
    """

    takes: Takes
    one_logit: bool
    parameters: int
    layers: int
    fixed_start: bool


def check_network(reference: NetworkFile | NetworkInProcess, data: Dataset) -> NetworkFacts:
    """Make two networks, pass a small batch, and say what is wrong with them, all at once.

    Raises
    ------
    NetworkError
        What was wrong, where, and what to do.
    """
    make = function_of(reference)
    first, second = (_module(make, data, seed) for seed in (1, 2))
    where = reference.path if isinstance(reference, NetworkFile) else WHERE_MODEL
    problems = list(_not_fresh(first, second))
    try:
        network = _passed(first, data, make)
    except NetworkError as error:
        if not problems:
            raise
        problems.append(f"{error.message} {error.advice or ''}".rstrip())
    if problems:
        raise NetworkError(all_together(problems), where=where)
    same = _equal_start(first, _module(make, data, 2))
    sizes = [p.numel() for p in first.parameters() if p.requires_grad]
    return NetworkFacts(network.takes, network.one_logit, sum(sizes), len(sizes), fixed_start=same)


def fresh_module(reference: NetworkFile | NetworkInProcess, data: Dataset, seed: int) -> nn.Module:
    """A fresh module of the user's, started under a seed, lazy layers given their sizes."""
    return _module(function_of(reference), data, seed)


def read_network(module: nn.Module, data: Dataset) -> Network:
    """How rows must be laid out for a module, and how its outputs are to be read, by passing a small batch.

    Images are offered as images first, and as rows of features where the module does not take them.

    Raises
    ------
    NetworkError
        It takes neither, or its outputs do not fit the task.
    """
    import torch  # noqa: PLC0415  # whyfit --help must not load torch

    image, batch = image_of(data.shape), _batch(data)
    offers: tuple[Takes, ...] = ("images", "rows") if image else ("rows",)
    refused: list[str] = []
    for takes in offers:
        network = Network(module.eval(), takes, image)
        laid_out = network.laid_out(batch)
        try:
            with torch.no_grad(), seeded(0):
                outputs = module(laid_out)
        except Exception as error:  # noqa: BLE001  # whatever a user's forward raises is the answer
            refused.append(f"given {tuple(laid_out.shape)} it raised {describe(error)}{own_line(error)}")
            continue
        return _fitting(network, outputs, data)
    raise NetworkError(
        f"the network cannot be run on the data: {'; '.join(refused)}.",
        where=WHERE_MODEL,
        advice=f"It receives float32 of {data.rows} rows × {features_of(data).count} features.",
    )


def _module(make: Make, data: Dataset, seed: int) -> nn.Module:
    from torch import nn  # noqa: PLC0415  # whyfit --help must not load torch

    inputs = features_of(data).count
    with seeded(seed):
        module = call(make, inputs, data.outputs)
        if isinstance(module, nn.Module) and _is_lazy(module):
            read_network(module, data)
    if isinstance(module, nn.Module):
        return module
    given = f"the class {module.__name__}, not an object of it" if isinstance(module, type) else type(module).__name__
    raise NetworkError(f"the function returned {given}.", where=WHERE_MODEL, advice="Return a torch.nn.Module.")


def _is_lazy(module: nn.Module) -> bool:
    from torch.nn.parameter import UninitializedParameter  # noqa: PLC0415  # whyfit --help must not load torch

    return any(isinstance(p, UninitializedParameter) for p in module.parameters())


def _passed(module: nn.Module, data: Dataset, make: Make) -> Network:
    """The network after a small batch in both modes."""
    with speaking_of(make, "the first batch"), seeded(0):
        network = read_network(module, data)
        network.module.train()
        network(_batch(data))
    return network


def _not_fresh(first: nn.Module, second: nn.Module) -> Iterator[str]:
    """Two calls must share nothing: else every fold would go on where the last one ended."""
    mine, other = ({p.data_ptr() for p in m.parameters() if p.numel()} for m in (first, second))
    if first is second or mine & other:
        yield (
            "two calls share their weights, so one training would go on where the other ended. Make a new network at "
            "every call."
        )
    if not any(p.requires_grad for p in first.parameters()):
        yield "it has no parameter that could be trained. Leave `requires_grad` on for those that should be."


def _equal_start(first: nn.Module, second: nn.Module) -> bool:
    pairs = zip(first.parameters(), second.parameters(), strict=False)
    return all(a.shape == b.shape and bool((a == b).all()) for a, b in pairs)


def _batch(data: Dataset) -> Tensor:
    import torch  # noqa: PLC0415  # whyfit --help must not load torch

    rows = np.arange(min(BATCH, data.rows))
    features = features_of(data)
    return torch.tensor(fit_scaling(features, rows).apply(features.values[rows]), dtype=torch.float32)


def _fitting(network: Network, outputs: object, data: Dataset) -> Network:
    """The network with its way of reading outputs, once these fit the task."""
    import torch  # noqa: PLC0415  # whyfit --help must not load torch

    if not isinstance(outputs, torch.Tensor):
        raise NetworkError(
            f"its forward gives a {type(outputs).__name__}, not a tensor.",
            where=WHERE_MODEL,
            advice="Give one tensor of shape (rows, outputs).",
        )
    rows, shape, wanted = min(BATCH, data.rows), tuple(outputs.shape), data.outputs
    one = shape in {(rows,), (rows, 1)}
    one_logit = one and data.task == "classification" and wanted == 2
    problems = (
        _problems(outputs, data)
        if one_logit or (one and wanted == 1) or shape == (rows, wanted)
        else [
            f"for {rows} rows its output has the shape {shape}, and must have ({rows}, {wanted}): "
            + ("one number a class." if data.task == "classification" else "one number a target column.")
        ]
    )
    if problems:
        raise NetworkError(all_together(problems), where=WHERE_MODEL, advice="Change its last layer.")
    return Network(network.module, network.takes, network.image, one_logit)


def _problems(outputs: Tensor, data: Dataset) -> list[str]:
    problems = []
    if not outputs.is_floating_point():
        problems.append(f"its outputs are {outputs.dtype}, so no gradient can pass.")
    elif not bool(outputs.isfinite().all()):
        problems.append(f"its outputs for the first {min(BATCH, data.rows)} rows are not finite before any training.")
    return problems
