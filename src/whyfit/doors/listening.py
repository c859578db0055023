"""What is heard of a study while it runs: its progress, and once its first verdict on the plain recipe."""

from __future__ import annotations

from dataclasses import dataclass, field

from whyfit.doors.voice import Voice
from whyfit.study.first_word import LOOKS, first_word
from whyfit.study.study import Progress, Study


@dataclass(slots=True)
class Listening:
    """Passes progress on, and looks at the plain recipe after its first repeats.

    Attributes
    ----------
    study, voice
        Whom it hears, and who says it.
    said
        The verdict that was said last: one that overfits is the last word, one that learns may yet be found to.
    """

    study: Study
    voice: Voice
    said: str = ""
    _ahead: list[int] = field(default_factory=lambda: list(LOOKS))

    def __call__(self, progress: Progress) -> None:
        """After each shard."""
        self.voice.progress(progress)
        if self._ahead and progress.repeats >= self._ahead[0]:
            self._ahead = [look for look in self._ahead if look > progress.repeats]
            self._look()

    def _look(self) -> None:
        plain = self.study.plain
        word = None if plain is None else first_word(plain, self.study.seconds)
        if word is not None and word.verdict != self.said:
            self.said = word.verdict
            self.voice.first(word)
        if self.said == "overfits":
            self._ahead.clear()
