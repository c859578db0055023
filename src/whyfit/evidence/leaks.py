"""What was found of leaks between the parts of a division, beside exact copies."""

from __future__ import annotations

from dataclasses import dataclass

from whyfit.evidence.estimate import Estimate


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
    copied_rows
        The scored rows that are counted in `copied_score_rows`.
    score_with, score_without
        Mean of the score's metric over all scored rows, and over those that are none of these; None where not measured.
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
    copied_rows: tuple[int, ...] = ()
    score_with: float | None = None
    score_without: float | None = None

    @property
    def beyond_chance(self) -> bool:
        """Whether there are more pairs than chance gives, or single pairs that it does not."""
        return self.pairs > self.most_by_chance or self.nearest > 0


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
        Every column, the most shifted first; where rows come in groups by one row of each.
    labelled
        Whether both parts have targets, which were compared too.
    """

    first: str
    second: str
    auc: float
    p: float
    permutations: int
    first_rows: int
    second_rows: int
    columns: tuple[ColumnShift, ...] = ()
    labelled: bool = True


@dataclass(frozen=True, slots=True)
class GroupSuspect:
    """A column whose equal values look like rows of one thing (a patient, a machine), though it was not declared.

    Attributes
    ----------
    column
        Its name.
    groups
        Its distinct values.
    within
        Share of rows whose nearest neighbour, by all other columns, has the same value.
    within_by_chance
        The same for neighbours drawn at random.
    error_with, error_without
        Of the guess "as the nearest neighbour": any neighbour, and one with another value only. The metric of the task.
    p
        Of the rise, over groups.
    missing
        Rows without a value, each a group of its own.
    """

    column: str
    groups: int
    within: float
    within_by_chance: float
    error_with: float
    error_without: float
    p: float
    missing: int = 0


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """How far the target of one row tells that of the next in time.

    Attributes
    ----------
    autocorrelation
        Of the target at lag one, rows in their order in time: of numbers Pearson's, mean over targets; of classes the
        share of agreeing neighbours beyond chance, (agreement − Σ p²)/(1 − Σ p²).
    by_chance
        What an order without meaning stays under with probability 0.95: 1.96/√rows.
    """

    autocorrelation: float
    by_chance: float


@dataclass(frozen=True, slots=True)
class TimeSuspect:
    """An order of the rows in which neighbours in time answer for each other, though no time was declared.

    Attributes
    ----------
    column
        The column of dates or of numbers that say when; None where it is the order of the rows in the source.
    window
        Share of all rows, before and after in time, that was forbidden.
    error_with, error_without
        Of the guess "as the nearest neighbour", by all columns or, where only that tells, in time alone: any neighbour,
        and one outside the window only.
    p
        Of the rise, over blocks of the width of a window.
    alone
        Whether the nearest row was that by time alone, as nearest by all columns told nothing.
    order
        How far neighbours in this order are alike; None where the target never changes.
    undated
        Rows without a value in the column, which nothing places in time.
    sorted_by
        Where the order is that of the rows in the source: a column or the target by which they stand sorted, and which
        explains what was found; None where none does.
    """

    column: str | None
    window: float
    error_with: float
    error_without: float
    p: float
    alone: bool = False
    order: OrderFacts | None = None
    sorted_by: str | None = None
    undated: int = 0


@dataclass(frozen=True, slots=True)
class ColumnSuspect:
    """A column that says who a row is, or what its target is.

    Attributes
    ----------
    column
        Its name.
    error
        Of guessing the target by this column alone, row by row without that row.
    baseline
        Of the best constant.
    numbering
        Whether it numbers the rows: whole numbers, all different, in order or without gaps.
    error_without
        Of the guess "as the nearest row by all other columns"; None where not measured.
    itself
        Whether the column is the target in another writing, row for row: one value for each class, or a straight line.
    """

    column: str
    error: float
    baseline: float
    numbering: bool
    error_without: float | None = None
    itself: bool = False


@dataclass(frozen=True, slots=True)
class SuspectFacts:
    """Columns and orders by which a score may be better than the network.

    Attributes
    ----------
    groups, time
        Those that were found.
    keys
        Columns of words whose own values answer for their rows, as those of a patient or a town do.
    disguised
        Columns that alone predict the target nearly perfectly.
    numbering
        Columns that number the rows.
    rows_compared
        Rows among which neighbours were looked for.
    rows_by_column
        Rows whose target was guessed by one column alone.
    used
        Columns by which the data was then divided, though they were not declared.
    left_out
        Columns that number the rows, or are the target itself, and were then no inputs.
    """

    groups: tuple[GroupSuspect, ...] = ()
    time: tuple[TimeSuspect, ...] = ()
    disguised: tuple[ColumnSuspect, ...] = ()
    numbering: tuple[ColumnSuspect, ...] = ()
    rows_compared: int = 0
    rows_by_column: int = 0
    used: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    keys: tuple[GroupSuspect, ...] = ()


@dataclass(frozen=True, slots=True)
class PretendedFacts:
    """What scaling fitted on all rows would have pretended, by the guess "as the nearest training row".

    Attributes
    ----------
    inside, outside
        Loss of the guess with scaling fitted on the training part, and on all rows.
    gain
        How much better the second looks: inside − outside.
    low, high
        Its interval over folds (Nadeau and Bengio 2003), 95 %.
    """

    inside: float
    outside: float
    gain: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ContrastFacts:
    """One leak by networks: scored as the leak has it, and as is sound; default recipe, same rows, same seeds.

    Attributes
    ----------
    kind
        `copies`, `groups`, `time`, `disguised`, `numbering`, `scaling`, `imputing` or `selection`.
    columns
        Those that it is about.
    score_with, score_without
        Mean of the score's metric with the leak, and without it.
    difference
        Without − with, with its interval: positive where the leak makes a network look better than it is.
    networks, rows
        Networks that were trained for both, and rows that they were scored on.
    """

    kind: str
    columns: tuple[str, ...]
    score_with: float
    score_without: float
    difference: Estimate
    networks: int
    rows: int
