"""A study that is killed at random moments and gone on with, beside one that never was."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

MAY_DIFFER = ("provenance", "seconds")
"""What a report may say differently after a kill: where it comes from, and how long it took."""
LONGEST = 300.0
"""Seconds until a study that neither ends nor commits anything counts as hung."""


def report_of(study: Path, arguments: list[str]) -> dict[str, Any]:
    """Run a study to its end; its report."""
    done = subprocess.run(_command(study, arguments), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def killed_once(study: Path, arguments: list[str], after: int) -> int:
    """Run a study and kill it as soon as `after` networks are kept; how many were kept when it was dead."""
    process = subprocess.Popen(_command(study, arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + LONGEST
    while _size(study) < _BYTES_AT_START + after * _BYTES_A_NETWORK and process.poll() is None:
        assert time.monotonic() < until, "the study hangs"
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return kept(study)


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


def kill_moment(noise: np.random.Generator, networks: int) -> int:
    """A number of kept networks after which to kill: anywhere, the very start included."""
    return int(noise.integers(0, networks))


def _without_clocks(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_clocks(one) for name, one in value.items() if "seconds" not in name}
    return [_without_clocks(one) for one in value] if isinstance(value, list) else value


_BYTES_AT_START = 65536
"""Tables and facts: about a dozen pages, in the log and in the file."""
_BYTES_A_NETWORK = 4096
"""A commit writes a page at least; more than one a network only makes the kill come earlier."""


def _size(study: Path) -> int:
    return sum(path.stat().st_size for path in (study, study.with_name(study.name + "-wal")) if path.exists())


def _command(study: Path, arguments: list[str]) -> list[str]:
    whyfit = [sys.executable, "-m", "whyfit", "checkup", *arguments]
    return [*whyfit, "--study", os.fspath(study), "--json", "-"]
