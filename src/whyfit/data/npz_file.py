"""`.npz` files: arrays X and y, groups, time and weights where they are there; nothing in a file is ever unpickled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from whyfit.data.arrays import dataset_of_pair
from whyfit.data.assemble import Wishes
from whyfit.data.opening import opened
from whyfit.data.origin import Notes, close_matches
from whyfit.errors import DataError, InputError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.types import AnyArray

REQUIRED, OPTIONAL = ("X", "y"), ("groups", "time", "weights")


def load_npz(path: Path, wishes: Wishes, notes: Notes) -> Dataset:
    """Read the arrays of a `.npz` file as a dataset."""
    arrays = {name: npz_array(path, name) for name in REQUIRED}
    known = npz_names(path)
    arrays |= {name: npz_array(path, name) for name in OPTIONAL if name in known}
    return dataset_of_pair(
        arrays["X"],
        arrays["y"],
        wishes,
        notes,
        name=path.name,
        **{name: arrays[name] for name in OPTIONAL if name in arrays},
    )


def npz_array(path: Path, name: str) -> AnyArray:
    """One array of a `.npz` file."""
    with _reading(path) as archive:
        if name not in archive.files:
            raise DataError(
                f"there is no array {name!r}.",
                where=path.name,
                advice=close_matches(name, archive.files).replace("columns", "arrays"),
            )
        return _array(archive, name, path)


def npz_names(path: Path) -> list[str]:
    """The names of the arrays of a `.npz` file."""
    with _reading(path) as archive:
        return list(archive.files)


@contextmanager
def _reading(path: Path) -> Iterator[np.lib.npyio.NpzFile]:
    """An open file; whatever its bytes make numpy raise becomes one message."""
    with opened(path):
        path.stat()
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            yield archive
    except InputError:
        raise
    except Exception as error:  # damaged bytes reach zipfile, zlib, struct and numpy, and each raises as it likes
        raise DataError(
            f"it cannot be read as `.npz` ({type(error).__name__}: {error}).",
            where=path.name,
            advice="Write it again with `numpy.savez(file, X=X, y=y)`.",
        ) from error


def _array(archive: np.lib.npyio.NpzFile, name: str, path: Path) -> AnyArray:
    try:
        return archive[name]
    except ValueError as error:
        if "allow_pickle" not in str(error):
            raise
        raise DataError(
            f"the array {name!r} holds Python objects, which are never unpickled: they could run code.",
            where=path.name,
            advice=f"Store it as numbers or text: `{name}.astype(float)` or `{name}.astype(str)`.",
        ) from error
