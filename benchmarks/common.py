"""What every benchmark does alike: interleave the sides, take medians of pairs, print a table, write JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PAIRS = 5
"""At least: the median of five is not moved by two bad ones."""

QUICK_PAIRS = 2
"""With --quick: shows that the benchmark runs, and proves nothing."""


@dataclass(frozen=True)
class Side:
    """One contender.

    Attributes
    ----------
    name
        As it stands in the table.
    run
        Does the work once and gives microseconds a step and network.
    """

    name: str
    run: Callable[[], float]


@dataclass(frozen=True)
class Spread:
    """Median, lowest and highest of the pairs."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Of all pairs."""
        return cls(statistics.median(values), min(values), max(values))

    def plain(self) -> dict[str, float]:
        """As plain values."""
        return {"median": self.median, "low": self.low, "high": self.high}

    def __str__(self) -> str:
        return f"{self.median:9.2f}  [{self.low:.2f}, {self.high:.2f}]"


def arguments(description: str) -> argparse.Namespace:
    """The arguments that every benchmark takes."""
    return _parser(description).parse_args()


def arguments_with_only(description: str) -> argparse.Namespace:
    """Those, and which part of a long table to run."""
    parser = _parser(description)
    parser.add_argument("--only", default="", help="only the rows of the table whose name holds this text")
    return parser.parse_args()


def arguments_with_seconds(description: str, seeds: int = 1) -> argparse.Namespace:
    """Those, after how long to begin nothing more of a run that resumes, and of how many seeds it is."""
    parser = _parser(description)
    parser.add_argument("--seeds", type=int, default=seeds, help="fewer are a smaller run, and the result says so")
    parser.add_argument("--seconds", type=float, default=600.0, help="begin nothing more after so long; it resumes")
    return parser.parse_args()


def _parser(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few and short pairs: shows that it runs")
    parser.add_argument("--json", type=Path, help="write the result here")
    return parser


def one_thread_everywhere() -> None:
    """Tell every library that reads the environment to stay on one thread; before any of them is imported."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"):
        os.environ[name] = "1"


def interleave(sides: Sequence[Side], pairs: int) -> dict[str, list[float]]:
    """Every side once a round, in turn, so that what the machine does besides hits all alike; one round before to
    warm.
    """
    for side in sides:
        side.run()
    rounds = [{side.name: side.run() for side in sides} for _ in range(pairs)]
    return {side.name: [one[side.name] for one in rounds] for side in sides}


def ratios(figures: Mapping[str, Sequence[float]], ours: str, others: Mapping[str, str]) -> dict[str, Spread]:
    """How many times longer each other takes, pair by pair; `others` names the ratio of each."""
    return {
        name: Spread.of([b / a for a, b in zip(figures[ours], figures[other], strict=True)])
        for other, name in others.items()
        if other in figures
    }


def timed(work: Callable[[], Any], clock: Callable[[], float]) -> float:
    """Seconds by a clock: `time.process_time` where one core works, so that other load does not count; else wall."""
    start = clock()
    work()
    return clock() - start


def finish(
    benchmark: str,
    figures: Mapping[str, Sequence[float]],
    found: Mapping[str, Spread],
    aims: Mapping[str, float],
    args: argparse.Namespace,
    notes: Mapping[str, Any],
) -> int:
    """Print the table, write the JSON, give the exit code: 0 where every ratio is at least its aim."""
    met = all(name in found and found[name].median >= aim for name, aim in aims.items())
    document = _document(benchmark, figures, found, aims, notes, met=met)
    return _told(document, figures, found, {name: f"at least {aim:g}" for name, aim in aims.items()}, args)


def finish_within(
    benchmark: str,
    figures: Mapping[str, Sequence[float]],
    found: Mapping[str, Spread],
    limits: Mapping[str, float],
    args: argparse.Namespace,
    notes: Mapping[str, Any],
) -> int:
    """The same for ratios that may be at most so much."""
    over = {name for name, limit in limits.items() if name not in found or found[name].median > limit}
    said = {name: f"at most {limit:g}{', NOT met' if name in over else ''}" for name, limit in limits.items()}
    document = _document(benchmark, figures, found, {}, notes | {"limits": dict(limits)}, met=not over)
    return _told(document, figures, found, said, args)


def _told(
    document: Mapping[str, Any],
    figures: Mapping[str, Sequence[float]],
    found: Mapping[str, Spread],
    said: Mapping[str, str],
    args: argparse.Namespace,
) -> int:
    """The table on the screen, the document in its file."""
    for name, values in figures.items():
        print(f"{name:44} {Spread.of(values)}")
    for name, spread in found.items():
        print(f"{name:44} {spread}" + (f"  ({said[name]})" if name in said else ""))
    print("met" if document["met"] else "NOT met")
    if args.json:
        args.json.write_text(json.dumps(document, indent=1) + "\n")
    return 0 if document["met"] else 1


def not_run(benchmark: str, why: str, args: argparse.Namespace) -> int:
    """Say why a benchmark cannot be run here; that is no failure, and no success."""
    print(f"not run: {why}")
    if args.json:
        document = _document(benchmark, {}, {}, {}, {"not_run": why}, met=False)
        args.json.write_text(json.dumps(document, indent=1) + "\n")
    return 0


def _document(
    benchmark: str,
    figures: Mapping[str, Sequence[float]],
    found: Mapping[str, Spread],
    aims: Mapping[str, float],
    notes: Mapping[str, Any],
    *,
    met: bool,
) -> dict[str, Any]:
    document = {
        "benchmark": benchmark,
        "date": time.strftime("%Y-%m-%d"),
        "machine": machine(),
        "versions": versions("numpy", "scipy", "numba", "torch", "scikit-learn", "joblib"),
        "figures": {name: Spread.of(values).plain() for name, values in figures.items()},
        "ratios": {name: spread.plain() for name, spread in found.items()},
        "aims": dict(aims),
        "met": met,
    }
    taken = document.keys() & notes.keys()
    assert not taken, f"a note would take the place of {taken}"
    return document | dict(notes)


def machine() -> dict[str, Any]:
    """Processor, cores, system, Python."""
    model = "unknown"
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        model = names[0] if names else model
    return {"processor": model, "cores": cores(), "system": platform.platform(), "python": sys.version.split()[0]}


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def versions(*packages: str) -> dict[str, str]:
    """Of installed packages; one that is not installed is reported as absent."""
    return {name: _version(name) for name in packages}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
