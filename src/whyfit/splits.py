"""Divisions of the rows into three parts, by `whyfit.splits` or `from whyfit.splits import kfold`.

Examples
--------
>>> from whyfit.splits import holdout, load
>>> holdout(load())
Split(train=1258, stop=269, score=270)
"""

from __future__ import annotations

from whyfit.data.splits import bootstrap, from_splitter, holdout, kfold, load, repeat_splits, repeated_kfold

__all__ = ["bootstrap", "from_splitter", "holdout", "kfold", "load", "repeat_splits", "repeated_kfold"]
