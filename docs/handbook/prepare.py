"""Make every part of every page, in both languages: `python -m handbook.prepare` in `docs`.

Questions are dealt out to as many processes as there are cores; torch is loaded once, before they part.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import joblib
import torch

from handbook import page

DOCS = Path(__file__).parents[1]
CALL = re.compile(r"^page\.(\w+)\(((?:'\w+'(?:, )?)*)\)$", re.MULTILINE)
"""A cell that asks for a part of a page."""
TOGETHER = {"overfitting": "bias_variance"}
"""Two cases that are parts of one study."""
Call = tuple[str, tuple[str, ...]]


def calls() -> Iterator[Call]:
    """Every part that some page of some language asks for."""
    for file in sorted(DOCS.glob("[ez][nh]/**/*.md")):
        for name, arguments in CALL.findall(file.read_text(encoding="utf-8")):
            yield name, tuple(re.findall(r"'(\w+)'", arguments))


def tasks() -> list[tuple[Call, ...]]:
    """What one process does after another: all parts of one subject, since they share what was computed."""
    found: dict[str, list[Call]] = {}
    for name, arguments in calls():
        subject = arguments[0] if len(arguments) > 1 else name
        found.setdefault(TOGETHER.get(subject, subject), []).append((name, arguments))
    return [tuple(dict.fromkeys(some)) for some in found.values()]


def make(some: Sequence[Call]) -> float:
    """Make these; how many seconds it took."""
    started = time.monotonic()
    torch.set_num_threads(1)
    for name, arguments in some:
        getattr(page, name)(*arguments)
    return time.monotonic() - started


def main() -> None:
    """All of them; a part that cannot be made ends the build with its error."""
    started = time.monotonic()
    with ProcessPoolExecutor(joblib.cpu_count(), mp_context=get_context("fork")) as pool:
        for some, seconds in zip(tasks(), pool.map(make, tasks()), strict=True):
            subject = some[0][1][0] if len(some[0][1]) > 1 else some[0][0]
            sys.stdout.write(f"{subject:16s} {len(some):3d} parts {seconds:6.1f} s\n")
            sys.stdout.flush()
    sys.stdout.write(f"all parts in {time.monotonic() - started:.0f} s\n")


if __name__ == "__main__":
    sys.exit(main())
