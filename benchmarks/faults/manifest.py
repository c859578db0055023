"""All programs of the benchmark, and what a run of them needs to know."""

from __future__ import annotations

import healthy
import planted
import recreated
from case import Case, Program


def programs() -> list[Program]:
    """Every program, faulty ones first; names are unique."""
    every = [*recreated.programs(), *planted.programs(), *healthy.programs()]
    names = [program.name for program in every]
    repeated = {name for name in names if names.count(name) > 1}
    if repeated:
        raise ValueError(f"programs of one name: {sorted(repeated)}")
    return every


def cases() -> list[Case]:
    """Every script: faulty, fixed and healthy."""
    return [case for program in programs() for case in program.cases()]
