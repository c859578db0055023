"""Attaching to this process: called right after the script has imported torch."""

from __future__ import annotations

import atexit
import os
from pathlib import Path

FOLDER, SHARE, CHILDREN, SEARCH_PATH = "WHYFIT_JOURNAL", "WHYFIT_OVERHEAD", "WHYFIT_CHILDREN", "WHYFIT_PYTHONPATH"
"""Environment variables by which the parent speaks to the shim and to the child."""
DEFAULT_SHARE = 0.03
"""`--overhead`: the part of the wall time that watching may take."""


def attach_from_environment() -> None:
    """Begin to observe this process, with the journal where the parent asked for it."""
    from whyfit.probes.all import run_probes  # noqa: PLC0415
    from whyfit.vitals.journal import Journal  # noqa: PLC0415
    from whyfit.vitals.observer import Observer  # noqa: PLC0415

    folder, share = os.environ.get(FOLDER, ""), float(os.environ.get(SHARE, DEFAULT_SHARE))
    if os.environ.get(CHILDREN) != "1":
        for name in (FOLDER, SHARE):
            os.environ.pop(name, None)
    if not folder:
        return
    observer = Observer(Journal(Path(folder)), share, run_probes)
    observer.install()
    pid = os.getpid()
    atexit.register(_end, observer, pid)


def _end(observer: object, pid: int) -> None:
    """At the end of the process that was watched, and of no copy of it."""
    from whyfit.vitals.observer import Observer  # noqa: PLC0415

    if os.getpid() == pid and isinstance(observer, Observer):
        observer.end()
