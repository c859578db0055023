"""The catalogue of optimisers: each one's rule as the code that the kernel runs, and its facts."""

from __future__ import annotations

from whyfit.rules.catalogue import Catalogue
from whyfit.rules.optimizers import adam, momentum, sgd
from whyfit.rules.optimizers.entry import Optimizer, Setting

optimizers: Catalogue[Optimizer] = Catalogue("optimizer", "optimizers", (m.ENTRY for m in (sgd, momentum, adam)))

__all__ = ["Optimizer", "Setting", "optimizers"]
