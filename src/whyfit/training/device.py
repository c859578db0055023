"""Where networks are trained: on the processor, or on an accelerator where there is one."""

from __future__ import annotations

import ctypes
import sys
from dataclasses import replace
from functools import cache
from importlib.util import find_spec

from whyfit.errors import ArgumentError
from whyfit.training.contract import Cost

CPU, CUDA = "cpu", "cuda"
DEVICES = (CPU, CUDA)

DRIVER = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
"""The library of every NVIDIA driver; asking for it takes a microsecond, asking torch takes the time to load torch."""


def device_for(asked: str | None, *, torch_is_needed: bool) -> str:
    """The device that was asked for, else `cuda` where torch has something to train and sees one, else `cpu`.

    whyfit's own perceptrons on a table stay on the processor unless the accelerator is asked for: the kernel trains
    them there without torch.

    Raises
    ------
    ArgumentError
        There is no such device, here or at all.

    Examples
    --------
    >>> device_for("cpu", torch_is_needed=True)
    'cpu'
    """
    if asked is not None and asked not in DEVICES:
        raise ArgumentError(f"`device` must be one of {', '.join(map(repr, DEVICES))}, got {asked!r}.")
    if asked == CUDA:
        _hold_present()
    if asked is not None:
        return asked
    return CUDA if torch_is_needed and has_driver() and _torch_sees_one() else CPU


DEVICE_SHARE = 0.5
"""Of an accelerator's memory, for one cohort: the rest is for evaluation, recorded graphs, other processes. Chosen."""


def shard_limit(device: str, at_most: Cost) -> Cost:
    """What one worker may be handed at a time: on an accelerator as many bytes as half of it has."""
    if device == CPU:
        return at_most
    import torch  # noqa: PLC0415  # heavy

    return replace(at_most, bytes=int(DEVICE_SHARE * torch.cuda.get_device_properties(device).total_memory))


@cache
def has_driver() -> bool:
    """Whether this machine has the driver of an accelerator; torch is not loaded for it."""
    try:
        ctypes.CDLL(DRIVER)
    except OSError:
        return False
    return True


def _torch_sees_one() -> bool:
    if find_spec("torch") is None:
        return False
    import torch  # noqa: PLC0415  # heavy

    return bool(torch.cuda.is_available())


def _hold_present() -> None:
    advice = "Leave it out to train on the processor."
    if find_spec("torch") is None:
        raise ArgumentError("`device` 'cuda' needs torch, which is not installed.", advice=advice)
    if not _torch_sees_one():
        why = _why_none()
        raise ArgumentError(f"`device` 'cuda' was asked for, and torch sees none here ({why}).", advice=advice)


def _why_none() -> str:
    import torch  # noqa: PLC0415  # heavy

    if torch.version.cuda is None:
        return f"torch {torch.__version__} is built for processors alone"
    return "no accelerator answers" if has_driver() else "this machine has no NVIDIA driver"
