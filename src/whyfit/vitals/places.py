"""The line of the script that is being run, as far up the calls as it takes to leave torch, packages and ourselves."""

from __future__ import annotations

import sys
from types import FrameType

from whyfit.vitals.losses import INNER, PACKAGES

MOST_FRAMES = 100
"""Calls that are gone up: deeper than any network is nested, and an end where something calls itself."""


def script_line() -> str:
    """`file:line` of the innermost call that stands in the script or in a module of its own; "" where none does."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001  # the frame is asked for its place alone
    for _ in range(MOST_FRAMES):
        if frame is None:
            break
        file = frame.f_code.co_filename
        if not file.startswith((*INNER, *PACKAGES, "<")):
            return f"{file}:{frame.f_lineno}"
        frame = frame.f_back
    return ""
