"""Whether the programs are what they stand for, each run bare: before any of them is watched.

    python benchmarks/faults/sound.py --set NAME --kept FILE [--seeds 3] [--only NAME]

A healthy program and a fixed twin have to learn, in every seed: their score passes the floor of their data. A fault has
to do harm: it ends, in one seed or more, clearly below its twin of the same seed, or not at all; or else it has to
break what holds for any sound program, and is marked for that (`breaks`, or its kind in `BREAKS`). What fails is
printed, and changed or left out then. Scores are kept by the digest of a script's text.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import host
from case import Case, Program
from run import digest, score_of
from third_awkward import FLOORS as FLOORS_OF_AWKWARD
from third_awkward_models import FLOORS as FLOORS_OF_MODELS
from third_awkward_whole import FLOORS as FLOORS_OF_WHOLES
from third_data import FLOORS
from third_faults_of_runs import BREAKS

HARM = 0.03
"""Chosen: a loss of accuracy, or of explained variance, that no one would call luck on two to three hundred rows."""

SLOW = 2.0
"""Processor seconds, of a machine that others use: such a script takes about one on a quiet machine."""

SETS = ("third", "fourth", "fifth", "sixth")
"""The sets that were run bare before they were watched."""

Scores = dict[tuple[str, int], dict[str, Any]]


def measure(cases: Iterable[Case], seeds: int, place: Path) -> Scores:
    """Score, exit code and processor seconds of each script and seed."""
    lines = place.read_text(encoding="utf-8").splitlines() if place.exists() else []
    known = {(row["text"], row["seed"]): row for row in map(json.loads, lines)}
    found: Scores = {}
    with place.open("a", encoding="utf-8", buffering=1) as file:
        for case in cases:
            for seed in range(seeds):
                key = digest(case.source), seed
                if key not in known:
                    task = {"name": "script", "source": case.source, "seed": seed, "watched": False}
                    reply = host.do(task)
                    score = score_of(reply["said"])
                    known[key] = {
                        "text": key[0],
                        "seed": seed,
                        "score": score,
                        "exit": reply["exit"],
                        "cpu": reply["cpu"],
                    }
                    file.write(json.dumps(known[key]) + "\n")
                found[case.name, seed] = known[key]
    return found


def floor(program: Program) -> float:
    """The least score of a network that has learned this program's data."""
    if not math.isnan(program.floor):
        return program.floor
    whole = FLOORS_OF_AWKWARD | FLOORS_OF_WHOLES | FLOORS_OF_MODELS
    if program.name in whole:
        return whole[program.name]
    return next((FLOORS[part] for part in program.name.split("-")[::-1] if part in FLOORS), math.nan)


def score(row: dict[str, Any]) -> float:
    """Of what has ended; nothing is below what has not."""
    whole = row["exit"] == 0 and row["score"] is not None and math.isfinite(row["score"])
    return row["score"] if whole else -math.inf


def doubts(program: Program, scores: Scores, seeds: int) -> list[str]:
    """What speaks against a program."""
    healthy = "fixed" if program.questions else "healthy"
    own = [score(scores[f"{program.name}.{healthy}", seed]) for seed in range(seeds)]
    found = []
    if not all(one >= floor(program) for one in own):
        found.append(f"{healthy} scores {rounded(own)}, floor {floor(program)}")
    breaks = program.breaks or program.name.partition("-")[0] in BREAKS
    if program.questions and not breaks:
        ill = [score(scores[f"{program.name}.faulty", seed]) for seed in range(seeds)]
        if not any(one < other - HARM for one, other in zip(ill, own, strict=True)):
            found.append(f"does no harm: {rounded(ill)} beside {rounded(own)}")
    slow = max(scores[case.name, seed]["cpu"] for case in program.cases() for seed in range(seeds))
    if slow > SLOW:
        found.append(f"takes {slow:.2f} s")
    return found


def rounded(scores: Iterable[float]) -> list[float]:
    """For reading."""
    return [round(one, 3) for one in scores]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=SETS, required=True)
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    import manifest
    import scripts

    host.load()
    every = manifest.third() if options.set == "third" else scripts.programs(options.set)
    own = [program for program in every if options.only in program.name]
    bad, spent = 0, 0.0
    for program in own:
        scores = measure(program.cases(), options.seeds, options.kept)
        found = doubts(program, scores, options.seeds)
        spent += sum(row["cpu"] for row in scores.values())
        bad += bool(found)
        if found:
            print(program.name, "; ".join(found), flush=True)
    print(f"{len(own)} programs, {bad} in doubt; {spent:.0f} s of processor time", file=sys.stderr)
    return int(bool(bad))


if __name__ == "__main__":
    raise SystemExit(main())
