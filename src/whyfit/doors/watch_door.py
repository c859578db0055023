"""The door `watch`: run a script as Python would, see what goes wrong, say it; the script's own result stays as it is.

Top to bottom: start the child with an observer waiting for its import of torch, wait (and say what already holds), read
its journal, judge, report.
"""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import whyfit.vitals
from whyfit._version import __version__
from whyfit.doors.activation_curve import watched_activation
from whyfit.doors.child import CHILDREN, DEFAULT_SHARE, FOLDER, SEARCH_PATH, SHARE
from whyfit.doors.watch_live import Say, judging
from whyfit.doors.watch_ranks import judged, ranks_of
from whyfit.errors import ArgumentError
from whyfit.evidence.evidence import Evidence
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding
from whyfit.evidence.observation import Observation
from whyfit.evidence.question import Question
from whyfit.evidence.report import Report
from whyfit.evidence.types import Json
from whyfit.vitals.read import read_folder

FOLDER_PREFIX = "whyfit-watch-"
"""Of the folder of journals, in the system's temporary folder."""
SHIM = Path(whyfit.vitals.__file__).parent / "shim"
SIGNALLED = 128
"""Shells name a death by signal 128 + its number; so does the exit code of `watch`."""
LARGEST_SHARE = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchOptions:
    """What can be asked of `watch`.

    Attributes
    ----------
    overhead
        The part of the wall time that watching may take.
    command
        The whole command, for the report.
    say
        Takes each finding while the script still runs; None where nobody listens.
    """

    overhead: float = DEFAULT_SHARE
    command: str = "whyfit watch"
    say: Say | None = None


def watch_script(arguments: Sequence[str], options: WatchOptions = WatchOptions()) -> tuple[Report, int]:
    """Run a script, a module or a command with the observer attached.

    Parameters
    ----------
    arguments
        `SCRIPT.py ARGS`, `-m MODULE ARGS` or `-- COMMAND ARGS`.
    options
        See there.

    Returns
    -------
    The report, and the exit code of what ran (128 + n where signal n ended it).

    Raises
    ------
    ArgumentError
        There is nothing to run, or an option has no meaning.
    """
    command = command_of(arguments)
    if not 0 < options.overhead <= LARGEST_SHARE:
        raise ArgumentError(
            f"`--overhead` must be over 0 and at most {LARGEST_SHARE:g}, got {options.overhead:g}.",
            advice="It is a part of the wall time, such as 0.03.",
        )
    started, clock = datetime.now(UTC), time.monotonic()
    with tempfile.TemporaryDirectory(prefix=FOLDER_PREFIX) as place:
        folder = Path(place)
        with judging(folder, options.say):
            code = _run(command, _environment(folder, options, children=arguments[0] == "--"))
        report = report_of(folder, options, seconds=time.monotonic() - clock, started=started, code=code)
    return report, code


def command_of(arguments: Sequence[str]) -> list[str]:
    """The command that Python or the shell would run.

    Examples
    --------
    >>> command_of(["--", "torchrun", "train.py"])
    ['torchrun', 'train.py']
    """
    rest = list(arguments)
    if rest[:1] == ["--"] and rest[1:]:
        return rest[1:]
    if rest[:1] == ["-m"] and rest[1:]:
        return [sys.executable, *rest]
    if not rest or rest[0].startswith("-"):
        raise ArgumentError(
            "`watch` needs a script to run.", advice="whyfit watch train.py, or -m MODULE, or -- COMMAND."
        )
    if not Path(rest[0]).is_file():
        raise ArgumentError(f"there is no file {rest[0]}.", where="SCRIPT", advice="Give the path of a Python script.")
    return [sys.executable, *rest]


def _environment(folder: Path, options: WatchOptions, *, children: bool) -> dict[str, str]:
    """The child's environment: the shim in front of the search path, and what it was before."""
    environment = dict(os.environ)
    before = environment.get("PYTHONPATH", "")
    environment["PYTHONPATH"] = f"{SHIM}{os.pathsep}{before}" if before else str(SHIM)
    environment |= {FOLDER: str(folder), SHARE: str(options.overhead), SEARCH_PATH: before}
    if children:
        environment[CHILDREN] = "1"
    return environment


def _run(command: list[str], environment: Mapping[str, str]) -> int:
    try:
        child = subprocess.Popen(command, env=dict(environment))  # noqa: S603  # it is what the user asked to run
    except OSError as problem:
        raise ArgumentError(f"{command[0]} cannot be run: {problem.strerror}.", where="COMMAND") from None
    with _passing_on(child):
        code = child.wait()
    return SIGNALLED - code if code < 0 else code


@contextmanager
def _passing_on(child: subprocess.Popen[bytes]) -> Iterator[None]:
    """The terminal sends Ctrl-C to the child itself: it decides. A request to end is handed on."""
    kept = {signal.SIGINT: signal.getsignal(signal.SIGINT), signal.SIGTERM: signal.getsignal(signal.SIGTERM)}
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def report_of(folder: Path, options: WatchOptions, *, seconds: float, started: datetime, code: int | None) -> Report:
    """Judge what the journals in a folder hold."""
    failed = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.glob("*.failed"))]
    return report_from(read_folder(folder), options, seconds=seconds, started=started, code=code, failed=failed)


def report_from(
    seen: Sequence[Observation],
    options: WatchOptions,
    *,
    seconds: float,
    started: datetime,
    code: int | None = None,
    failed: Sequence[str] = (),
) -> Report:
    """Judge what was seen; `failed` says why an observer could not attach."""
    if not seen or not (seen[0].backwards or seen[0].died):
        answers: Mapping[Question, Answer] = dict.fromkeys(Question, Answer("not measured", _why_nothing(seen, failed)))
        found: tuple[Finding, ...] = ()
    else:
        answers, found = judged(seen)
    return Report(
        door="watch",
        data={},
        answers=answers,
        findings=found,
        evidence=Evidence(observation=seen[0], activation=watched_activation(seen[0])) if seen else Evidence(),
        networks=min(1, len(seen)),
        seconds=seconds,
        provenance=_provenance(options, started, seen, failed, code),
    )


def _why_nothing(seen: Sequence[Observation], failed: Sequence[str]) -> str:
    if failed or any(one.failed for one in seen):
        return "observer_failed"
    return "never_trained" if seen else "no_torch"


def _provenance(
    options: WatchOptions, started: datetime, seen: Sequence[Observation], failed: Sequence[str], code: int | None
) -> dict[str, Json]:
    facts: dict[str, Json] = {
        "command": options.command,
        "python": platform.python_version(),
        "whyfit": __version__,
        "machine": f"{platform.system()} {platform.machine()}",
        "started": started.isoformat(timespec="seconds"),
    }
    if code is not None:
        facts["exit_code"] = code
    if seen:
        facts |= {"processes": len(seen), "steps": seen[0].steps, "looks": len(seen[0].looks), "spent": seen[0].spent}
        facts["ended"] = seen[0].ended
        facts |= {"ranks": sorted(ranks)} if (ranks := ranks_of(seen)) else {}
    problems = [f"{part}: {problem}" for one in seen for part, problem in one.failed]
    problems += failed
    return facts | ({"observer": problems} if problems else {})
