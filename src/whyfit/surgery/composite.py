"""Functions of torch that hide calls which must be seen."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

import torch
from torch.nn import functional

HIDING: dict[Any, Callable[..., Any]] = {}
"""Function → the same code, which no longer offers itself to a function mode, so that what it calls is offered."""


def _never(*_: Any) -> bool:
    return False


def _opened(function: FunctionType) -> Callable[..., Any]:
    opened = FunctionType(
        function.__code__,
        {**function.__globals__, "has_torch_function": _never},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    opened.__kwdefaults__ = function.__kwdefaults__
    return opened


HIDING[functional.multi_head_attention_forward] = _opened(functional.multi_head_attention_forward)  # type: ignore[arg-type]  # a plain Python function
HIDING[torch.autograd.backward] = _opened(torch.autograd.backward)  # type: ignore[arg-type]  # see above
