"""The evidence: what exams see. It does not say whether a study or a watched script gave it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from math import sqrt

from whyfit.evidence.activation import ActivationCurve
from whyfit.evidence.dataset import RowNumbers
from whyfit.evidence.effects import (
    CapacityFacts,
    CaseFacts,
    DecompositionFacts,
    EnsembleFacts,
    LearningCurveFacts,
    ModeFacts,
    RaceFacts,
    RecommendedFacts,
    RemedyFacts,
    ThinnedFacts,
)
from whyfit.evidence.estimate import Estimate
from whyfit.evidence.leaks import AlikeFacts, ContrastFacts, NearCopyFacts, OrderFacts, PretendedFacts, SuspectFacts
from whyfit.evidence.observation import Observation
from whyfit.evidence.outcome import Curves, Final, Status
from whyfit.evidence.types import Task
from whyfit.evidence.vitals import Vitals

EXTRAPOLATION = 3
"""How far the number of equal rows may lie above the expected one, which is extrapolated. Measured on 1,000 healthy
tables, a quarter of them with columns correlated at 0.8: the factor 2 alarms on 24, 3 on 4, 4 on none, while 8 % of
copies are found in 96, 73 and 56 % of tables where chance gives 10 to 0.05 n pairs, in all where it gives under 1."""


class EvidenceKind(StrEnum):
    """The kinds of evidence that an exam can need; its value is the code of the reason when it is absent."""

    DATA = "data"
    SPLITS = "splits"
    RUNS = "runs"
    VITALS = "vitals"
    SCORE = "score"
    GAP = "gap"
    OBSERVATION = "observation"
    DECOMPOSITION = "decomposition"
    REMEDIES = "remedies"
    RACE = "race"


@dataclass(frozen=True, slots=True)
class DataFacts:
    """What is known of the data as a whole.

    Attributes
    ----------
    rows, columns
        Of the inputs; an image counts one column a pixel.
    task, classes, class_counts
        As in `Dataset`; counts in the order of the classes.
    target_std
        Standard deviation of each target column; empty for classification.
    missing
        Number of missing input values.
    row_numbers
        How the owner of the data counts its rows; all other facts count them from 0.
    """

    rows: int
    columns: int
    task: Task
    classes: tuple[str, ...] = ()
    class_counts: tuple[int, ...] = ()
    target_std: tuple[float, ...] = ()
    missing: int = 0
    row_numbers: RowNumbers = field(default_factory=RowNumbers)


@dataclass(frozen=True, slots=True)
class CopyFacts:
    """Rows that are equal in every input column.

    Attributes
    ----------
    pairs
        C_0, the pairs of equal rows among `rows_compared`.
    expected_pairs
        E, the pairs expected by chance (beta-binomial extrapolation of the pairs that differ in 1, 2, 3 columns);
        None where there are too few columns to tell.
    rows_compared
        Rows among which pairs were counted.
    copied_score_rows
        Scored rows (over one pass of every row) that stand in the training part of their split too.
    scored_rows
        Scored rows of that pass.
    agreeing, disagreeing
        Among one pair a group of equal rows: equal targets, different ones. Described, never judged by: where targets
        are noiseless, rows that are equal by chance agree too.
    examples
        A few groups of equal rows, as row numbers of the source, 0-based.
    score_with, score_without
        Mean of the score's metric over all scored rows, and over those that are no copies; None where not measured.
    """

    pairs: int
    expected_pairs: float | None
    rows_compared: int
    copied_score_rows: int
    scored_rows: int
    agreeing: int
    disagreeing: int
    examples: tuple[tuple[int, ...], ...] = ()
    score_with: float | None = None
    score_without: float | None = None

    @property
    def beyond_chance(self) -> bool:
        """Whether there are more pairs than chance explains: the extrapolation's error, a count's, and a few."""
        expected = self.expected_pairs
        return expected is not None and self.pairs > EXTRAPOLATION * expected + 4 * sqrt(expected) + 3


@dataclass(frozen=True, slots=True)
class SplitFacts:
    """How the rows were divided.

    Attributes
    ----------
    kind
        `kfold`, `holdout` or `own` (a splitter of the user's).
    stratified
        Whether classes were kept in proportion.
    folds, repeats
        Of the k-fold; 1 and 1 for a hold-out.
    train, stop, score
        Smallest number of rows in each part.
    times_scored
        Fewest and most times that a row is scored in one repeat.
    missing_classes
        (class name, part) where a class has no row in some split's part.
    copies
        See there; None where not measured.
    by
        What the division respects: `random`, `stratified`, `groups`, `time`, or what its `own` splitter does.
    why
        Code of the reason where it is not what one would expect, such as `rare_classes`.
    scored_classes
        Scored rows of each class over one pass, in the order of the classes; empty for regression.
    shared_groups
        Groups with rows in the training and in the scored part of some split.
    near
        Near copies; None where not measured.
    alike
        Comparisons of parts. A random division is alike by construction: it is compared, and not judged.
    suspects
        Groups, times and columns that nobody declared; None where not looked for.
    pretended
        What scaling before the split would have pretended; None where not measured.
    contrasts
        Leaks scored by networks with and without them.
    together
        What stays in one part though nobody had said so: `copies`, `near_copies`. Copied rows are then counted as a
        division at random would have them.
    order
        How far neighbours in time are alike; None where the rows have no order in time.
    splitter, mode
        The splitter of the user's in its own words, and how it was used: `shuffled`, `passes`, `fixed`, `loose`,
        `forward`, `holdout` or `torn`; None for a division of whyfit's own.
    keyless
        Whether nothing says which rows belong together: no groups were declared, and no column was found that tells.
    """

    kind: str
    stratified: bool
    folds: int
    repeats: int
    train: int
    stop: int
    score: int
    times_scored: tuple[int, int]
    missing_classes: tuple[tuple[str, str], ...] = ()
    copies: CopyFacts | None = None
    by: str = "random"
    why: str | None = None
    scored_classes: tuple[int, ...] = ()
    shared_groups: int = 0
    near: NearCopyFacts | None = None
    alike: tuple[AlikeFacts, ...] = ()
    suspects: SuspectFacts | None = None
    pretended: PretendedFacts | None = None
    splitter: str | None = None
    mode: str | None = None
    contrasts: tuple[ContrastFacts, ...] = ()
    together: tuple[str, ...] = ()
    order: OrderFacts | None = None
    keyless: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Run:
    """One trained network as exams see it.

    Attributes
    ----------
    name
        What it is: an arm's name, or the script's.
    status, reason
        As in `Outcome`.
    curves, final, vitals
        As in `Outcome`; `vitals` may be empty.
    best_epoch, stopped_epoch, epochs
        Epochs are counted from 1; `epochs` is how many the recipe allowed.
    chance_loss
        The loss of the best constant output on the training rows.
    initializer
        Name of the initialiser, where known.
    """

    name: str
    status: Status
    reason: str | None
    curves: Curves
    final: Final
    vitals: tuple[Vitals, ...]
    best_epoch: int
    stopped_epoch: int
    epochs: int
    chance_loss: float
    initializer: str | None = None


@dataclass(frozen=True, slots=True)
class MetricFacts:
    """Another metric of the score.

    Attributes
    ----------
    name
        As in the report.
    better
        `higher`, `lower`, or `zero` where neither sign is good; None for a user's own, of which it is not known.
    estimate
        With its interval: row and refit for a mean over rows, else Nadeau and Bengio's over the folds.
    """

    name: str
    better: str | None
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """The error on the rows of one class.

    Attributes
    ----------
    name, rows
        Of the class; its scored rows.
    error
        With its interval; none under ten rows.
    needed
        Rows of this class at which its error would be known to ± ten points, where there is no interval.
    """

    name: str
    rows: int
    error: Estimate
    needed: int | None = None


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """How good the network is on rows that neither trained nor chose it.

    Attributes
    ----------
    metric
        `error` (0-1) for classification, `squared_error` for regression.
    estimate
        Its mean with interval.
    baseline
        The same metric for the best constant prediction, fitted on the training rows.
    others, classes
        Further metrics; each class with its interval. Empty where rows are divided once or forward in time.
    per_class
        (class, scored rows, error) for classification.
    smallest_gain
        The smallest difference between two recipes that these rows show with probability 0.8; None without interval.
    smallest_from
        `remedies`: from the floor of the gains that were measured, on the same rows; `score`: from the score's own
        interval, as of two recipes that err independently, which is an upper figure.
    """

    metric: str
    estimate: Estimate
    baseline: float
    per_class: tuple[tuple[str, int, float], ...] = ()
    others: tuple[MetricFacts, ...] = ()
    classes: tuple[ClassFacts, ...] = ()
    smallest_gain: float | None = None
    smallest_from: str | None = None


@dataclass(frozen=True, slots=True)
class SeenGapFacts:
    """The gap that a training loop shows, and what it is made of: seen = rows + mode + average − penalty, exactly.

    A loop prints, for each epoch, the mean of the losses of its batches beside the loss on the stop rows after it. Here
    at the epoch whose weights were kept, mean over fits, in units of the loss.

    Attributes
    ----------
    seen
        Loss on the stop rows minus the loss as it is printed, with interval.
    penalty
        What the recipe's penalties add to a loss that holds them (whyfit's own curves do not).
    average
        Training rows in training mode: at the end of the epoch minus on average over it. The network was worse early in
        the epoch.
    mode
        Training rows at the end of the epoch: in evaluation mode minus in training mode (dropout, batch norm).
    rows
        Both in evaluation mode with the kept weights: stop rows minus training rows. Below zero where the stop rows are
        the easier ones.
    augmented
        Whether the training rows were changed as they passed; `average` then holds what that cost too.
    fits
        Number of fits.
    """

    seen: Estimate
    penalty: float
    average: float
    mode: float
    rows: float
    augmented: bool
    fits: int


@dataclass(frozen=True, slots=True)
class GapFacts:
    """Training against scored rows, both in evaluation mode with the kept weights, paired by fit.

    Attributes
    ----------
    loss, error
        Score minus training, with interval.
    train_loss, score_loss, train_error, score_error
        Means over the fits.
    onset_epoch
        Median best epoch of the fits whose stop loss rose again afterwards; None where none did.
    rising
        Number of fits whose stop loss rose again.
    fits
        Number of fits.
    seen
        The gap as a training loop shows it, in its parts; None where it could not be taken apart.
    """

    loss: Estimate
    error: Estimate
    train_loss: float
    score_loss: float
    train_error: float
    score_error: float
    onset_epoch: float | None
    rising: int
    fits: int
    seen: SeenGapFacts | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Evidence:
    """All that was measured; a part that was not is None or empty."""

    data: DataFacts | None = None
    splits: SplitFacts | None = None
    runs: tuple[Run, ...] = ()
    score: ScoreFacts | None = None
    gap: GapFacts | None = None
    decomposition: tuple[DecompositionFacts, ...] = ()
    remedies: tuple[RemedyFacts, ...] = ()
    race: tuple[RaceFacts, ...] = ()
    recommended: RecommendedFacts | None = None
    capacity: tuple[CapacityFacts, ...] = ()
    ensemble: EnsembleFacts | None = None
    learning_curve: LearningCurveFacts | None = None
    modes: tuple[ModeFacts, ...] = ()
    cases: tuple[CaseFacts, ...] = ()
    thinned: ThinnedFacts | None = None
    observation: Observation | None = None
    activation: ActivationCurve | None = None

    @property
    def kinds(self) -> frozenset[EvidenceKind]:
        """The kinds that are there."""
        present = {
            EvidenceKind.DATA: self.data is not None,
            EvidenceKind.SPLITS: self.splits is not None,
            EvidenceKind.RUNS: bool(self.runs),
            EvidenceKind.VITALS: any(run.vitals for run in self.runs),
            EvidenceKind.SCORE: self.score is not None,
            EvidenceKind.GAP: self.gap is not None,
            EvidenceKind.OBSERVATION: self.observation is not None,
            EvidenceKind.DECOMPOSITION: bool(self.decomposition),
            EvidenceKind.REMEDIES: bool(self.remedies),
            EvidenceKind.RACE: bool(self.race),
        }
        return frozenset(kind for kind, there in present.items() if there)

    def __repr__(self) -> str:
        return f"Evidence({', '.join(sorted(kind.value for kind in self.kinds))})"
