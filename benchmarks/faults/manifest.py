"""All programs of the benchmark, in four sets: development programs, and the reserve.

The first set's programs were looked at, both halves of them, while thresholds were still moved. Half of the second set,
drawn by somebody who had not read the exams, was the reserve once; its figures are published, and whoever set a
threshold afterwards had seen them. The third set was drawn after that, again without reading the exams: other data,
networks, styles and settings. `sound.py` ran each of its programs bare first, and those that did not do what they stand
for (a healthy one that did not learn, a fault without harm that no rule forbids) were mended before any was watched.
About every other variant of one fault was spare at the first draw, whose figures are published; those and the fourth
set, healthy programs alone, are the second draw, the reserve. What the first drew is development since then.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

import fourth_healthy
import healthy
import planted
import recreated
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
    drawn = [program for program in third() if not program.spare]
    reserve = [program for program in [*third(), *fourth()] if program.spare]
    every = [*(replace(program, looked_at=True) for program in [*first, *second, *drawn]), *reserve]
    names = [program.name for program in every]
    repeated = {name for name in names if names.count(name) > 1}
    if repeated:
        raise ValueError(f"programs of one name: {sorted(repeated)}")
    return every


def third() -> list[Program]:
    """All of the third set; of variants of one thing about every other one was spare, in the order of their digests.

    A name that is added or changed can move its relatives: what was watched must not become reserve again.
    """
    faults = [*third_faults.faults(), *third_faults_of_steps.faults(), *third_faults_of_runs.faults()]
    every = [*faults, *third_healthy.programs()]
    alike: dict[str, list[Program]] = {}
    for program in sorted(every, key=_drawn):
        if not program.name.startswith("awkward-"):
            alike.setdefault(program.name.partition("-")[0], []).append(program)
    spare = {program.name for programs in alike.values() for program in programs[1::2]}
    return [replace(program, spare=program.name in spare) for program in every]


def fourth() -> list[Program]:
    """All of the fourth set, which was spare at the first draw."""
    return fourth_healthy.programs()


def _drawn(program: Program) -> str:
    return hashlib.blake2b(program.name.encode(), digest_size=8).hexdigest()


def cases() -> list[Case]:
    """Every script: faulty, fixed and healthy."""
    return [case for program in programs() for case in program.cases()]
