"""AdamW: the weights shrink by themselves, past the division that Adam makes.

The rule is Adam's; the decay is the recipe's `weight_decay`, taken off before it. Adam with L2 is the other way.
"""

from __future__ import annotations

from whyfit.rules.optimizers.adam import BETAS, EPSILON, step
from whyfit.rules.optimizers.entry import Optimizer

DECAY = 0.01
"""torch's default for AdamW; the same for both, so that only the way differs."""

ENTRY = Optimizer(
    code=8,
    name="adamw",
    title="AdamW",
    formula=r"w \leftarrow w - \eta \lambda w \\ \text{then as in Adam}",
    settings=(*BETAS, EPSILON),
    slots=2,
    rate=1e-3,
    rates=(1e-5, 1e-1),
    grew_from=("adam",),
    added="decay apart from the gradient: every weight shrinks by the same share",
    paper="Loshchilov & Hutter 2019, Decoupled weight decay regularization, algorithm 2",
    step=step,
    decay="decoupled",
    default_decay=DECAY,
)
