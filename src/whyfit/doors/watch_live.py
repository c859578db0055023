"""Findings while the script still runs: one line each on standard error, as soon as they hold.

The parent reads the journal now and then and judges it as it will at the end. What one look suggests the next may take
back, so a finding is said only when it has been there at every judging while the run at least doubled, and never when
it is a verdict on the run as a whole. The report at the end is what counts.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from whyfit.evidence.finding import Finding, Severity
from whyfit.evidence.observation import Observation
from whyfit.exams.watched.all import AT_THE_END, CANNOT_PASS, examine_watched
from whyfit.text.language import Language
from whyfit.text.words import words_in
from whyfit.vitals.read import read_folder

FIRST_SECONDS, LONGEST_SECONDS = 2.0, 30.0
"""Between two judgings, at the start and at most. Chosen: what somebody waits who looks on."""
GROWTH = 1.5
"""From one pause to the next. Chosen."""
PART = 0.01
"""Of one core: judging rests a hundred times as long as it took. Chosen."""
TWICE = 2
"""How far the run must have come since a finding first was there. Chosen: a plateau or a burst at the start is over."""

Say = Callable[[Finding, Observation], None]


@dataclass(slots=True)
class Standing:
    """Which findings have held for how long.

    Examples
    --------
    >>> standing, found = Standing(), Finding("relu.layer_dead", Severity.WARNING)
    >>> [len(standing.new((found,), backwards)) for backwards in (100, 150, 200, 400)]
    [0, 0, 1, 0]
    """

    since: dict[str, int] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)

    def new(self, found: Sequence[Finding], backwards: int) -> list[Finding]:
        """The findings that may be said now, each once.

        Parameters
        ----------
        found
            All findings of this judging, linked to their causes.
        backwards
            Backward passes by now.
        """
        alarms = {one.code: one for one in found if one.severity.rank >= Severity.WARNING.rank}
        self.since = {code: self.since.get(code, backwards) for code in alarms}
        fresh = [one for one in alarms.values() if self._holds(one, backwards)]
        self.said |= {one.code for one in fresh}
        return fresh

    def _holds(self, one: Finding, backwards: int) -> bool:
        if one.code in self.said or one.because is not None or one.code in AT_THE_END:
            return False
        return one.code in CANNOT_PASS or backwards >= TWICE * max(1, self.since[one.code])


class Judging:
    """Reads the journals of a folder again and again, in a thread of its own, until told to stop."""

    def __init__(self, folder: Path, say: Say) -> None:
        self._folder, self._say = folder, say
        self._standing, self._stop = Standing(), Event()
        self._thread = Thread(target=self._run, name="whyfit-live", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the judging that is under way."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        pause = FIRST_SECONDS
        while not self._stop.wait(pause):
            before = time.thread_time()
            self.judge()
            pause = max(min(pause * GROWTH, LONGEST_SECONDS), (time.thread_time() - before) / PART)

    def judge(self) -> None:
        """Once."""
        try:
            seen = read_folder(self._folder)
            found = examine_watched(seen[0])[1] if seen and seen[0].backwards else ()
        except Exception:  # noqa: BLE001  # a line half written, say: the report at the end is what counts
            return
        for finding in self._standing.new(found, seen[0].backwards if seen else 0):
            self._say(finding, seen[0])


@contextmanager
def judging(folder: Path, say: Say | None) -> Iterator[None]:
    """Judge what the journals in a folder hold while the script runs; not at all where nobody listens."""
    if say is None:
        yield
        return
    live = Judging(folder, say)
    live.start()
    try:
        yield
    finally:
        live.stop()


def line_of(finding: Finding, seen: Observation, language: Language) -> str:
    """One finding in one line, with its place and the step it was said at."""
    words = words_in(language)
    where = finding.where.plain() if finding.where else {}
    said = words.finding(finding.code, {**finding.numbers, **where})
    return words.label(
        "live",
        severity=words.label(f"severity_{finding.severity.value}"),
        steps=max(seen.steps, seen.backwards),
        summary=said.summary if said else finding.code,
        place=words.place(where) or None,
    )


def to_standard_error(language: Language) -> Say:
    """Say findings on standard error; a stream that is gone silences them."""

    def say(finding: Finding, seen: Observation) -> None:
        if sys.stderr is None:
            return
        with suppress(OSError, ValueError):  # closed, or full
            sys.stderr.write(line_of(finding, seen, language) + "\n")
            sys.stderr.flush()

    return say
