"""What was found of leaks between the parts of a division, beside exact copies."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NearCopyFacts:
    """Rows that lie far nearer to another row than the rows around them do to each other.

    Attributes
    ----------
    pairs
        Distinct pairs of a row and its nearest neighbour so near that chance gives one in a thousand.
    most_by_chance
        The most such pairs that chance gives, but once in a thousand data sets.
    smallest_p
        Of the nearest pair: the probability of so small a ratio of the distances to the first two neighbours.
    nearest
        Pairs that are near enough to be called so one by one: p under a thousandth divided by the rows.
    dimension
        The intrinsic dimension that the probabilities are computed with.
    columns
        The number of continuous columns that distances are measured in.
    rows_compared
        Rows among which neighbours were looked for; exact copies count once.
    copied_score_rows, scored_rows
        Scored rows over one pass, and those of them whose near copy stands in the training part of their split.
    examples
        The nearest pairs, as row numbers of the source, 0-based.
    """

    pairs: int
    most_by_chance: int
    smallest_p: float
    nearest: int
    dimension: float
    columns: int
    rows_compared: int
    copied_score_rows: int = 0
    scored_rows: int = 0
    examples: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnShift:
    """How one column, or the target, differs between two parts.

    Attributes
    ----------
    column
        Its name; the target's where `target` is true.
    distance
        Numbers: the largest difference of the two cumulative shares (Kolmogorov and Smirnov). Levels: half the sum of
        the differences of their shares. Both from 0 (alike) to 1 (nothing in common).
    p
        After Holm's correction over all columns and the target.
    target
        Whether it is the target.
    """

    column: str
    distance: float
    p: float
    target: bool = False


@dataclass(frozen=True, slots=True)
class AlikeFacts:
    """Whether two parts look as if drawn from one population.

    Attributes
    ----------
    first, second
        What was compared: `train` and `score`, or `data` and `new`.
    auc
        Probability that a linear classifier of columns and their squares, asked about each row without it, ranks a
        row of the second part above one of the first; 0.5 where it cannot tell them apart.
    p
        Of so large an area by the permutation of the labels `first` and `second`.
    permutations
        How many were drawn.
    first_rows, second_rows
        Rows compared.
    columns
        Every column, the most shifted first; empty where rows are not independent (groups).
    """

    first: str
    second: str
    auc: float
    p: float
    permutations: int
    first_rows: int
    second_rows: int
    columns: tuple[ColumnShift, ...] = ()
