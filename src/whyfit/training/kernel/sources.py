"""Digests of the sources that machine code is made of.

Numba's cache looks at the file of the function that it keeps and at nothing that this function calls: an edit of
another file would go unseen. What is cached here is therefore a closure over a digest of all sources that go into it,
and a closure's values are part of the cache's key. A test walks the imports and holds that no source is missing.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

PACKAGE = Path(__file__).parents[2]

RULES = ("rules/jit.py", "rules/vector_math.py", "training/kernel/parts.py")
COMPILED = (
    "activity",
    "assess",
    "augment",
    "batch",
    "borrow",
    "compiled",
    "dense",
    "dropout",
    "embed",
    "gather",
    "hidden",
    "inline",
    "job",
    "layout",
    "loop",
    "measure",
    "memory",
    "moments",
    "norm",
    "passes",
    "score",
    "stop",
    "subnormal",
    "turn",
    "twins",
    "update",
)
"""The files of this folder that are compiled; the others prepare what goes in and read what comes out."""

What: TypeAlias = Literal["kernel", "activations", "optimizers", "losses", "augmentations"]

SOURCES: dict[What, tuple[str, ...]] = {
    "kernel": (
        "rules/jit.py",
        "rules/activations/maxout.py",
        "rules/vector_math.py",
        "training/draws.py",
        "training/streams.py",
        "training/schedule.py",
        *(f"training/kernel/{name}.py" for name in COMPILED),
    ),
    "activations": (*RULES, "rules/activations/*.py"),
    "optimizers": (*RULES, "rules/optimizers/*.py"),
    "losses": (*RULES, "rules/losses/*.py"),
    "augmentations": (*RULES, "rules/augmentations/*.py"),
}
"""What is compiled as one, and its sources below the package."""


def source_digest(what: What, package: Path = PACKAGE) -> int:
    """A digest of the sources, as an int64 ≥ 0."""
    state = hashlib.blake2b(digest_size=8)
    for pattern in SOURCES[what]:
        for path in sorted(package.glob(pattern)):
            state.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return int.from_bytes(state.digest()) >> 1


@cache
def digest_once(what: What) -> int:
    """The digest of the sources as they were when this process first asked."""
    return source_digest(what)


@cache
def whole_digest() -> str:
    """Of everything together, for the platform key."""
    state = hashlib.blake2b(digest_size=8)
    for what in SOURCES:
        state.update(digest_once(what).to_bytes(8))
    return state.hexdigest()
