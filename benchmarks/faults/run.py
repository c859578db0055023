"""The fault benchmark: detection, diagnosis, first finding, false alarms, twins, overhead, no trace; one command.

    python benchmarks/faults/run.py [--half reserve] [--seeds 3] [--workers 2] [--minutes 5] [--quick] [--command]
                                    [--kept FILE] [--json FILE]

Each script runs as a process of its own and is watched; healthy ones, at their first seed, also bare, for the cost and
for what they print. Finished runs stand in `--kept` with digests of whyfit and of the script, and are not run again
unless either has changed, so a run that was stopped goes on where it was. Thresholds are set on the development half
alone; the reserve half is for the figure.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from case import Case
from manifest import cases
from score import Row, figures, table
from watched import by_the_door

import whyfit

HERE = Path(__file__).parent
QUICK = 24
"""Scripts of a quick run, spread over all."""
JUDGED = ("doors", "evidence", "exams", "probes", "vitals")
"""Rooms of whyfit on which a finding rests."""


@dataclass(frozen=True, slots=True)
class Host:
    """One `host.py`, spoken to by lines."""

    process: subprocess.Popen[str]

    @classmethod
    def start(cls) -> Host:
        """Load the libraries once."""
        command = [sys.executable, str(HERE / "host.py")]
        pipe = subprocess.PIPE
        return cls(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, start_new_session=True))

    def do(self, case: Case, seed: int, *, watched: bool) -> dict[str, Any]:
        """One script, run to its end."""
        ends = self.process.stdin, self.process.stdout
        if ends[0] is None or ends[1] is None:
            raise RuntimeError("the host has no pipes")
        task = {"name": case.name, "source": case.source, "seed": seed, "watched": watched}
        print(json.dumps(task), file=ends[0], flush=True)
        reply: dict[str, Any] = json.loads(ends[1].readline())
        return reply

    def stop(self) -> None:
        """No more scripts: the host ends at the end of its input."""
        self.process.communicate()


@dataclass(frozen=True, slots=True)
class Command:
    """The door itself, a fresh interpreter a script: slower, and what a user types."""

    def do(self, case: Case, seed: int, *, watched: bool) -> dict[str, Any]:
        """One script, run to its end."""
        return by_the_door(case.name, case.source, seed, watched=watched)

    def stop(self) -> None:
        """Nothing runs on."""


def watch(host: Host | Command, case: Case, seed: int) -> Row:
    """One script, watched; a healthy one also bare, at its first seed."""
    seen = host.do(case, seed, watched=True)
    facts: Row = {"case": case.name, "program": case.program, "kind": case.kind, "half": case.half, "seed": seed}
    facts |= {"questions": list(case.questions), "family": case.family, "code": code(), "text": digest(case.source)}
    facts |= {name: seen[name] for name in ("exit", "cpu", "findings", "provenance")}
    facts["score"] = score_of(seen["said"])
    if seed == 0 and case.kind == "healthy":
        bare = host.do(case, seed, watched=False)
        facts["bare"] = {"cpu": bare["cpu"], "score": score_of(bare["said"]), "exit": bare["exit"]}
        facts["bare"]["same"] = bare["said"] == seen["said"] and bare["exit"] == seen["exit"]
    return facts


def score_of(said: str) -> float | None:
    """The score that a script printed last."""
    scores = [line.split()[1] for line in said.splitlines() if line.startswith("score ")]
    return float(scores[-1]) if scores else None


def digest(text: str) -> str:
    """Short and stable."""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


@cache
def code() -> str:
    """Of everything in whyfit on which a finding rests."""
    root = Path(whyfit.__file__).parent
    files = sorted(path for room in JUDGED for path in (root / room).rglob("*.py"))
    return digest("".join(path.read_text(encoding="utf-8") for path in files))


def kept(path: Path | None) -> dict[tuple[str, int], Row]:
    """What an earlier run of the same code has finished."""
    if path is None or not path.exists():
        return {}
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {(row["case"], row["seed"]): row for row in rows if row["code"] == code()}


def chosen(options: argparse.Namespace) -> Iterator[tuple[Case, int]]:
    """The scripts and seeds of this run."""
    every = [case for case in cases() if options.half in ("all", case.half) and options.only in case.name]
    every.sort(key=lambda case: case.looked_at)  # the second set before the first
    if options.quick:
        every = every[:: max(1, len(every) // QUICK)]
    return ((case, seed) for seed in range(1 if options.quick else options.seeds) for case in every)


def run(options: argparse.Namespace) -> tuple[list[Row], int]:
    """Watch all that is not kept yet, as long as there is time; the rows, and how many runs are still missing."""
    done = kept(options.kept)
    plan = list(chosen(options))
    for case, seed in plan:
        if (row := done.get((case.name, seed))) is not None and row["text"] != digest(case.source):
            del done[case.name, seed]
    left = [(case, seed) for case, seed in plan if (case.name, seed) not in done]
    for row in _watched(left, options):
        done[row["case"], row["seed"]] = row
        if options.kept is not None:
            with options.kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
        print(".", end="", flush=True, file=sys.stderr)
    print(file=sys.stderr)
    rows = [done[case.name, seed] for case, seed in plan if (case.name, seed) in done]
    return rows, len(plan) - len(rows)


def _watched(left: Sequence[tuple[Case, int]], options: argparse.Namespace) -> Iterator[Row]:
    """Hosts work side by side; after the time none begins another script."""
    last = time.monotonic() + 60 * options.minutes
    hosts: SimpleQueue[Host | Command] = SimpleQueue()
    for _ in range(options.workers if left else 0):
        hosts.put(Command() if options.command else Host.start())

    def one(pair: tuple[Case, int]) -> Row | None:
        if time.monotonic() > last:
            return None
        host = hosts.get()
        try:
            return watch(host, *pair)
        finally:
            hosts.put(host)

    with ThreadPoolExecutor(options.workers) as pool:
        yield from (row for row in pool.map(one, left) if row is not None)
    while not hosts.empty():
        hosts.get().stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=("development", "reserve", "all"), default="all")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=600.0, help="after these no further script is begun")
    parser.add_argument("--only", default="", help="scripts whose name holds this")
    parser.add_argument("--command", action="store_true", help="by `whyfit watch` itself, an interpreter a script")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--kept", type=Path)
    options = parser.parse_args()
    rows, missing = run(options)
    found = figures(rows)
    print(table(found))
    if missing:
        print(f"{missing} runs are missing: the same command goes on with them.")
    elif options.json is not None:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 3 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
