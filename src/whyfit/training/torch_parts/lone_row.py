"""Batch norm for a last batch of a single row, which torch refuses."""

# ruff: noqa: A002, FBT001, FBT002  # what stands in for a function of torch has torch's signature

from __future__ import annotations

import math
from typing import Any

from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode


class LoneRow(TorchFunctionMode):
    """While it is entered, a batch norm over a single value has variance 0 and leaves the running statistics alone.

    The number of training rows modulo the batch size is 1 for some folds and not for others: a study cannot end there.
    """

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Answer batch norm; let everything else pass."""
        if func is functional.batch_norm:
            return _batch_norm(*args, **(kwargs or {}))
        return func(*args, **(kwargs or {}))


def _batch_norm(
    input: Tensor,
    mean: Any,
    var: Any,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    lone = training and math.prod(input.shape) == input.shape[1]
    if not lone:
        return functional.batch_norm(input, mean, var, weight, bias, training, momentum, eps)
    shape = (1, -1) + (1,) * (input.ndim - 2)
    still = input * 0.0  # the row is its own mean; a zero that gradients pass through, as zeros
    still = still if weight is None else still * weight.view(shape)
    return still if bias is None else still + bias.view(shape)
