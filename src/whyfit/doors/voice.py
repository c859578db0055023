"""What a person hears while a study runs: a few lines and a progress bar on standard error, or nothing.

Drawing is kept out of the study: it calls a `Voice`, and this file decides what is seen.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol, Self

from whyfit.evidence.dataset import Dataset
from whyfit.study.first_word import FirstWord
from whyfit.study.study import Progress, Settled
from whyfit.text.language import Language
from whyfit.text.words import Words, words_in

if TYPE_CHECKING:
    from rich.console import Console


SAID = ("helps", "hurts")
"""Verdicts that are said at once."""


class Voice(Protocol):
    """What a study says while it runs."""

    def data(self, data: Dataset) -> None:
        """The data is loaded; what was inferred of it is said here."""

    def compiling(self) -> None:
        """The kernel is being compiled, which happens once."""

    def planned(self, engine: str, why: str, workers: int) -> None:
        """Training begins."""

    def progress(self, progress: Progress) -> None:
        """A shard is done."""

    def first(self, word: FirstWord) -> None:
        """Whether the plain recipe learns and overfits, as its first repeats show it."""

    def settled(self, settled: Settled) -> None:
        """A verdict stands while the rest is still trained."""

    def listening(self) -> AbstractContextManager[None]:
        """While training runs."""


class Silence:
    """Says nothing."""

    def data(self, data: Dataset) -> None:
        """Nothing."""

    def compiling(self) -> None:
        """Nothing."""

    def planned(self, engine: str, why: str, workers: int) -> None:
        """Nothing."""

    def progress(self, progress: Progress) -> None:
        """Nothing."""

    def first(self, word: FirstWord) -> None:
        """Nothing."""

    def settled(self, settled: Settled) -> None:
        """Nothing."""

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Nothing."""
        yield


class Speech:
    """Speaks on standard error: a bar that moves on a terminal, plain lines through a pipe."""

    def __init__(self, language: Language) -> None:
        from rich.console import Console  # noqa: PLC0415  # heavy, and only a person needs it

        self.words = words_in(language)
        self.console: Console = Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())
        self._bar: _Bar | None = None

    def data(self, data: Dataset) -> None:
        """Rows, columns, task, and what was inferred."""
        facts = {"source": data.source, "rows": data.rows, "columns": len(data.columns), "task": data.task}
        classes = {"classes": len(data.classes)} if data.classes else {}
        self._say(self.words.label("progress_data", **facts, **classes))
        for told in data.told:
            sentence = self.words.told(told.code, dict(told.facts))
            if sentence:
                self._say(f"  {sentence}")

    def compiling(self) -> None:
        """Compiling happens once; whoever waits should know."""
        self._say(self.words.label("progress_compiling"))

    def planned(self, engine: str, why: str, workers: int) -> None:
        """What trains and why, on how many cores."""
        self._say(self.words.label("progress_training", engine=engine, why=self.words.term(why), workers=workers))

    def progress(self, progress: Progress) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.move(progress)

    def first(self, word: FirstWord) -> None:
        """One line."""
        facts = {"metric": word.metric, "train": word.train, "score": word.score, "baseline": word.baseline}
        gap = {"gap": word.estimate.value, "low": word.estimate.low, "high": word.estimate.high}
        self._say(self.words.label(f"progress_{word.verdict}", seconds=word.seconds, **facts, **gap))

    def settled(self, settled: Settled) -> None:
        """A line for what helps or hurts; what shows no effect waits for the report."""
        if settled.verdict in SAID:
            facts = {"remedy": settled.remedy, "metric": settled.metric, "seconds": settled.seconds}
            gain = {"gain": settled.gain.value, "low": settled.gain.low, "high": settled.gain.high}
            self._say(self.words.label(f"progress_{settled.verdict}", **facts, **gain))

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Show the bar while training runs; a pipe gets its lines without one."""
        if not self.console.is_terminal:
            yield
            return
        with _Bar(self.console, self.words) as self._bar:
            yield
        self._bar = None

    def _say(self, line: str) -> None:
        from rich.text import Text  # noqa: PLC0415

        self.console.print(Text(line))  # Text: what came from a file is never read as markup


class _Bar:
    """Networks done, their rate, the time that is left."""

    def __init__(self, console: Console, words: Words) -> None:
        from rich import progress  # noqa: PLC0415

        self._words = words
        text = progress.TextColumn("{task.description}", markup=False)
        columns = (
            text,
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TextColumn("{task.fields[rate]}"),
        )
        self._bar = progress.Progress(*columns, progress.TimeElapsedColumn(), console=console, transient=True)
        self._task = self._bar.add_task("", total=None, rate="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def move(self, progress: Progress) -> None:
        rate = f"{progress.networks / progress.seconds:.0f}/s" if progress.seconds > 0 else ""
        arm = self._words.label("progress_arm", arm=self._words.term(progress.arm))
        self._bar.update(self._task, description=arm, completed=progress.networks, total=progress.planned, rate=rate)
