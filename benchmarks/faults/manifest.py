"""All programs of the benchmark, in two sets.

The first set's programs were looked at, both halves of them, while thresholds were still moved: they are development
programs now. The second set was drawn afterwards, by somebody who had not read the exams: other data, networks, styles
and settings. Each of its programs was run bare first, and those that did not do what they stand for (a healthy one that
did not learn, a fault without harm that no rule forbids) were mended before any was watched. Its halves are by digest.
"""

from __future__ import annotations

from dataclasses import replace

import healthy
import planted
import recreated
import second_faults
import second_faults_of_runs
import second_faults_of_steps
import second_healthy
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
    every = [*(replace(program, looked_at=True) for program in first), *second]
    names = [program.name for program in every]
    repeated = {name for name in names if names.count(name) > 1}
    if repeated:
        raise ValueError(f"programs of one name: {sorted(repeated)}")
    return every


def cases() -> list[Case]:
    """Every script: faulty, fixed and healthy."""
    return [case for program in programs() for case in program.cases()]
