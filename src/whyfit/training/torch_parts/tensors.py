"""Arrays and tensors over the same memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from whyfit.evidence.types import AnyArray


class _Window:
    """The memory of a frozen array, as if it could be written: torch warns of frozen arrays, and nobody writes."""

    def __init__(self, array: AnyArray) -> None:
        self.array = array  # keeps the memory alive
        self.__array_interface__: dict[str, Any] = {
            **array.__array_interface__,
            "data": (array.__array_interface__["data"][0], False),
        }


def sent(tensor: Tensor, device: torch.device | str) -> Tensor:
    """A tensor of the processor's on a device, without waiting for what the device is doing.

    Examples
    --------
    >>> sent(torch.ones(2), "cpu").tolist()
    [1.0, 1.0]
    """
    to = torch.device(device)
    return tensor.pin_memory().to(to, non_blocking=True) if to.type == "cuda" else tensor.to(to)


def shared(array: AnyArray) -> Tensor:
    """A tensor over the memory of an array, frozen or not, without a copy; never to be written.

    Examples
    --------
    >>> shared(np.arange(3)).tolist()
    [0, 1, 2]
    """
    if array.flags.writeable or array.size == 0:
        return torch.from_numpy(array if array.flags.writeable else array.copy())
    return torch.from_numpy(np.asarray(_Window(array)))
