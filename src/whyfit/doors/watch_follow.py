"""`whyfit watch --follow`: a live panel in a second terminal, fed by the journal of a script that is being watched."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from whyfit.doors.watch_door import FOLDER_PREFIX, WatchOptions, report_from
from whyfit.errors import ArgumentError
from whyfit.evidence.observation import Observation
from whyfit.evidence.report import Report
from whyfit.exams.watched.all import AT_THE_END
from whyfit.text.language import Language
from whyfit.vitals.journal import SUFFIX
from whyfit.vitals.read import read_folder

if TYPE_CHECKING:
    from whyfit.report.document import Document

REFRESH = 2.0
"""Seconds between two drawings on a terminal. Chosen: reading, judging and drawing take a tenth of it."""
REFRESH_PLAIN = 30.0
"""Seconds between two through a pipe, where each stays."""


def follow(journal: str | None, language: Language, out: TextIO | None = None) -> int:
    """Draw what a watched script does until it ends; 0 then.

    Parameters
    ----------
    journal
        The folder that `whyfit watch` writes to, or a journal in it; None for the newest one.
    language
        Of the words.
    out
        Where to draw; standard output unless said otherwise.

    Raises
    ------
    ArgumentError
        There is no such journal, or no script is being watched.
    """
    folder, screen = folder_of(journal), out or sys.stdout
    if screen.isatty():
        _on_a_terminal(folder, language, screen)
    else:
        _through_a_pipe(folder, language, screen)
    return 0


def folder_of(journal: str | None) -> Path:
    """The folder of the journals that are asked for."""
    if journal is None:
        return newest_folder(Path(tempfile.gettempdir()))
    path = Path(journal)
    if path.is_file() and path.suffix == SUFFIX:
        return path.parent
    if not path.is_dir():
        raise ArgumentError(
            f"there is no journal {journal}.",
            where="JOURNAL",
            advice=f"Give the folder {FOLDER_PREFIX}… of a watched script, or leave it out for the newest.",
        )
    return path


def newest_folder(place: Path) -> Path:
    """The folder of the script that began to be watched last, among those that this user may read."""
    found = [path for path in place.glob(f"{FOLDER_PREFIX}*") if _readable(path)]
    if not found:
        raise ArgumentError(
            "no script is being watched.", advice="Start one in another terminal: whyfit watch train.py."
        )
    return max(found, key=lambda path: path.stat().st_mtime)


def _readable(path: Path) -> bool:
    try:
        next(path.iterdir(), None)
    except OSError:
        return False
    return path.is_dir()


def documents(folder: Path, pause: float) -> Iterator[Document]:
    """The report so far, again and again, until every watched process has ended or the journals are gone."""
    from whyfit.report.compose import document_of  # noqa: PLC0415  # pydantic, and only for who looks

    started, begun = datetime.now(UTC), _begun(folder)
    while folder.is_dir():
        seen: tuple[Observation, ...] = ()
        with suppress(OSError, KeyError, TypeError, ValueError):  # a line half written, or just deleted
            seen = read_folder(folder)
        if seen:
            over = all(one.ended == "whole" for one in seen)
            report = report_from(seen, WatchOptions(), seconds=time.time() - begun, started=started)
            yield document_of(report if over else _so_far(report))
            if over:
                return
        time.sleep(pause)


def _so_far(report: Report) -> Report:
    """Without the verdicts on a run as a whole, which has not ended."""
    return replace(report, findings=tuple(one for one in report.findings if one.code not in AT_THE_END))


def _begun(folder: Path) -> float:
    """When watching began: the folder is made then, and its own time moves with each new file in it."""
    times = [path.stat().st_ctime for path in folder.iterdir()] if folder.is_dir() else []
    return min([folder.stat().st_mtime, *times]) if folder.is_dir() else time.time()


def _on_a_terminal(folder: Path, language: Language, screen: TextIO) -> None:
    from rich.console import Console, Group  # noqa: PLC0415  # heavy, and only a person needs it
    from rich.live import Live  # noqa: PLC0415

    from whyfit.report.panel import panel_parts  # noqa: PLC0415

    console = Console(file=screen, highlight=False, markup=False, emoji=False)
    with Live(console=console, auto_refresh=False, vertical_overflow="crop") as live:
        for document in documents(folder, REFRESH):
            live.update(Group(*panel_parts(document, language)), refresh=True)


def _through_a_pipe(folder: Path, language: Language, screen: TextIO) -> None:
    from whyfit.report.panel import panel  # noqa: PLC0415
    from whyfit.report.screen import write_to  # noqa: PLC0415

    for document in documents(folder, REFRESH_PLAIN):
        write_to(screen, panel(document, language) + "\n")
        screen.flush()
