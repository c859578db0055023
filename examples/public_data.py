"""What question 1 finds in public data: the tables that scikit-learn ships, and those of river where it is installed.

    python examples/public_data.py

No network is trained: only the data and its division are examined, which takes some seconds.
"""

from __future__ import annotations

import gzip
import importlib.util
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from sklearn import datasets

from whyfit.data.facts import data_facts, split_facts
from whyfit.data.load import load
from whyfit.data.splits import kfold
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.evidence import Evidence, SplitFacts
from whyfit.evidence.finding import Finding
from whyfit.exams.splits import SplitsExam
from whyfit.text.words import words_in

SKLEARN = ("iris", "wine", "breast_cancer", "digits", "diabetes", "linnerud")
RIVER = ("phishing", "segment", "airline-passengers", "water-flow", "trump_approval", "chick-weights", "sp500")


@dataclass(frozen=True)
class Row:
    """One table and what was found in it, the `ok` lines left out.

    Attributes
    ----------
    name, data, splits
        What was examined.
    findings
        Notes and warnings of question 1.
    """

    name: str
    data: Dataset
    splits: SplitFacts
    findings: tuple[Finding, ...]

    @property
    def said(self) -> list[str]:
        """The findings in words."""
        words = words_in("en")
        texts = []
        for one in self.findings:
            place = one.where.plain() if one.where else {}
            said = words.finding(one.code, {**place, **one.numbers})
            texts.append(f"{one.severity.value}: {said.summary}" if said else one.code)
        return texts


def examined(name: str) -> Row:
    """Examine one table by its name.

    Examples
    --------
    >>> row = examined("iris")
    >>> [one.code for one in row.findings]
    ['splits.copies_by_chance']
    """
    data = load(_source(name))
    splits = split_facts(data, kfold(data))
    found = SplitsExam().judge(Evidence(data=data_facts(data), splits=splits))
    return Row(name, data, splits, tuple(one for one in found if one.severity != "ok"))


def names() -> Iterator[str]:
    """Every table that is there."""
    yield from SKLEARN
    if importlib.util.find_spec("river") is not None:
        yield from RIVER


def _source(name: str) -> Any:
    if name in SKLEARN:
        return getattr(datasets, f"load_{name}")(return_X_y=True)
    spec = importlib.util.find_spec("river")
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError("river is not installed: pip install river")
    packed = next(Path(spec.submodule_search_locations[0], "datasets").glob(f"{name}.csv*"))
    return pl.read_csv(io.BytesIO(_unpacked(packed)))


def _unpacked(packed: Path) -> bytes:
    if packed.suffix == ".zip":
        with zipfile.ZipFile(packed) as archive:
            return archive.read(archive.namelist()[0])
    return gzip.decompress(packed.read_bytes()) if packed.suffix == ".gz" else packed.read_bytes()


def main() -> None:
    """Print a table a line, and what was found below it."""
    for name in names():
        row = examined(name)
        copies = row.splits.copies
        pairs, expected = (copies.pairs, copies.expected_pairs) if copies else (0, None)
        chance = "unknown" if expected is None else f"{np.round(expected, 1):g}"
        sizes = f"{row.data.rows:>6,} rows, {len(row.data.columns):>3} columns"
        print(f"{name:20} {sizes}, {pairs:>5,} equal pairs, {chance:>7} by chance")
        for said in row.said:
            print(f"{'':20} {said}")
    if importlib.util.find_spec("river") is None:
        print("The tables of river are left out: it is not installed.")


if __name__ == "__main__":
    main()
