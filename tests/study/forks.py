"""`whyfit` in processes forked from one that has imported everything: a start costs next to nothing.

A forked process is killed like any other, and shares nothing with its sisters that anybody writes to. What it reports
is compared with the report of a study in a fresh process.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TextIO

FAILED = 70
"""Exit code of a fork whose command raised what `whyfit` does not catch: EX_SOFTWARE."""


@dataclass
class Fork:
    """One forked process."""

    pid: int
    ends: TextIO
    code: int | None = None

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""
        if self.code is None and select.select([self.ends], [], [], 0)[0]:
            self.wait()
        return self.code

    def wait(self) -> int:
        """Wait for its end; minus the signal where one ended it."""
        if self.code is None:
            self.code = int(self.ends.readline())
        return self.code

    def kill(self) -> None:
        """SIGKILL; nothing where it has ended already."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)


class Forks:
    """The process that forks; one fork at a time.

    Examples
    --------
    >>> with Forks() as forks:
    ...     forks.begin(["--version"], Path(os.devnull), Path(os.devnull)).wait()
    0
    """

    def __init__(self) -> None:
        self._mother = subprocess.Popen(
            [sys.executable, str(Path(__file__))], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._mother.communicate()

    def begin(self, arguments: list[str], out: Path, errors: Path, marks: Path | None = None) -> Fork:
        """Begin `whyfit ARGUMENTS`; `marks` as in `killable.py`."""
        asked = {"arguments": arguments, "out": str(out), "errors": str(errors), "marks": marks and str(marks)}
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        self._mother.stdin.write(json.dumps(asked) + "\n")
        return Fork(int(self._mother.stdout.readline()), self._mother.stdout)


def serve() -> None:
    """Fork for each line that is asked; tell its process and, when it has ended, its exit code."""
    _import_everything()
    while line := sys.stdin.readline():
        asked = json.loads(line)
        child = os.fork()
        if not child:
            os._exit(_child(asked))
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _import_everything() -> None:
    """And load the machine code; nothing here starts a thread."""
    import torch  # noqa: F401

    import whyfit.doors.study_door
    import whyfit.exams
    import whyfit.report.compose  # noqa: F401
    from whyfit.training.engines.kernel import KernelEngine

    KernelEngine().prepare(lambda: None)


def _child(asked: dict[str, Any]) -> int:
    for path, place in ((os.devnull, 0), (asked["out"], 1), (asked["errors"], 2)):
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, place)
    if asked["marks"]:
        from killable import watched_by

        watched_by(asked["marks"])
    sys.argv = ["whyfit", *asked["arguments"]]
    try:
        code = _run()
    except BaseException:  # noqa: BLE001  # what passes here would unwind into the loop of the mother
        traceback.print_exc()
        code = FAILED
    atexit._run_exitfuncs()
    sys.stdout.flush()
    return code


def _run() -> int:
    from whyfit.cli import main

    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    return 0


if __name__ == "__main__":
    serve()
