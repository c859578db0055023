"""Work sealed as bytes: only the worker that does it opens it, after it has the study's luggage.

A cluster's scheduler opens what it passes on, and may have neither whyfit nor the luggage.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any


def seal(fn: Callable[..., Any], args: tuple[Any, ...]) -> bytes:
    """A call as bytes.

    Examples
    --------
    >>> do(seal(max, (1, 2)))
    2
    """
    return pickle.dumps((fn, args), protocol=pickle.HIGHEST_PROTOCOL)


def do(sealed: bytes) -> Any:
    """Do a sealed call; the bytes come from the study that this worker works for, over the cluster's own connection."""
    fn, args = pickle.loads(sealed)  # noqa: S301  # see above: the cluster itself moves calls in no other way
    return fn(*args)
