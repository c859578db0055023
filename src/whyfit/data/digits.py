"""The bundled digits: 1,797 images of 8×8, so that the first command of a newcomer shows the whole thing."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.dataset import Column, Dataset


def digits() -> Dataset:
    """Scikit-learn's handwritten digits (Alpaydin and Kaynak 1998), which are part of its installation."""
    from sklearn.datasets import load_digits  # noqa: PLC0415  # heavy

    bunch = load_digits()
    return Dataset(
        columns=tuple(Column(f"pixel {row},{column}", "numeric") for row in range(8) for column in range(8)),
        numeric=bunch.data,
        codes=np.empty((len(bunch.data), 0), dtype=np.int64),
        target=bunch.target,
        task="classification",
        classes=tuple(str(name) for name in bunch.target_names),
        shape=(8, 8),
        target_name="digit",
        source="digits",
    )
