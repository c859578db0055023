"""The fault benchmark: detection, diagnosis, first finding, false alarms, twins; one command.

    python benchmarks/faults/run.py [--half reserve] [--seeds 3] [--workers 1] [--quick] [--json FILE] [--kept FILE]

Each script runs as a process of its own under `whyfit watch`. Finished ones stand in `--kept` and are not run again, so
a run that was stopped goes on where it was. Thresholds are set on the development half alone; the reserve half is for
the figure.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from case import Case
from manifest import cases
from score import figures, table

HERE = Path(__file__).parent
QUICK = 24
"""Scripts of a quick run, spread over all."""
LIMIT = 300
"""Seconds after which a script counts as one that nothing was found in."""


def watch(case: Case, seed: int) -> dict[str, Any]:
    """One script, watched."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="whyfit-fault-") as place:
        script, found = Path(place) / f"{case.name}.py", Path(place) / "found.json"
        script.write_text(case.source, encoding="utf-8")
        command = [sys.executable, str(HERE / "watched.py"), str(found), str(script), str(seed)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
            code, said = done.returncode, done.stdout
        except subprocess.TimeoutExpired:
            code, said = -1, ""
        report = json.loads(found.read_text(encoding="utf-8")) if found.exists() else {"findings": [], "provenance": {}}
    scores = [line.split()[1] for line in said.splitlines() if line.startswith("score ")]
    facts = {"case": case.name, "program": case.program, "kind": case.kind, "half": case.half, "seed": seed}
    facts |= {"questions": list(case.questions), "exit": code, "score": scores[-1] if scores else None}
    return facts | {"seconds": time.perf_counter() - start, **report}


def kept(path: Path | None) -> dict[tuple[str, int], dict[str, Any]]:
    """What an earlier run has finished."""
    if path is None or not path.exists():
        return {}
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {(row["case"], row["seed"]): row for row in rows}


def chosen(options: argparse.Namespace) -> Iterator[tuple[Case, int]]:
    """The scripts and seeds of this run."""
    every = [case for case in cases() if options.half in ("all", case.half) and options.only in case.name]
    if options.quick:
        every = every[:: max(1, len(every) // QUICK)]
    return ((case, seed) for seed in range(1 if options.quick else options.seeds) for case in every)


def run(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Watch all that is not kept yet."""
    done = kept(options.kept)
    plan = list(chosen(options))
    left = [(case, seed) for case, seed in plan if (case.name, seed) not in done]
    with ThreadPoolExecutor(options.workers) as pool:
        for row in pool.map(lambda pair: watch(*pair), left):
            done[row["case"], row["seed"]] = row
            if options.kept is not None:
                with options.kept.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")
            print(".", end="", flush=True, file=sys.stderr)
    return [done[case.name, seed] for case, seed in plan]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=("development", "reserve", "all"), default="all")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--only", default="", help="scripts whose name holds this")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--kept", type=Path)
    options = parser.parse_args()
    rows = run(options)
    found = figures(rows)
    print(table(found))
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
