"""Chunks taken over from code that was another: only where a fifth of them, some of every label, come out the same.

A claim's digest covers whole files, so that an edit which changes nothing of what the claim runs makes its evidence
stale all the same. Every chunk is the same whenever it is run: so some of each label are run anew, and where every
number agrees with what the older code gave the others are taken over, and the evidence says so. Where one differs, all
are run.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

Job = tuple[str, int]
Records = Mapping[Job, Mapping[str, Any]]

ONE_OF = 5
"""One chunk of so many is run anew, another one for every digest, and at least two of a label."""
LEAST_OF_LABEL = 2
ROUNDING = 1e-9
"""Of a number: an edit may change the order of a sum, and by that its last bits."""


@dataclass(frozen=True)
class Earlier:
    """What older code left behind.

    Attributes
    ----------
    digest
        Of that code.
    records
        By job.
    """

    digest: str
    records: Records


@dataclass(frozen=True)
class Carried:
    """What the evidence says of it: from which code, how many chunks were run anew and are the same, of how many."""

    code: str
    again: int
    of: int

    def plain(self) -> dict[str, Any]:
        """For the evidence file."""
        return asdict(self)


def run_anew(jobs: Sequence[Job], earlier: Earlier, digest: str) -> list[Job]:
    """The jobs that tell whether the rest may be taken over.

    Examples
    --------
    >>> run_anew([("a", i) for i in range(10)], Earlier("0", {("a", i): {} for i in range(10)}), "2")
    [('a', 2), ('a', 7)]
    """
    known: dict[str, list[Job]] = {}
    for job in jobs:
        if job in earlier.records:
            known.setdefault(job[0], []).append(job)
    return [job for ones in known.values() for job in _some(ones, int(digest, 16) % ONE_OF)]


def _some(jobs: list[Job], first: int) -> list[Job]:
    found = jobs[first::ONE_OF]
    return found if len(found) >= LEAST_OF_LABEL else jobs[:LEAST_OF_LABEL]


def same(one: Any, other: Any) -> bool:
    """Whether two chunks hold the same, numbers but for rounding.

    Examples
    --------
    >>> same({"a": [1.0, 2]}, {"a": [1.0 + 1e-13, 2]}), same([1.0], [1.001]), same([1], [1, 2])
    (True, False, False)
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=ROUNDING, abs_tol=ROUNDING) or (math.isnan(one) and math.isnan(other))
    return bool(one == other)


def evidence_digest(name: str, place: Path) -> str | None:
    """The digest that the evidence of a claim holds for; None where there is none."""
    path = place / f"{name}.json"
    return str(json.loads(path.read_text(encoding="utf-8"))["code"]["digest"]) if path.exists() else None
