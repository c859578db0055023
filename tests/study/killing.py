"""A study that is killed at random moments and gone on with, beside one that never was."""

from __future__ import annotations

import json
import math
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from study.forks import Forks

MAY_DIFFER = ("provenance", "seconds")
"""What a report may say differently after a kill: where it comes from, and how long it took."""
LONGEST = 1800.0
"""Seconds until a study that neither ends nor reaches its moment counts as hung."""
JITTER, JITTER_A_NETWORK = 0.1, 1e-3
"""Seconds at most by which a kill comes later than the network that it waits for: about the time of a shard, so that
kills fall into training and into commits alike; less in a study of few networks, which is over sooner."""


def report_of(study: Path, arguments: list[str], forks: Forks | None = None) -> dict[str, Any]:
    """Run a study to its end; its report. In a fresh process, or in a fork."""
    out, errors = (study.with_name(f"{study.name}.{name}") for name in ("out", "errors"))
    process = (
        begun(study, arguments, out, errors) if forks is None else forks.begin(_options(study, arguments), out, errors)
    )
    assert process.wait() == 0, errors.read_text(encoding="utf-8")
    return json.loads(out.read_text(encoding="utf-8"))


def killed_once(study: Path, arguments: list[str], after: int, late: float = 0.0, forks: Forks | None = None) -> int:
    """Run a study and kill it so many seconds after `after` networks are kept; how many were kept when it was dead."""
    marks, nowhere = study.with_name(study.name + ".marks"), Path(os.devnull)
    marks.unlink(missing_ok=True)
    if forks is None:
        process = begun(study, arguments, nowhere, nowhere, marks)
    else:
        process = forks.begin(_options(study, arguments), nowhere, nowhere, marks)
    until = time.monotonic() + LONGEST
    while (marks.stat().st_size if marks.exists() else -1) < after and process.poll() is None:
        assert time.monotonic() < until, "the study hangs"
        time.sleep(0.001)
    time.sleep(late)
    process.kill()
    process.wait()
    return kept(study)


def begun(
    study: Path, arguments: list[str], out: Path, errors: Path, marks: Path | None = None
) -> subprocess.Popen[bytes]:
    """Begin a study in a fresh process, as a script: the observer of one network follows a script's own lines.

    With `-m whyfit` there are none, it looks at another step, and the rounding of the gradients there is another.
    """
    marks = study.with_name(study.name + ".marks") if marks is None else marks
    program = [sys.executable, str(Path(__file__).with_name("killable.py")), str(marks)]
    with out.open("wb") as to, errors.open("wb") as errors_to:
        return subprocess.Popen([*program, *_options(study, arguments)], stdout=to, stderr=errors_to)


def kept(study: Path) -> int:
    """Networks in a study file that nobody has open."""
    if not study.exists():
        return 0
    with sqlite3.connect(study) as file:
        tables = file.execute("SELECT count(*) FROM sqlite_master WHERE name = 'outcomes'").fetchone()[0]
        count = file.execute("SELECT count(*) FROM outcomes").fetchone()[0] if tables else 0
    file.close()
    return int(count)


def what_must_agree(report: dict[str, Any]) -> dict[str, Any]:
    """The report without provenance and without anything that a clock decides."""
    return _without_clocks({name: value for name, value in report.items() if name not in MAY_DIFFER})


def kill_moments(noise: np.random.Generator, networks: int, count: int) -> list[tuple[int, float]]:
    """After how many kept networks, and how many seconds later, to kill: uniform over the study, its start included.

    Stratified: one moment in each of `count` equal parts, so that few kills meet all of it.
    """
    latest = min(JITTER, JITTER_A_NETWORK * networks)
    places = (np.arange(count) + noise.random(count)) / count
    return [(int(place * networks), float(noise.uniform(0.0, latest))) for place in places]


def nearly(first: Any, second: Any, relative: float) -> bool:
    """Whether two reports say the same, numbers within a share of each other."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(nearly(first[name], second[name], relative) for name in first)
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(nearly(*pair, relative) for pair in zip(first, second, strict=True))
    if isinstance(first, float) and isinstance(second, float):
        return math.isclose(first, second, rel_tol=relative, abs_tol=relative)
    return bool(first == second)


def where_they_differ(first: Any, second: Any, path: str = "") -> list[str]:
    """The places of two reports that differ, and what stands there."""
    if isinstance(first, dict) and isinstance(second, dict):
        names = sorted(first.keys() | second.keys())
        return [line for n in names for line in where_they_differ(first.get(n), second.get(n), f"{path}.{n}")]
    if isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        pairs = enumerate(zip(first, second, strict=True))
        return [line for i, pair in pairs for line in where_they_differ(*pair, f"{path}[{i}]")]
    return [] if first == second else [f"{path.lstrip('.')}: {first!r}, {second!r}"[:200]]


def _without_clocks(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_clocks(one) for name, one in value.items() if "seconds" not in name}
    return [_without_clocks(one) for one in value] if isinstance(value, list) else value


def _options(study: Path, arguments: list[str]) -> list[str]:
    return ["checkup", *arguments, "--study", os.fspath(study), "--json", "-"]
