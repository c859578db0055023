"""What the callbacks share: watching around one `fit`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from whyfit.doors.child import DEFAULT_SHARE
from whyfit.doors.watch_session import Watch
from whyfit.errors import ArgumentError

if TYPE_CHECKING:
    from whyfit.report.live import LiveReport


class Watching:
    """Begun when training begins, ended when it ends; ending twice is ending once.

    Parameters
    ----------
    overhead
        The part of the wall time that watching may take.
    """

    def __init__(self, overhead: float = DEFAULT_SHARE) -> None:
        self._overhead = overhead
        self._watch: Watch | None = None
        self._open = False

    def begin(self, model: Any) -> None:
        """A training begins: the one before, if it was left by an exception, is over."""
        self.end()
        self._watch = Watch(model, overhead=self._overhead)
        self._watch.__enter__()
        self._open = True

    def end(self) -> None:
        """Stop watching; everything of it is gone afterwards."""
        if self._open and self._watch is not None:
            self._open = False
            self._watch.__exit__(None, None, None)

    def report(self) -> LiveReport:
        """What was seen in the latest training, or so far in one that goes on."""
        if self._watch is None:
            raise ArgumentError("nothing has been watched yet.", advice="Give the callback to the trainer, and train.")
        return self._watch.report()
