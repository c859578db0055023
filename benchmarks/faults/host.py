"""A process that has the libraries loaded already, and forks for each script: one a second instead of one in six.

    host.py < TASKS > REPLIES          one JSON object a line

A task names a script, its seed, and whether it is watched. Importing torch and scikit-learn takes longer than most
scripts train. The fork holds only imported modules: nothing was drawn, computed or observed in it. The observer
attaches as in `whyfit watch`, right after torch is there and before the script's first line, and the same judge reads
its journal. `run.py --command` runs each script by the door itself instead; a test holds one against the other.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

LIMIT = 120
"""Seconds after which a script counts as one that nothing was found in."""
KILLED = 128
LOADED = (
    "sklearn.datasets", "sklearn.model_selection", "sklearn.preprocessing", "torch._dynamo", "torch.optim.swa_utils",
    "torch.utils.data", "whyfit.doors.child", "whyfit.doors.watch_door", "whyfit.exams.watched", "whyfit.probes.all",
    "whyfit.vitals.observer",
)  # fmt: skip
"""What scripts, observer and judge import."""


def load() -> None:
    """Import, and nothing else: no tensor is made here."""
    for name in LOADED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # so that a fork's collector does not touch, and so copy, every page


def run_script(script: Path, seed: int, journal: Path | None, output: Path) -> NoReturn:
    """In the fork: become `python SCRIPT SEED`, and end as Python would."""
    signal.alarm(LIMIT)
    with output.open("wb") as file, Path(os.devnull).open("r+b") as nothing:
        for stream, place in ((0, nothing), (1, file), (2, nothing)):
            os.dup2(place.fileno(), stream)
    sys.argv, sys.path[0] = [str(script), str(seed)], str(script.parent)
    main = ModuleType("__main__")
    main.__file__ = str(script)
    sys.modules["__main__"] = main
    if journal is not None:
        _attach(journal)
    code = _execute(script, main)
    threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001  # Python's own end, in its order
    atexit._run_exitfuncs()  # noqa: SLF001
    with contextlib.suppress(OSError):
        sys.stdout.flush()
    os._exit(code)


def _attach(journal: Path) -> None:
    from whyfit.doors.child import DEFAULT_SHARE, FOLDER, SHARE, attach_from_environment

    os.environ |= {FOLDER: str(journal), SHARE: str(DEFAULT_SHARE)}
    attach_from_environment()


def _execute(script: Path, main: ModuleType) -> int:
    try:
        exec(compile(script.read_text(encoding="utf-8"), str(script), "exec"), vars(main))  # our own text
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as problem:  # noqa: BLE001  # as Python does for a script
        sys.last_type, sys.last_value, sys.last_traceback = type(problem), problem, problem.__traceback__
        traceback.print_exception(problem)
        return 1
    return 0


def judge(journal: Path, code: int, place: Path) -> NoReturn:
    """In another fork: the findings, as the door makes them."""
    from whyfit.doors.watch_door import WatchOptions, report_of

    report = report_of(journal, WatchOptions(), seconds=0.0, started=datetime.now(UTC), code=code)
    place.write_text(json.dumps(plain(report)), encoding="utf-8")
    os._exit(0)


def plain(report: Any) -> dict[str, Any]:
    """What the figures need of a report."""
    found = [
        {
            "code": finding.code,
            "severity": finding.severity.value,
            "numbers": {name: str(value) for name, value in finding.numbers.items()},
            "because": finding.because,
        }
        for finding in report.findings
    ]
    return {"findings": found, "provenance": dict(report.provenance)}


def do(task: dict[str, Any]) -> dict[str, Any]:
    """One script, watched or bare: its findings, what it printed, its exit code and its processor time."""
    place = Path(tempfile.mkdtemp(prefix="whyfit-fault-"))  # a TemporaryDirectory would be removed by the fork's end
    try:
        return _do(task, place)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _do(task: dict[str, Any], place: Path) -> dict[str, Any]:
    script, journal, output, found = (place / one for one in (f"{task['name']}.py", "journal", "said", "found"))
    script.write_text(task["source"], encoding="utf-8")
    journal.mkdir()
    child = os.fork()
    if not child:
        _never_back(lambda: run_script(script, task["seed"], journal if task["watched"] else None, output))
    code, seconds = _ended(child)
    if task["watched"]:
        child = os.fork()
        if not child:
            _never_back(lambda: judge(journal, code, found))
        _ended(child)
    said = output.read_text(encoding="utf-8", errors="replace") if output.exists() else ""
    report = json.loads(found.read_text(encoding="utf-8")) if found.exists() else {"findings": [], "provenance": {}}
    return {"exit": code, "cpu": seconds, "said": said[-4000:], **report}


def _never_back(act: Any) -> None:
    """A fork that failed must not go on as the host."""
    try:
        act()
    finally:
        traceback.print_exc()
        os._exit(70)


def _ended(child: int) -> tuple[int, float]:
    _, status, used = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return KILLED - code if code < 0 else code, _seconds(used)


def _seconds(used: resource.struct_rusage) -> float:
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Serve tasks until there are none."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    load()
    for line in sys.stdin:
        print(json.dumps(do(json.loads(line))), file=replies, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
