"""All programs of the benchmark, in six sets: development programs, and the reserve.

What was ever watched and looked at is development: whoever sets a threshold afterwards had seen it. So the first three
sets are, the second draw (what the first had spared of the third set, and the fourth set) since its figures were
published, and the fifth set, drawn for development by somebody who had not read the exams. The sixth set, drawn like
that too, is the reserve. `sound.py` runs each program bare first: those that do not do what they stand for (a healthy
one that does not learn, a fault without harm that no rule forbids) are mended before any is watched.
"""

from __future__ import annotations

from dataclasses import replace

import healthy
import planted
import recreated
import scripts
import second_faults
import second_faults_of_runs
import second_faults_of_steps
import second_healthy
import third_faults
import third_faults_of_runs
import third_faults_of_steps
import third_healthy
from case import Case, Program


def programs() -> list[Program]:
    """Every program, faulty ones first; names are unique."""
    first = [*recreated.programs(), *planted.programs(), *healthy.programs()]
    second = [
        *second_faults.faults(),
        *second_faults_of_steps.faults(),
        *second_faults_of_runs.faults(),
        *second_healthy.programs(),
    ]
    seen = [*first, *second, *third(), *scripts.programs("fourth"), *scripts.programs("fifth")]
    every = [*(replace(program, looked_at=True) for program in seen), *scripts.programs("sixth")]
    names = [program.name for program in every]
    repeated = {name for name in names if names.count(name) > 1}
    if repeated:
        raise ValueError(f"programs of one name: {sorted(repeated)}")
    return every


def third() -> list[Program]:
    """All of the third set; what the second draw took of it was spare at the first one."""
    faults = [*third_faults.faults(), *third_faults_of_steps.faults(), *third_faults_of_runs.faults()]
    return [*faults, *third_healthy.programs()]


def cases() -> list[Case]:
    """Every script: faulty, fixed and healthy."""
    return [case for program in programs() for case in program.cases()]
