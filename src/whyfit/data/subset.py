"""Some rows of a dataset, as a dataset."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from whyfit.evidence.dataset import Dataset, RowNumbers
from whyfit.evidence.types import IntArray


def rows_of(data: Dataset, rows: IntArray) -> Dataset:
    """These rows, in this order; every class keeps its code, even where none of its rows is among them.

    Examples
    --------
    >>> import numpy as np
    >>> from whyfit.data.load import load
    >>> rows_of(load(), np.arange(100))
    Dataset(rows=100, columns=64, task='classification', classes=10)
    """
    if rows.size == data.rows and (rows == np.arange(rows.size)).all():
        return data
    return replace(
        data,
        numeric=data.numeric[rows],
        codes=data.codes[rows],
        target=data.target[rows],
        groups=None if data.groups is None else data.groups[rows],
        time=None if data.time is None else data.time[rows],
        weights=None if data.weights is None else data.weights[rows],
        keys=tuple((name, codes[rows]) for name, codes in data.keys),
        row_numbers=RowNumbers(),  # these rows have numbers of their own
    )
