"""What a worker on another machine needs and cannot open by a path: the dataset, and the files of users' networks.

It travels once to each worker and is unpacked there; shards name it by the study's name alone.
"""

from __future__ import annotations

import os
import signal
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np

from whyfit._version import __version__
from whyfit.errors import ArgumentError, ClusterError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.network import NetworkFile, NetworkInProcess
from whyfit.evidence.recipe import Recipe
from whyfit.study.runner import one_thread_a_worker
from whyfit.training.contract import CancelFlag


@dataclass(frozen=True, eq=False)
class Luggage:
    """All that a study's workers need beside their shards.

    Attributes
    ----------
    study
        A name that no other study has.
    data
        The dataset.
    files
        Each file that makes a network, and its content.
    version
        Of whyfit, where the study was planned.
    """

    study: str
    data: Dataset
    files: tuple[tuple[NetworkFile, bytes], ...] = ()
    version: str = __version__

    @classmethod
    def pack(cls, data: Dataset, recipes: Iterable[Recipe]) -> Self:
        """Pack what members of these recipes need.

        Raises
        ------
        ArgumentError
            A network is a function of this process, which no other process can call.
        """
        networks = {recipe.network for recipe in recipes}
        if any(isinstance(network, NetworkInProcess) for network in networks):
            raise ArgumentError(
                "`model` is a function of this process, which the workers of a cluster cannot call.",
                advice="Put it into a file and give FILE.py:FUNCTION, or leave `backend` out.",
            )
        files = [(one, Path(one.path).read_bytes()) for one in networks if isinstance(one, NetworkFile)]
        return cls(uuid.uuid4().hex, data, tuple(files))

    def unpack(self, *, ours: bool = False) -> None:
        """Have it ready in this process; a second call does nothing.

        Parameters
        ----------
        ours
            This process was started for the study, on this machine: what networks print goes to standard error, and
            Ctrl-C is for the process that started it.

        Raises
        ------
        ClusterError
            This worker runs another version of whyfit.
        """
        if self.study in _unpacked:
            return
        if __version__ != self.version:
            raise ClusterError(
                f"a worker of the cluster has whyfit {__version__}, and here it is {self.version}.",
                advice="Install the same version on all machines.",
            )
        if ours:
            os.dup2(2, 1)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        for file, content in self.files:
            _have(file, content)
        _unpacked[self.study] = _Unpacked(self.study, self.data)


@dataclass(slots=True)
class _Unpacked:
    """A study in a worker process: its data, its flag, and BLAS on one thread as long as it lasts."""

    study: str
    data: Dataset
    flag: CancelFlag = field(init=False)
    limits: Any = field(init=False)

    def __post_init__(self) -> None:
        self.flag = FarFlag(self.study)
        self.limits = one_thread_a_worker()
        self.limits.__enter__()


_unpacked: dict[str, _Unpacked] = {}
"""The studies that this process works for, by name."""


class FarFlag(CancelFlag):
    """A flag for workers that share no file: one byte in each process, and a way to set all of them.

    It travels as the study's name: in a worker it is the flag of that worker's process.

    Parameters
    ----------
    study
        The study that it stops.
    tell
        Tells the workers; called when the flag is set.
    """

    def __init__(self, study: str, tell: Any = None) -> None:
        self.byte = np.zeros(1, dtype=np.uint8)
        self._path, self._owner = "", False
        self._study, self._tell = study, tell

    def set(self) -> None:
        """Ask everyone to stop, here and there."""
        super().set()
        if self._tell is not None:
            self._tell()

    def __reduce__(self) -> tuple[object, ...]:
        """Travel as the study's name."""
        return flag_of, (self._study,)


@dataclass(frozen=True, slots=True)
class DataOf:
    """Opens the dataset of a study where its luggage was unpacked."""

    study: str

    def __call__(self) -> Dataset:
        """The dataset; the same object at every call in one process."""
        return _of(self.study).data


def is_unpacked(study: str) -> bool:
    """Whether this process has the study's luggage."""
    return study in _unpacked


def flag_of(study: str) -> CancelFlag:
    """The flag of a study in this process."""
    return _of(study).flag


def call_off(study: str) -> None:
    """Set the flag of a study in this process, where there is one."""
    if study in _unpacked:
        _unpacked[study].flag.set()


def put_away(study: str) -> None:
    """Let go of a study's luggage."""
    if (gone := _unpacked.pop(study, None)) is not None:
        gone.flag.set()
        gone.limits.__exit__(None, None, None)


def _of(study: str) -> _Unpacked:
    try:
        return _unpacked[study]
    except KeyError:
        raise ClusterError("this worker never got the data of the study.", advice="Start the study again.") from None


def _have(file: NetworkFile, content: bytes) -> None:
    from whyfit.nets.user_code import have_content  # noqa: PLC0415  # only where a user's network travels

    have_content(file, content)
