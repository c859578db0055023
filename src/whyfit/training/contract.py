"""The contract of all engines. Nothing above it knows which engine ran."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self, runtime_checkable

import numpy as np

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.evidence.outcome import Outcome
from whyfit.evidence.types import AnyArray


class CancelFlag:
    """One byte in a memory-mapped file: set here, seen at once by threads, compiled loops and other processes.

    Examples
    --------
    >>> with CancelFlag.create() as flag:
    ...     flag.is_set()
    False
    """

    def __init__(self, path: str, *, owner: bool = False) -> None:
        self._path, self._owner = path, owner
        self.byte: AnyArray = np.memmap(path, dtype=np.uint8, mode="r+", shape=(1,))

    @classmethod
    def create(cls) -> Self:
        """A fresh flag, not set; its file goes when the flag is closed."""
        handle, path = tempfile.mkstemp(prefix="whyfit-cancel-")
        os.write(handle, b"\0")
        os.close(handle)
        return cls(path, owner=True)

    def set(self) -> None:
        """Ask everyone who polls to stop."""
        self.byte[0] = 1

    def is_set(self) -> bool:
        """Whether someone asked to stop."""
        return bool(self.byte[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._owner and os.path.exists(self._path):  # noqa: PTH110  # at interpreter exit pathlib may be gone
            os.unlink(self._path)  # noqa: PTH108

    def __reduce__(self) -> tuple[object, ...]:
        """Travel as the path: another process maps the same byte."""
        return (CancelFlag, (self._path,))


@dataclass(frozen=True, slots=True)
class Context:
    """What a worker needs beside the members.

    Attributes
    ----------
    open_data
        Gives the dataset; picklable where workers are processes.
    cancel
        Polled at least every half second.
    device
        `cpu` or `cuda`.
    deadline
        `time.monotonic()` value after which no further member is begun; None for none.
    progress
        Called after each finished member, in the worker; None where nobody listens or the worker is another process.
    """

    open_data: Callable[[], Dataset]
    cancel: CancelFlag
    device: str = "cpu"
    deadline: float | None = None
    progress: Callable[[Outcome], None] | None = field(default=None, compare=False)

    def over(self) -> bool:
        """Whether to begin no further member."""
        return self.cancel.is_set() or (self.deadline is not None and time.monotonic() >= self.deadline)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an engine can train a member: a reason code when it cannot.

    Examples
    --------
    >>> bool(Verdict("needs_torch"))
    False
    """

    reason: str | None = None

    def __bool__(self) -> bool:
        return self.reason is None


@dataclass(frozen=True, slots=True)
class Cost:
    """What training takes: seconds on one worker, and bytes at the peak."""

    seconds: float
    bytes: int


@dataclass(frozen=True, slots=True)
class Shard:
    """The members handed to one worker at a time, with their keys."""

    members: tuple[Member, ...]
    keys: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.members)


@runtime_checkable
class Engine(Protocol):
    """What trains members. An engine is a small picklable object without state of its own."""

    @property
    def name(self) -> str:
        """Under which outcomes and reports know it."""
        ...

    def fits(self, member: Member) -> Verdict:
        """Whether this engine can train that member, or the code of the reason why not."""
        ...

    def prepare(self, compiling: Callable[[], None]) -> None:
        """Have everything ready that is made once; `compiling` is called first where that takes seconds."""
        ...

    def cost(self, members: Sequence[Member], context: Context) -> Cost:
        """Seconds on one worker and peak bytes, from a measurement on this machine where there is one."""
        ...

    def shards(self, members: Sequence[Member], fingerprint: str, limit: Cost) -> Iterator[Shard]:
        """Cut members into shards that each stay within the limit (one member at least)."""
        ...

    def train(self, shard: Shard, context: Context) -> Iterator[Outcome]:
        """Train; yield each outcome as it is done. A diverged member is an outcome, not an error."""
        ...


def why_of(engine: Engine) -> str:
    """The code of the reason why an engine was chosen, as it stands in its outcomes; empty for one that says none.

    Examples
    --------
    >>> from whyfit.training.engines.single import SingleEngine
    >>> why_of(SingleEngine())
    'only_engine_that_fits'
    """
    return str(getattr(engine, "why", ""))
