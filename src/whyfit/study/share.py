"""A dataset that other processes open: plain `.npy` files in a folder of its own, mapped into memory, never copied."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np

from whyfit.evidence.dataset import Column, Dataset

_ARRAYS = ("numeric", "codes", "target", "groups", "time", "weights")
_DERIVED = {"columns", "told", "keys", "row_numbers", *_ARRAYS}
"""What is written in another form, or not at all: training reads neither what was inferred, nor columns of keys, nor
how rows are counted."""


@dataclass(frozen=True, slots=True)
class SharedDataset:
    """Opens a dataset in any process of this machine; picklable, since it is only a path.

    Examples
    --------
    >>> data = Dataset(
    ...     columns=(Column("x", "numeric"),),
    ...     numeric=np.zeros((2, 1)),
    ...     codes=np.empty((2, 0)),
    ...     target=np.zeros((2, 1)),
    ...     task="regression",
    ... )
    >>> with SharedDataset.write(data) as shared:
    ...     shared().fingerprint == data.fingerprint
    True
    """

    folder: str

    @classmethod
    def write(cls, data: Dataset) -> Self:
        """Write the dataset into a fresh folder, which goes when the context is left."""
        folder = Path(tempfile.mkdtemp(prefix="whyfit-data-"))
        for name in _ARRAYS:
            array = getattr(data, name)
            if array is not None:
                np.save(folder / f"{name}.npy", array, allow_pickle=False)
        facts = {field.name: getattr(data, field.name) for field in fields(data) if field.name not in _DERIVED}
        columns = [[column.name, column.kind, column.levels, column.moment] for column in data.columns]
        (folder / "facts.json").write_text(json.dumps(facts | {"columns": columns}), encoding="utf-8")
        return cls(str(folder))

    def __call__(self) -> Dataset:
        """The dataset; the same object at every call in one process."""
        return _opened(self.folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


@lru_cache(maxsize=2)
def _opened(folder: str) -> Dataset:
    facts = json.loads((Path(folder) / "facts.json").read_text(encoding="utf-8"))
    arrays = {
        name: np.load(path, mmap_mode="r", allow_pickle=False) for name in _ARRAYS if (path := _path(folder, name))
    }
    given = facts.pop("columns")
    columns = tuple(Column(name, kind, tuple(levels), moment) for name, kind, levels, moment in given)
    facts |= {name: tuple(facts[name]) for name in ("classes", "target_names")}
    facts |= {"shape": tuple(facts["shape"]) if facts["shape"] else None}
    return Dataset(columns=columns, **arrays, **facts)


def _path(folder: str, name: str) -> Path | None:
    path = Path(folder) / f"{name}.npy"
    return path if path.exists() else None
