"""Column swap: cells of a row are replaced by those of other rows in the same column, so that the network cannot rest
on any single one.

All features of a column go together: the levels of a category, and a value with its mark of being missing.
"""

from __future__ import annotations

from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.rules.augmentations.entry import Augmentation, Seen
from whyfit.rules.jit import jit


@jit
def apply(x: AnyArray, out: AnyArray, draws: FloatArray, strength: float, seen: Seen) -> None:
    """A number u under s swaps, and u/s, uniform again, says with which row of the batch."""
    rows = x.shape[0]
    for r in range(rows):
        for j in range(x.shape[1]):
            u = draws[r, seen.columns[j]]
            out[r, j] = x[min(int(u / strength * rows), rows - 1), j] if u < strength else x[r, j]


ENTRY = Augmentation(
    code=9,
    name="column_swap",
    formula=r"x'_c = x_{j,c} \text{ where } u_c < s, \text{ else } x_c",
    unit="the probability that a cell is replaced",
    fits="tables",
    paper="Yoon, Zhang, Jordon & van der Schaar 2020, VIME: extending the success of self- and semi-supervised "
    "learning to tabular domain, equation 3",
    strengths=(0.05, 0.15),
    apply=apply,
    per="column",
)
"""The strengths: 0.15 is the swap noise of Jahrer's winning Porto Seguro solution of 2017, a third of it the gentle
one. VIME takes 0.3, for a network that is to find the swapped cells."""
