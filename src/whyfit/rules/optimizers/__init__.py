"""The catalogue of optimisers: each one's rule as the code that the kernel runs, and its facts.

Of `torch.optim` only three are not here: LBFGS, which asks for several gradients a step; SparseAdam, which is Adam for
embeddings; and Adafactor, which saves memory that networks of this size do not need.
"""

from __future__ import annotations

from whyfit.rules.catalogue import Catalogue
from whyfit.rules.optimizers import (
    adadelta,
    adagrad,
    adam,
    adam_l2,
    adamax,
    adamw,
    amsgrad,
    asgd,
    momentum,
    muon,
    nadam,
    nesterov,
    radam,
    rmsprop,
    rprop,
    sgd,
)
from whyfit.rules.optimizers.decay import Decay, decay_of
from whyfit.rules.optimizers.entry import Optimizer, Setting

optimizers: Catalogue[Optimizer] = Catalogue(
    "optimizer",
    "optimizers",
    (
        sgd.ENTRY,
        momentum.ENTRY,
        nesterov.ENTRY,
        adagrad.ENTRY,
        adadelta.ENTRY,
        rmsprop.ENTRY,
        adam.ENTRY,
        adam_l2.ENTRY,
        adamw.ENTRY,
        nadam.ENTRY,
        radam.ENTRY,
        adamax.ENTRY,
        asgd.ENTRY,
        rprop.ENTRY,
        amsgrad.ENTRY,
        muon.ENTRY,
    ),
)

__all__ = ["Decay", "Optimizer", "Setting", "decay_of", "optimizers"]
