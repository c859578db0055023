"""The runner: members through an executor, each shard committed as it arrives.

It speaks `concurrent.futures.Executor`, so threads, processes and clusters look alike. A shard that is lost with its
worker is handed out again: training is decided by the member alone, so a second try gives the same outcome.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from typing import Self

from whyfit.errors import ArgumentError
from whyfit.evidence.member import Member
from whyfit.evidence.outcome import OUTCOME_SCHEMA, Outcome
from whyfit.study.store import Store
from whyfit.training.contract import Context, Cost, Engine, Shard
from whyfit.training.device import shard_limit

log = logging.getLogger(__name__)

TRIES = 3
"""How often one shard is handed out before its loss is an error (chosen: three dead workers are no accident)."""
POLL_SECONDS = 0.1
"""How long the runner sleeps at most before it looks whether someone interrupted."""
DRAIN_SECONDS = 10.0
"""How long workers may take to hand in what they have: twenty times the half second in which they see the flag
(chosen); one that is gone for good never does."""
SHARD_LIMIT = Cost(seconds=0.5, bytes=1 << 30)
"""What one worker is handed at a time: a commit and a word to the user at least twice a second."""

LESS_MEMORY = "Give smaller networks or batches, or train fewer at a time (`workers`)."

Listener = Callable[[Sequence[Outcome]], None]


@dataclass(slots=True)
class _Flight:
    """The shards under way, and how often each was tried."""

    waiting: deque[Shard]
    flying: dict[Future[list[Outcome]], Shard] = field(default_factory=dict)
    tries: dict[tuple[str, ...], int] = field(default_factory=dict)


@dataclass(slots=True)
class Runner:
    """Trains members with one engine and keeps what comes out.

    Attributes
    ----------
    engine, context, store
        See their contracts.
    executor
        Makes the executor; called again when the executor broke.
    workers
        How many shards train at the same time.
    fingerprint
        Of the data.
    backend
        Where the workers are, for the report.
    """

    engine: Engine
    context: Context
    store: Store
    executor: Callable[[], Executor]
    workers: int
    fingerprint: str
    _live: Executor | None = None
    backend: str = "local"

    def keys(self, members: Iterable[Member]) -> list[str]:
        """The keys of members, in order."""
        return [member.key(self.fingerprint, OUTCOME_SCHEMA) for member in members]

    def run(self, members: Sequence[Member], context: Context | None = None, listen: Listener | None = None) -> bool:
        """Train what the store does not hold yet; whether it ended by itself, not by an interruption.

        After Ctrl-C the members under way are cancelled, what was finished is committed, and False is returned.
        """
        context = context or self.context
        done = self.store.keys()
        todo = [member for member, key in zip(members, self.keys(members), strict=True) if key not in done]
        if not todo:
            return True
        limit = shard_limit(context.device, SHARD_LIMIT)
        flight = _Flight(deque(self.engine.shards(todo, self.fingerprint, limit)))
        with one_thread_a_worker():
            return self._run(flight, context, listen)

    def _run(self, flight: _Flight, context: Context, listen: Listener | None) -> bool:
        try:
            self._fly(flight, context, listen)
        except KeyboardInterrupt:
            log.info("interrupted; keeping what is finished")
            context.cancel.set()
            self._drain(flight, listen)
            return False
        return True

    def warm(self) -> None:
        """Start the workers and let them load what they need, so that no budget pays for it."""
        for future in [self._workers().submit(ready, self.engine) for _ in range(self.workers)]:
            with suppress(BrokenExecutor):  # a worker that died at its start is replaced when shards are handed out
                future.result()

    def start(self) -> None:
        """Start the workers; a runner that is a copy of this one then has the same."""
        self._workers()

    def close(self) -> None:
        """Let the workers go."""
        if self._live is not None:
            self._live.shutdown(wait=False)
            self._live = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _fly(self, flight: _Flight, context: Context, listen: Listener | None) -> None:
        try:
            while flight.waiting or flight.flying:
                self._launch(flight, context)
                landed, _ = wait(flight.flying, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
                for future in landed:
                    self._land(flight, future, listen)
        except BaseException:
            context.cancel.set()
            raise

    def _launch(self, flight: _Flight, context: Context) -> None:
        # One shard waits behind each that trains, so that no worker idles while a commit runs.
        while flight.waiting and len(flight.flying) < 2 * self.workers:
            shard = flight.waiting.popleft()
            flight.tries[shard.keys] = flight.tries.get(shard.keys, 0) + 1
            try:
                flight.flying[self._workers().submit(train_shard, self.engine, shard, context)] = shard
            except BrokenExecutor:
                flight.waiting.appendleft(shard)
                self.close()

    def _workers(self) -> Executor:
        """The executor: started at the first call, and anew after it broke."""
        if self._live is None:
            self._live = self.executor()
        return self._live

    def _land(self, flight: _Flight, future: Future[list[Outcome]], listen: Listener | None) -> None:
        shard = flight.flying.pop(future)
        error = future.exception()
        if isinstance(error, BrokenExecutor) and flight.tries[shard.keys] < TRIES:
            log.warning("a worker died; its %d networks are trained again", len(shard))
            flight.waiting.append(shard)
            return
        if isinstance(error, MemoryError):
            raise ArgumentError(f"this machine has too little memory ({error}).", advice=LESS_MEMORY)
        outcomes = future.result()
        self.store.commit(outcomes)
        if listen is not None:
            listen(outcomes)

    def _drain(self, flight: _Flight, listen: Listener | None) -> None:
        """Keep what the workers still hand in after the flag was set."""
        flight.waiting.clear()
        until = time.monotonic() + DRAIN_SECONDS
        while flight.flying and time.monotonic() < until:
            landed, _ = wait(flight.flying, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
            for future in landed:
                if future.cancelled() or future.exception() is not None:
                    flight.flying.pop(future)
                else:
                    self._land(flight, future, listen)


def ready(engine: Engine) -> None:
    """What a worker does once it has started: have the engine's machine code ready, on its own machine."""
    engine.prepare(lambda: None)


def train_shard(engine: Engine, shard: Shard, context: Context) -> list[Outcome]:
    """What a worker does: train one shard."""
    return list(engine.train(shard, context))


def one_thread_a_worker() -> AbstractContextManager[object]:
    """BLAS on one thread while workers train: workers are parallel, and threads inside threads fight for the cores.

    It holds for the whole process, so it is entered where the workers are started, never in a worker thread.
    """
    import scipy.linalg.blas  # noqa: PLC0415, F401  # a library that is loaded later would not be held to the limit
    from threadpoolctl import threadpool_limits  # noqa: PLC0415  # heavy, and only a study needs it

    return threadpool_limits(limits=1)  # type: ignore[no-any-return]  # threadpoolctl has no types
