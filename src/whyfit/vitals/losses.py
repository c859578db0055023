"""The losses that `backward` is called on, by the script's line that called it."""

from __future__ import annotations

import math
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
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
        self._fresh: list[tuple[str, int, list[float]]] = []
        self._waiting = 0
        self._pending: list[tuple[str, int, torch.Tensor]] = []
        self._lines: dict[tuple[int, int], tuple[Any, str]] = {}
        self._kinds: dict[int, tuple[Any, str]] = {}
        self.latest: tuple[int, CodeType | None, int, str] = (1, None, -1, "")

    def note(self, tensors: Any, backward: int) -> float | None:
        """One more loss; its value where it is known already."""
        tensor = tensors[0] if isinstance(tensors, (tuple, list)) else tensors
        if not isinstance(tensor, torch.Tensor) or tensor.numel() != 1:
            return None
        depth, code, instruction, line = self.latest
        try:  # most often the same call as the last time, from as deep: a walk up the frames is ten times as slow
            frame = sys._getframe(depth)  # noqa: SLF001  # the frame is asked for its place alone
            if frame.f_code is not code or frame.f_lasti != instruction:
                line = self._line()
        except ValueError:
            line = self._line()
        if not tensor.is_cpu:
            self._pending.append((line, backward, tensor.detach().clone()))
            del self._pending[:-MOST_PENDING]
            return None
        value: float = tensor.item()
        self._add(line, backward, [value])
        return value

    def take(self, backward: int, values: list[float | torch.Tensor]) -> None:
        """Losses of the line noted last, of one backward pass after the other; all finite, or on a device."""
        line = self.latest[3]
        for place, value in enumerate(values):
            if isinstance(value, torch.Tensor):
                self._pending.append((line, backward + place, value))
        del self._pending[:-MOST_PENDING]
        known = [value for value in values if not isinstance(value, torch.Tensor)]
        if known:  # one line's losses lie on one device
            self._add(line, backward, known)

    def _add(self, line: str, backward: int, values: list[float]) -> None:
        self._fresh.append((line, backward, values))
        self._waiting += len(values)
        if self._waiting >= SHORT:
            self.write()

    def fetch(self) -> None:
        """One transfer for all losses that wait on a device."""
        pending, self._pending = self._pending, []
        if not pending:
            return
        values = torch.stack([loss.reshape(()).float() for _, _, loss in pending]).tolist()
        for (line, backward, _), value in zip(pending, values, strict=True):
            self._add(line, backward, [value])
            if not math.isfinite(value):
                self._not_finite(backward)

    def write(self) -> None:
        """Write what is new of the curves."""
        fresh, self._fresh, self._waiting = self._fresh, [], 0
        for line, backward, values in fresh:
            if line not in self.curves:
                self.curves[line] = Curve()
            self.curves[line].extend(backward, values)
        for line, curve in self.curves.items():
            self._journal.write("curve", {"line": line, "points": curve.take(), "bad": curve.bad})

    def _line(self) -> str:
        """The script's line that asked for the backward pass.

        Known again by the instruction that its frame stands at: counting lines is slow, and code hashes itself anew.
        """
        frame: FrameType | None = sys._getframe(1)  # noqa: SLF001  # of `note`: depths count from there
        fallback, depth = None, -1
        while frame is not None:
            code, depth = frame.f_code, depth + 1
            known = self._kinds.get(id(code))
            if known is None or known[0] is not code:
                known = self._kinds[id(code)] = (code, _kind(code.co_filename))
            if known[1] == "script":
                line = self._place(frame)
                self.latest = (depth, code, frame.f_lasti, line)
                return line
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
