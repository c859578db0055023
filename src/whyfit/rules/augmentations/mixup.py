r"""Mixup: each row is mixed with another of its batch, and its target likewise, so that the network is linear between.

The share λ of the row itself is from Beta(s, s), drawn by its closed form: with u, v uniform on [0, 1),

    1/q = t/((1 − t)·cos²(2πv)),  t = u^(1/s),  λ = ½·(1 + 1/√(1 + 1/q))

is the larger of a Beta(s, s) variable and its complement: it is Bailey's Student variable of 2s degrees of freedom
(Bailey 1994, Polar generation of random variates with the t-distribution) taken to the unit interval, of which the
sign is left out. Which of two mixed rows is called the first does not matter; so it is the one of the larger share,
and a row's own class stays its most probable one.
"""

from __future__ import annotations

import math

from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.rules.augmentations.entry import Augmentation, Seen
from whyfit.rules.jit import jit, ordered


@jit
def apply(x: AnyArray, out: AnyArray, draws: FloatArray, strength: float, seen: Seen) -> None:
    """λ·x + (1 − λ)·x of the partner, any row of the batch; λ and the partner go to `seen`."""
    number, rows = x.dtype.type, x.shape[0]
    for r in range(rows):
        share, other = larger_share(draws[r, 0], draws[r, 1], strength), min(int(draws[r, 2] * rows), rows - 1)
        seen.share[r], seen.partner[r] = share, other
        rest = number(1.0 - share)
        for j in range(x.shape[1]):
            out[r, j] = x[r, j] + rest * (x[other, j] - x[r, j])


@ordered
def larger_share(u: float, v: float, strength: float) -> float:
    """Of Beta(s, s), from two uniform numbers; exactly 1 at strength 0, so without approximate roots."""
    t, cos = u ** (1.0 / strength), math.cos(2.0 * math.pi * v)
    return 0.5 + 0.5 / math.sqrt(1.0 + t / ((1.0 - t) * cos * cos))


ENTRY = Augmentation(
    code=8,
    name="mixup",
    formula=r"x' = \lambda x_i + (1 - \lambda) x_j,\ y' = \lambda y_i + (1 - \lambda) y_j, "
    r"\quad \lambda \sim \mathrm{Beta}(s, s)",
    unit="both parameters of the Beta distribution of the shares",
    fits="any",
    paper="Zhang, Cisse, Dauphin & Lopez-Paz 2018, mixup: beyond empirical risk minimization",
    strengths=(0.2, 1.0),
    apply=apply,
    numbers=3,
    mixes=True,
)
"""The strengths: the paper finds 0.1 to 0.4 best on ImageNet (section 3.1), and takes 1 on CIFAR (3.2)."""
