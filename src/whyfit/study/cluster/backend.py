"""Backends by name: where a study's shards train."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal, get_args

from whyfit.errors import ArgumentError, MissingPackageError
from whyfit.study.cluster.luggage import Luggage

Backend = Literal["local", "dask", "ray"]
LOCAL: Backend = "local"
_PACKAGES = {"dask": "distributed", "ray": "ray"}
"""What must be importable for a backend; the extra has the name of the backend."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster with a study's luggage on every worker, those that come later included.

    Attributes
    ----------
    workers
        Shards that train at the same time.
    executor
        Makes an executor on it.
    call_off
        Tells all workers to stop.
    """

    workers: int
    executor: Callable[[], Executor]
    call_off: Callable[[], None]


def check_backend(name: str) -> None:
    """Refuse a backend that does not exist or whose package is not there, before anything is loaded for it.

    Examples
    --------
    >>> check_backend("local")
    >>> check_backend("slurm")
    Traceback (most recent call last):
    ...
    whyfit.errors.ArgumentError: `backend` must be local, dask or ray, got 'slurm'. Leave it out to use this machine.
    """
    names = get_args(Backend)
    if name not in names:
        wanted = f"{', '.join(names[:-1])} or {names[-1]}"
        raise ArgumentError(f"`backend` must be {wanted}, got {name!r}.", advice="Leave it out to use this machine.")
    if name in _PACKAGES and find_spec(_PACKAGES[name]) is None:
        raise MissingPackageError(
            f'`backend` {name} needs the package {_PACKAGES[name]}. Install it with: pip install "whyfit[{name}]"'
        )


def on_cluster(name: str, luggage: Luggage) -> AbstractContextManager[Cluster]:
    """A cluster of that kind, with the luggage on it: an existing one where its environment names one."""
    if name == "dask":
        from whyfit.study.cluster.on_dask import dask_cluster  # noqa: PLC0415  # an extra

        return dask_cluster(luggage)
    from whyfit.study.cluster.on_ray import ray_cluster  # noqa: PLC0415  # an extra

    return ray_cluster(luggage)
