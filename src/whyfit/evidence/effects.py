"""What a study measures by training: remedies, the terms of the error, the race of the optimisers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from whyfit.evidence.estimate import Estimate
from whyfit.evidence.network import Perceptron
from whyfit.evidence.question import Question
from whyfit.evidence.recipe import Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateFacts:
    """One strength of a remedy, or one alternative; for a table, never for a verdict.

    Attributes
    ----------
    strength
        What it is called.
    gain
        Mean error of plain minus its own.
    seconds
        Mean training time of one network.
    diverged
        Number of its networks that did.
    dead, saturated
        Largest share over the hidden layers at the end of training; None where not measured.
    gradient_ratio
        Size of the loss gradient at the first hidden layer over that at the last one, before the first step.
    steps_to_target
        Median steps until the stop loss came near the plain recipe's best; None where most never did.
    """

    strength: float | str | None
    gain: float
    seconds: float = 0.0
    diverged: int = 0
    dead: float | None = None
    saturated: float | None = None
    gradient_ratio: float | None = None
    steps_to_target: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyFacts:
    """One remedy, trained and measured on the splits and seeds of the plain recipe.

    Attributes
    ----------
    name, question
        Of the remedy, and the question that it belongs to.
    strength
        The one taken most often on the stop rows, and in which share of the fits.
    metric
        What the gain is measured in.
    gain
        Error of plain minus that of the remedy (its strength chosen inside each fit), with the interval of the last
        look.
    verdict, missing, needed, delta
        `helps`, `hurts`, `no effect shown` or `not decided`; what is missing, and how many of it; the least gain that
        matters.
    alone
        Whether the interval is clear of zero, though not after counting all remedies.
    why
        Code where there is no interval, or why the arm got no more networks.
    candidates
        Each strength or alternative.
    unchanged
        The plain recipe, described as they are.
    variance_change, bias_change
        With the remedy minus without it; their sum is minus the gain. Without intervals where there are too few
        repeats; None where not measured. Bias stands for bias plus noise: noise is in both and cancels.
    networks, seconds
        What measuring it took.
    seconds_a_network, plain_seconds
        Mean training time of one network with the remedy, and without it.
    sensitivity, plain_sensitivity
        By how much the outputs move when each input is disturbed by a tenth of its deviation, with the remedy and
        without it: the probability that changes hands, or a share of the target's deviation. None where not measured.
    """

    name: str
    question: Question
    strength: float | str | None
    chosen_share: float
    metric: str
    gain: Estimate
    verdict: Literal["helps", "hurts", "no effect shown", "not decided"]
    missing: Literal["networks", "rows"] | None = None
    needed: float | None = None
    delta: float = 0.0
    alone: bool = False
    why: str | None = None
    candidates: tuple[CandidateFacts, ...] = ()
    unchanged: CandidateFacts | None = None
    variance_change: Estimate | None = None
    bias_change: Estimate | None = None
    networks: int = 0
    seconds: float = 0.0
    seconds_a_network: float = 0.0
    plain_seconds: float = 0.0
    sensitivity: float | None = None
    plain_sensitivity: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecompositionFacts:
    """The terms of one loss at m training rows; error = bias_plus_noise + variance, exactly.

    Attributes
    ----------
    loss
        `squared_error`, `zero_one` or `cross_entropy`.
    error, bias_plus_noise, variance, sample, seed
        `variance` = `sample` + `seed`: what another training sample changes, and what another seed changes.
    noise
        Apart only where inputs repeat; else its interval reaches from 0 to the best error that was measured.
    noise_from
        Where the bound comes from: `repeats` or `best_error`.
    description
        Domingos' and James' terms, without intervals.
    """

    loss: str
    training_rows: int
    error: Estimate
    bias_plus_noise: Estimate
    variance: Estimate
    sample: Estimate
    seed: Estimate
    noise: Estimate | None = None
    noise_from: str | None = None
    description: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceFacts:
    """One optimiser at its own best learning rate, chosen inside each fit.

    Attributes
    ----------
    name
        Of the optimiser.
    best_rate
        Taken most often on the stop rows.
    error
        On scored rows, of the procedure that chooses the rate, with interval.
    steps_to_target
        Median steps until the stop loss first came within the target; None where most runs never did.
    stable
        Lowest and highest rate of the grid whose every fit stayed finite and better than chance; None where none did.
    diverged
        Lowest rate at which a fit diverged or stayed at chance; None where none did.
    rates
        (rate, mean error, share of fits that stayed finite) of the grid.
    """

    name: str
    best_rate: float
    error: Estimate
    steps_to_target: float | None = None
    stable: tuple[float, float] | None = None
    diverged: float | None = None
    rates: tuple[tuple[float, float, float], ...] = ()
    networks: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendedFacts:
    """The recipe to train with, and what choosing it gained.

    Attributes
    ----------
    recipe
        What `whyfit.train` takes; its TOML is what `--recipe` takes.
    name, strength
        The arm that it is; `plain` where none was better.
    changes
        (field, value) in which it differs from the plain recipe.
    metric
        What the gain is measured in.
    gain
        Error of plain minus that of the procedure: in each fit the arm with the least loss on its stop rows, scored on
        rows that did not choose it.
    share
        In which share of the fits this one was the choice.
    candidates
        How many there were to choose from, plain included.
    toml
        The recipe as a file; None where its network is a function that no file can name.
    """

    recipe: Recipe
    name: str
    strength: float | str | None
    changes: tuple[tuple[str, str], ...]
    metric: str
    gain: Estimate
    share: float
    candidates: int
    toml: str | None = None

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """The changes as a recipe file has them: the units of a perceptron, not its Python form."""
        network = self.recipe.network
        units = ", ".join(map(str, network.hidden)) or "none" if isinstance(network, Perceptron) else ""
        return tuple(
            ("hidden", units) if name == "network" and units else (name, value) for name, value in self.changes
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityFacts:
    """One size of the network, and the terms of its error; error = variance + bias_plus_noise, exactly.

    Attributes
    ----------
    hidden, parameters
        Units of each hidden layer; weights and biases.
    metric
        What the terms are in.
    error, variance, bias_plus_noise
        At this size. Uncut: by chance a term may be below zero.
    variance_change, bias_change
        Against the plain size, with intervals where there are repeats enough; None for the plain size itself.
    training_rows
        Rows that each network was trained on.
    """

    hidden: tuple[int, ...]
    parameters: int
    metric: str
    error: float
    variance: float
    bias_plus_noise: float
    variance_change: Estimate | None = None
    bias_change: Estimate | None = None
    training_rows: int = 0


@dataclass(frozen=True, slots=True)
class EnsembleFacts:
    """The error of the mean prediction of 1, 2, … networks: description, without intervals.

    Attributes
    ----------
    metric
        What it is in.
    errors
        Of so many members, one first.
    """

    metric: str
    errors: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SizeError:
    """The error at one number of training rows: measured, or projected."""

    rows: int
    error: Estimate


@dataclass(frozen=True, slots=True)
class LearningCurveFacts:
    """The error over the number of training rows, and a power law beyond them: error = floor + scale·rows^(−exponent).

    Attributes
    ----------
    metric
        What it is in.
    points
        Measured, small to large; the last is the number of rows that every network of the study was trained on. The
        larger are no new rows: each holds the smaller.
    floor, scale, exponent
        Of the law; None where there is none.
    projection
        What the law says of more rows, twice as many first; the interval holds the noise of the points and supposes
        the law. No verdict is taken on it, and it promises no coverage.
    why_none
        Code of the reason where there is no law: `too_few_sizes` or `diverged`.
    """

    metric: str
    points: tuple[SizeError, ...]
    floor: float | None = None
    scale: float | None = None
    exponent: float | None = None
    projection: tuple[SizeError, ...] = ()
    why_none: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeFacts:
    """One recipe whose network does different things in its two modes; the kept weights, means over the fits.

    Attributes
    ----------
    name, strength
        The arm.
    training, evaluation
        Loss on the training rows in training mode, and in evaluation mode.
    unseen
        Loss on the scored rows, in evaluation mode.
    fits
        Number of fits that were looked at.
    """

    name: str
    strength: float | str | None
    training: float
    evaluation: float
    unseen: float
    fits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What one dropout or batch norm does to a batch in one mode, forward and backward; of one kept network.

    Attributes
    ----------
    name, strength
        The arm.
    layer, kind, mode
        Name of the module in its network; `dropout` or `batch_norm`; `training` or `evaluation`.
    dropped
        Share of the entries that came in as something and left as zero; None for batch norm.
    by_batch
        Whether the statistics of this batch were used, seen by where the units leave it; None for dropout.
    moved
        Whether the pass changed the running statistics; None for dropout.
    variance_ratio
        Variance of the units that come in in training mode over that in evaluation mode (Li et al. 2019); None for
        dropout.
    stopped
        Share of the energy of the gradient that does not come through; None where there was none.
    learning
        Share of its own parameters that get a gradient; None where it has none.
    """

    name: str
    strength: float | str | None
    layer: str
    kind: str
    mode: str
    dropped: float | None
    by_batch: bool | None
    moved: bool | None
    variance_ratio: float | None
    stopped: float | None
    learning: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThinnedFacts:
    """What the thinned networks of dropout give on scored rows, beside the whole network; means over the fits.

    Attributes
    ----------
    strength
        The rate of dropout.
    metric
        What errors are measured in.
    single, average, scaled
        Error of one thinned network, of the mean prediction of `passes` of them (Monte Carlo), and of the network with
        nothing dropped, which inverted scaling makes their approximate mean.
    gain
        What the mean prediction of the thinned networks gains over the whole network.
    agreement
        Of two thinned networks of a fit: the share of rows with the same answer; of values the correlation over rows.
    correlation, plain_correlation
        Mean absolute correlation over rows of two units of the last hidden layer, with dropout and without it.
    passes, fits
        Thinned networks of a fit, and the fits.
    """

    strength: float
    metric: str
    single: float
    average: float
    scaled: float
    gain: Estimate
    agreement: float
    correlation: float
    plain_correlation: float
    passes: int
    fits: int
