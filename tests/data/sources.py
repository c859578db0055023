"""Files and tables that the tests of this room share."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from whyfit.evidence.dataset import Column, Dataset


def written(folder: Path, content: str | bytes, name: str = "data.csv", encoding: str = "utf-8") -> Path:
    """A file with that content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def kinds(data: Dataset) -> dict[str, str]:
    return {column.name: column.kind for column in data.columns}


def codes(data: Dataset) -> set[str]:
    return {told.code for told in data.told}


def facts(data: Dataset, code: str) -> dict[str, object]:
    return next(dict(told.facts) for told in data.told if told.code == code)


def table(
    rows: int = 100,
    columns: int = 3,
    classes: int | None = 2,
    *,
    groups: np.ndarray | None = None,
    time: np.ndarray | None = None,
    target: np.ndarray | None = None,
    numeric: np.ndarray | None = None,
    seed: int = 0,
) -> Dataset:
    """Normal columns and random targets; a regression where `classes` is None."""
    rng = np.random.default_rng(seed)
    numeric = rng.normal(size=(rows, columns)) if numeric is None else numeric
    rows, columns = numeric.shape
    if target is None:
        target = rng.normal(size=(rows, 1)) if classes is None else np.arange(rows) % classes
    return Dataset(
        columns=tuple(Column(f"x{i}", "numeric") for i in range(columns)),
        numeric=numeric,
        codes=np.empty((rows, 0), dtype=np.int64),
        target=target,
        task="regression" if classes is None else "classification",
        classes=() if classes is None else tuple(f"class {i}" for i in range(classes)),
        groups=groups,
        time=time,
    )
