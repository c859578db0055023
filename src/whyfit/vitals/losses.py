"""The losses that `backward` is called on, by the script's line that called it."""

from __future__ import annotations

import math
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import torch

from whyfit.vitals.curve import Curve
from whyfit.vitals.journal import Journal

INNER = (str(Path(torch.__file__).parent), str(Path(__file__).parents[1]))
"""Folders whose frames are never the script's."""
PACKAGES = tuple({sysconfig.get_paths()[name] for name in ("purelib", "platlib", "stdlib")})
"""Folders whose frames are the script's only where no other is: a trainer that calls `backward` for it."""
MOST_PENDING = 4096
"""Losses that wait on a device between two looks; older ones are let go."""
SHORT = 512
"""Backward passes between two writings of the loss curve."""
CALLERS = 4
"""Frames from here to torch's own backward: the loss, the pass, the engine."""


class Losses:
    """Notes each loss; on a device its value is fetched at the next look, so that no step waits for the device.

    Parameters
    ----------
    journal
        Where the curves are written.
    not_finite
        Told of a loss that was not finite and is found only now: the number of its backward pass.
    """

    def __init__(self, journal: Journal, not_finite: Callable[[int], None]) -> None:
        self._journal, self._not_finite = journal, not_finite
        self.curves: dict[str, Curve] = {}
        self._fresh: list[tuple[str, int, float]] = []
        self._pending: list[tuple[str, int, torch.Tensor]] = []
        self._lines: dict[tuple[int, int], tuple[Any, str]] = {}
        self._kinds: dict[int, tuple[Any, str]] = {}

    def note(self, tensors: Any, backward: int) -> float | None:
        """One more loss; its value where it is known already."""
        tensor = tensors[0] if isinstance(tensors, (tuple, list)) else tensors
        if not isinstance(tensor, torch.Tensor) or tensor.numel() != 1:
            return None
        line = self._line()
        if not tensor.is_cpu:
            self._pending.append((line, backward, tensor.detach().clone()))
            del self._pending[:-MOST_PENDING]
            return None
        value: float = tensor.item()
        self._fresh.append((line, backward, value))
        if len(self._fresh) >= SHORT:
            self.write()
        return value

    def fetch(self) -> None:
        """One transfer for all losses that wait on a device."""
        pending, self._pending = self._pending, []
        if not pending:
            return
        values = torch.stack([loss.reshape(()).float() for _, _, loss in pending]).tolist()
        for (line, backward, _), value in zip(pending, values, strict=True):
            self._fresh.append((line, backward, value))
            if not math.isfinite(value):
                self._not_finite(backward)

    def write(self) -> None:
        """Write what is new of the curves."""
        fresh, self._fresh = self._fresh, []
        for line, backward, value in fresh:
            if line not in self.curves:
                self.curves[line] = Curve()
            self.curves[line].add(backward, value)
        for line, curve in self.curves.items():
            self._journal.write("curve", {"line": line, "points": curve.take(), "bad": curve.bad})

    def _line(self) -> str:
        """The script's line that asked for the backward pass.

        Known again by the instruction that its frame stands at: counting lines is slow, and code hashes itself anew.
        """
        first: FrameType | None = sys._getframe(CALLERS)  # noqa: SLF001  # the frame is asked for its place alone
        frame, fallback = first, None
        while frame is not None:
            code = frame.f_code
            known = self._kinds.get(id(code))
            if known is None or known[0] is not code:
                known = self._kinds[id(code)] = (code, _kind(code.co_filename))
            if known[1] == "script":
                return self._place(frame)
            if fallback is None and known[1] == "package":
                fallback = frame
            frame = frame.f_back
        return "" if fallback is None else self._place(fallback)

    def _place(self, frame: FrameType) -> str:
        code, key = frame.f_code, (id(frame.f_code), frame.f_lasti)
        known = self._lines.get(key)
        if known is None or known[0] is not code:
            known = self._lines[key] = (code, f"{code.co_filename}:{frame.f_lineno}")
        return known[1]


def _kind(file: str) -> str:
    if file.startswith(INNER) or file.startswith("<frozen"):
        return "inner"
    return "package" if file.startswith(PACKAGES) else "script"
