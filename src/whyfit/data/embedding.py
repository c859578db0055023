"""How many learned numbers stand for a category: so many for each column, or by a rule from its number of levels.

A level has one place in the table of its column, and the first place is for values that are missing or unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from whyfit.evidence.network import Embedding

MOST_HALF, MOST_POWER = 50, 600
"""The largest of each rule; see there."""

RULES: Mapping[str, Callable[[int], int]] = {
    "half": lambda places: min(MOST_HALF, (places + 1) // 2),
    "power": lambda places: min(MOST_POWER, round(1.6 * places**0.56)),
}
"""Name → from the places of a table to its numbers a place. `half`: Howard's rule of the fast.ai course of 2018, after
Guo & Berkhahn 2016 (Entity embeddings of categorical variables); `power`: fastai's since 2019 (`emb_sz_rule`)."""


def numbers_a_place(embedding: Embedding, places: int) -> int:
    """How many numbers stand for one category of a column with so many places; 0 for no embedding.

    Examples
    --------
    >>> [numbers_a_place(rule, 11) for rule in ("none", "half", "power", 4)]
    [0, 6, 6, 4]
    """
    if embedding == "none":
        return 0
    return embedding if isinstance(embedding, int) else RULES[embedding](places)
