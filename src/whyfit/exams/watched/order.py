"""Do training batches mix the classes? Told from batches that hold one class by chance, as small or uneven ones do.

A batch is of one class where 95 % of its rows are. With the share p of the commonest class, rows in random order make

    c(p, n) = P(Binomial(n, p) ≥ ⌈0.95 n⌉) + P(Binomial(n, 1 − p) ≥ ⌈0.95 n⌉)

of the batches of n rows so; of more than two classes it is at most that. Blind to an order that batches of one class do
not show, and to data of which nearly all is one class.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import ceil, comb, exp, log

from whyfit.evidence.finding import Finding, Severity
from whyfit.evidence.observation import Head, Observation
from whyfit.exams.watched.fit import main_heads

ONE_CLASS = 0.95
"""Share of a batch from which it is of one class; data that is so as a whole has no other batches. Chosen."""

SORTED = 0.7
"""Share of the way from what chance gives to batches of one class throughout. Chosen."""

BY_CHANCE = 1e-4
"""Probability of so many such batches in random order, under which the order is named."""

LEAST_BATCH, LEAST_BATCHES = 8, 8


def order_of_batches(seen: Observation) -> Iterator[Finding]:
    """Batches of one class from data of several: by what the loader gave, else by what the loss was given."""
    parts = [part for part in seen.loaded if part.batches >= LEAST_BATCHES and part.classes > 1]
    for part in parts:
        size = max(LEAST_BATCH, part.labelled // part.batches)
        if is_sorted(part.pure, part.batches, part.top / part.labelled, size):
            yield _sorted(part.pure / part.batches, part.classes)
            return
    if not parts:
        yield from _of_heads([head for head in main_heads(seen) if sum(head.counts) >= LEAST_BATCH])


def _of_heads(batches: list[Head]) -> Iterator[Finding]:
    if len(batches) < LEAST_BATCHES:
        return
    whole: Counter[int] = Counter()
    for head in batches:
        whole.update(dict(zip(head.classes, head.counts, strict=True)))
    pure = sum(max(head.counts) >= ONE_CLASS * sum(head.counts) for head in batches)
    size = min(sum(head.counts) for head in batches)
    if is_sorted(pure, len(batches), max(whole.values()) / whole.total(), size):
        yield _sorted(pure / len(batches), len(whole))


def _sorted(share: float, classes: int) -> Finding:
    return Finding("splits.batches_of_one_class", Severity.WARNING, {"share": share, "classes": classes})


def is_sorted(pure: int, batches: int, top: float, size: int) -> bool:
    """Whether so many batches of one class are far more than rows in random order give.

    Examples
    --------
    >>> [is_sorted(99, 100, top, 32) for top in (0.1, 0.69, 0.85, 0.97)], is_sorted(30, 100, 0.9, 8)
    ([True, True, True, False], False)
    """
    if not batches or top >= ONE_CLASS:
        return False
    chance, share = pure_by_chance(top, size), pure / batches
    return share > chance + SORTED * (1 - chance) and at_most_probable(share, chance, batches) < BY_CHANCE


def pure_by_chance(top: float, size: int) -> float:
    """c(p, n) of the module.

    Examples
    --------
    >>> pure_by_chance(0.5, 2), round(pure_by_chance(0.69, 32), 4)
    (0.5, 0.0001)
    """
    least = ceil(ONE_CLASS * size)
    total = sum(
        comb(size, k) * (top**k * (1 - top) ** (size - k) + (1 - top) ** k * top ** (size - k))
        for k in range(least, size + 1)
    )
    return min(1.0, total)


def at_most_probable(share: float, chance: float, batches: int) -> float:
    """A bound on the probability of such a share or more: exp(−n KL(share, chance)) (Hoeffding 1963, theorem 1).

    Examples
    --------
    >>> at_most_probable(1.0, 0.5, 10) == 0.5**10, at_most_probable(0.4, 0.5, 10)
    (True, 1.0)
    """
    if share <= chance:
        return 1.0
    apart = sum(p * log(p / max(q, 1e-300)) for p, q in ((share, chance), (1 - share, 1 - chance)) if p > 0)
    return exp(-batches * apart)
