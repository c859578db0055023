"""The digest of everything that the kernel's machine code is made of."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[2]
SOURCES = ("training/kernel/*.py", "training/streams.py", "training/schedule.py", "rules/**/*.py")
"""Everything whose code is compiled into the kernel, and what sits beside it."""


def source_digest(package: Path = PACKAGE) -> int:
    """A digest of the sources, as an int64 ≥ 0."""
    state = hashlib.blake2b(digest_size=8)
    for pattern in SOURCES:
        for path in sorted(package.glob(pattern)):
            state.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return int.from_bytes(state.digest()) >> 1


@cache
def digest_once() -> int:
    """The digest of the sources as they were when this process first asked."""
    return source_digest()
