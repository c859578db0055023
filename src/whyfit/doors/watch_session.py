"""Watching inside one's own process: `with whyfit.watch(model, optimizer) as watch: ...`."""

from __future__ import annotations

import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from whyfit.doors.child import DEFAULT_SHARE
from whyfit.errors import ArgumentError
from whyfit.evidence.observation import Observation

if TYPE_CHECKING:
    from whyfit.report.live import LiveReport


class Watch:
    """Observes this process between entering and leaving; everything of it is gone afterwards, also after an error.

    Where the process is observed already (by `whyfit watch`, or by a `with` block around this one) that observer goes
    on alone, and the report is of what it has seen by the end of this block: one process never pays twice.

    Parameters
    ----------
    model
        The network; None finds whatever is trained.
    optimizer
        Taken for the reader's sake: optimisers are met at their first step.
    overhead
        The part of the wall time that watching may take.

    Examples
    --------
    >>> import torch, whyfit
    >>> net = torch.nn.Linear(2, 1)
    >>> rule = torch.optim.SGD(net.parameters(), lr=0.1)
    >>> with Watch(net, rule) as watch:
    ...     for _ in range(20):
    ...         rule.zero_grad()
    ...         torch.nn.functional.mse_loss(net(torch.ones(4, 2)), torch.ones(4, 1)).backward()
    ...         rule.step()
    >>> watch.report().reaches("warning")
    False
    """

    def __init__(self, model: Any = None, optimizer: Any = None, *, overhead: float = DEFAULT_SHARE) -> None:
        del optimizer
        if not 0 < overhead <= 1:
            raise ArgumentError(f"`overhead` must be over 0 and at most 1, got {overhead:g}.", advice="0.03 is usual.")
        self._model, self._overhead = model, overhead
        self._place: Path | None = None
        self._seen: tuple[Observation, ...] | None = None
        self._observer: Any = None
        self._joined = False
        self._started, self._clock, self._seconds = datetime.now(UTC), time.monotonic(), 0.0

    def __enter__(self) -> Self:
        from whyfit.doors.watch_door import FOLDER_PREFIX  # noqa: PLC0415
        from whyfit.probes.all import run_probes  # noqa: PLC0415  # imports torch
        from whyfit.vitals.journal import Journal  # noqa: PLC0415
        from whyfit.vitals.observer import Observer  # noqa: PLC0415

        self._started, self._clock = datetime.now(UTC), time.monotonic()
        self._joined = Observer.present is not None
        if self._joined:
            self._observer = Observer.present
        else:
            self._place = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))
            self._observer = Observer(Journal(self._place), self._overhead, run_probes)
        if self._model is not None:
            for module in self._model.modules():
                self._observer.names.note(module)
        if not self._joined:
            self._observer.install()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._seconds = time.monotonic() - self._clock
        self._observer.finish() if self._joined else self._observer.end()
        self._seen = self._read()
        if self._place is not None:
            shutil.rmtree(self._place, ignore_errors=True)

    def _read(self) -> tuple[Observation, ...]:
        from whyfit.vitals.journal import entries  # noqa: PLC0415
        from whyfit.vitals.read import observation_of  # noqa: PLC0415

        if self._observer is None:
            raise ArgumentError(
                "nothing has been watched yet.", advice="Train inside `with whyfit.watch(model) as watch:`."
            )
        return (observation_of(entries(self._observer.journal.path)),)

    def report(self) -> LiveReport:
        """What was seen; while watching goes on, what has been seen so far."""
        from whyfit.doors.watch_door import WatchOptions, report_from  # noqa: PLC0415
        from whyfit.report.live import LiveReport  # noqa: PLC0415

        seen = self._read() if self._seen is None else self._seen
        options = WatchOptions(overhead=self._overhead, command="whyfit.watch")
        seconds = self._seconds or time.monotonic() - self._clock
        return LiveReport.of(report_from(seen, options, seconds=seconds, started=self._started))
