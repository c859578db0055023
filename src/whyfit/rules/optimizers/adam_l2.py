"""Adam with L2: the penalty stands in the gradient, and is divided by its running size like everything in it.

The rule is Adam's; the penalty is the recipe's `l2`, added before it. AdamW is the other way to decay.
"""

from __future__ import annotations

from whyfit.rules.optimizers.adam import BETAS, EPSILON, step
from whyfit.rules.optimizers.entry import Optimizer

DECAY = 0.01
"""torch's default for AdamW; the same for both, so that only the way differs."""

ENTRY = Optimizer(
    code=7,
    name="adam_l2",
    title="Adam with L2",
    formula=r"g \leftarrow g + \lambda w \\ \text{then as in Adam}",
    settings=(*BETAS, EPSILON),
    slots=2,
    rate=1e-3,
    rates=(1e-5, 1e-1),
    grew_from=("adam",),
    added="the penalty's gradient, which then passes through Adam's division: large gradients, little decay",
    paper="Kingma & Ba 2015; the trouble with it Loshchilov & Hutter 2019, section 2",
    step=step,
    decay="l2",
    default_decay=DECAY,
)
