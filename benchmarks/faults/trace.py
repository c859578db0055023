"""No trace: each script twice bare, then watched; standard output and exit code compared byte for byte.

    python benchmarks/faults/trace.py [--only NAME] [--json FILE]

A script that does not equal itself when run twice proves nothing and is listed apart.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from styles import styles

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run showed to the outside."""

    output: bytes
    code: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two bare runs and a watched one."""

    name: str
    repeats: bool
    same_output: bool
    same_code: bool
    report: bool
    seconds_bare: float
    seconds_watched: float

    @property
    def traceless(self) -> bool:
        """Whether nothing showed; a script that differs from itself is held to its exit code alone."""
        return self.same_code and self.report and (self.same_output or not self.repeats)


def run(command: list[str]) -> Ran:
    """Run to the end."""
    start = time.perf_counter()
    done = subprocess.run(
        command, capture_output=True, check=False, timeout=600, env=os.environ | {"PYTHONHASHSEED": "0"}
    )
    return Ran(done.stdout, done.returncode % 256, time.perf_counter() - start)


def compare(name: str, source: str) -> Comparison:
    """One script; a death by signal n shows as 256 − n bare, and as 128 + n through a shell or `watch`."""
    with tempfile.TemporaryDirectory(prefix="whyfit-trace-") as place:
        script, found = Path(place) / f"{name}.py", Path(place) / "found.json"
        script.write_text(source, encoding="utf-8")
        first, second = (run([sys.executable, str(script)]) for _ in range(2))
        watched = run([sys.executable, str(HERE / "watched.py"), str(found), str(script)])
        expected = 128 + (256 - first.code) if first.code > 192 else first.code
        return Comparison(
            name,
            repeats=first.output == second.output and first.code == second.code,
            same_output=watched.output == first.output,
            same_code=watched.code == expected,
            report=found.exists(),
            seconds_bare=min(first.seconds, second.seconds),
            seconds_watched=watched.seconds,
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results = []
    for name, source in styles().items():
        if options.only in name:
            one = compare(name, source)
            results.append(one)
            print(
                "ok  " if one.traceless else "DIFF", name, "" if one.repeats else "(does not equal itself)", flush=True
            )
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(one) for one in results], indent=2) + "\n", encoding="utf-8")
    return 0 if all(one.traceless for one in results) else 1


if __name__ == "__main__":
    raise SystemExit(main())
