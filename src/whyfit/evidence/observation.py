"""The observation: what watching one process saw, as exams see it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from whyfit.evidence.vitals import NOT_MEASURED

Ended: TypeAlias = Literal["whole", "cut short"]


@dataclass(frozen=True, slots=True)
class LayerLook:
    """One layer in one training pass; numbers that were not read are NaN.

    Attributes
    ----------
    name, kind, activation, units, rows, frozen
        As in `LayerVitals`; `rows` is the length of the first axis, `frozen` whether its weight gets no gradient.
    input_mean, input_std, input_largest
        Of the values that come into the layer.
    pre_std, pre_low, pre_high
        Of the values before its activation: standard deviation, and the ends between which nineteen of twenty lie;
        where autograd kept a ReLU's result only, 0 stands for all that lies below.
    mean, std, zero_share, saturated_share
        Of the values after its activation.
    spread
        How much of a unit's size differs from row to row: 0 where all rows look alike, at most 1.
    delta_std
        Standard deviation of the loss gradient at its output.
    dead, dead_over
        Units that were zero on every row of the last `dead_over` looks; None where the activation cannot die.
    """

    name: str = ""
    kind: str = ""
    activation: str = "unknown"
    units: int = 0
    rows: int = 0
    input_mean: float = NOT_MEASURED
    input_std: float = NOT_MEASURED
    input_largest: float = NOT_MEASURED
    pre_std: float = NOT_MEASURED
    pre_low: float = NOT_MEASURED
    pre_high: float = NOT_MEASURED
    mean: float = NOT_MEASURED
    std: float = NOT_MEASURED
    zero_share: float = NOT_MEASURED
    saturated_share: float = NOT_MEASURED
    spread: float = NOT_MEASURED
    delta_std: float = NOT_MEASURED
    frozen: bool = False
    dead: int | None = None
    dead_over: int = 0


@dataclass(frozen=True, slots=True)
class ParameterLook:
    """One parameter at one look.

    Attributes
    ----------
    name, values
        Its full name and number of values.
    weight, gradient
        Norms; the gradient as it stood after the backward pass, NaN where there was none.
    update
        Norm of the change by the step that followed, over the norm of the parameter.
    units, distinct, distinct_gradients
        Rows of the weight, and how many of them differ from all others in their weights and in their gradients.
    owned
        Whether some optimiser owned it by the end of the step.
    """

    name: str = ""
    values: int = 0
    weight: float = NOT_MEASURED
    gradient: float = NOT_MEASURED
    update: float = NOT_MEASURED
    units: int = 0
    distinct: int | None = None
    distinct_gradients: int | None = None
    owned: bool = True


@dataclass(frozen=True, slots=True)
class NormLook:
    """One batch norm in one training pass.

    Attributes
    ----------
    training
        Whether it used the statistics of the batch.
    values, rows
        Values that one unit's statistics rest on; rows of the batch.
    lag, ratio
        Median over units of |running mean − batch mean| in standard deviations of the batch, and of running over batch
        variance.
    untouched
        Whether the running statistics still are 0 and 1.
    """

    name: str = ""
    training: bool = True
    values: int = 0
    rows: int = 0
    lag: float = NOT_MEASURED
    ratio: float = NOT_MEASURED
    untouched: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """What stands between the last layer and the loss.

    Attributes
    ----------
    loss
        `nll`, `mse`, `bce`, `bce_logits`, … or `own` for one that was written out.
    chain, shapes
        Operations from the loss down to the last layer, as autograd names them, and the shape each gave.
    last, last_low, last_high
        The activation nearest to the last layer, and the range of what it gave.
    softmax_axis, softmax_over, softmax_shape
        Of the softmax nearest to the loss, where there is one.
    target_*
        Of the target in this batch, where the loss saved it.
    classes, counts, hits
        Classes of the batch and their rows; share of rows whose largest output was right.
    plain
        Whether the mean over rows is what `backward` was called on: no sum, no factor, nothing added.
    sign
        −1 where every known loss is taken with a minus, 1 where none is, 0 where that is not known.
    normed
        Whether a batch norm without weights of its own stands behind the last layer.
    value
        The known loss itself, without what is added to it; None where it cannot be computed.
    target_below
        Mean square of what the target has below zero.
    levels, level_counts
        The whole numbers that a target of one column takes and their rows; empty where it takes others.
    floor, ceiling
        Between which the nearest operation to the loss that has such ends keeps the output; infinite where none has.
    limit, target_lost
        That operation, and the mean square of what the target has beyond those ends.
    column_entropy
        Of a target of zeros and ones in several columns: the mean over columns of the entropy of each.
    """

    loss: str = "own"
    chain: tuple[str, ...] = ()
    shapes: tuple[tuple[int, ...], ...] = ()
    output: tuple[int, ...] = ()
    layer: str = ""
    last: str = "identity"
    last_low: float = NOT_MEASURED
    last_high: float = NOT_MEASURED
    softmax_axis: int | None = None
    softmax_over: int | None = None
    softmax_shape: tuple[int, ...] = ()
    target_shape: tuple[int, ...] | None = None
    target_kind: str = ""
    target_low: float = NOT_MEASURED
    target_high: float = NOT_MEASURED
    target_mean: float = NOT_MEASURED
    target_std: float = NOT_MEASURED
    target_row_low: float = NOT_MEASURED
    target_row_high: float = NOT_MEASURED
    classes: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()
    hits: float = NOT_MEASURED
    outputs: int = 0
    plain: bool = True
    sign: int = 0
    normed: bool = False
    value: float | None = None
    target_below: float = NOT_MEASURED
    levels: tuple[int, ...] = ()
    level_counts: tuple[int, ...] = ()
    floor: float = -math.inf
    ceiling: float = math.inf
    limit: str = ""
    target_lost: float = 0.0
    column_entropy: float = NOT_MEASURED


@dataclass(frozen=True, eq=False, slots=True)
class LookAt:
    """One close look: a training pass, its gradients, the step that followed, and the learning rate of that step.

    `head`, `layers_bending` and `drops` are read at some looks only and None or empty at the others; so is `telling`,
    the input columns that tell the target of the batch outright.
    """

    backward: int
    step: int
    loss: float | None
    rate: float
    layers: tuple[LayerLook, ...]
    parameters: tuple[ParameterLook, ...]
    norms: tuple[NormLook, ...] = ()
    head: Head | None = None
    bends: Mapping[str, int] | None = None
    drops: tuple[tuple[float, tuple[int, ...]], ...] | None = None
    own_functions: tuple[str, ...] = ()
    telling: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class OptimizerFacts:
    """One optimiser over the whole run.

    Attributes
    ----------
    name, groups, owned, steps
        Its class, the settings of its groups at the first step, how many parameters it owns, steps taken.
    rate_first, rate_low, rate_high, rate_last
        Largest learning rate over its groups: at the first step, and over the run.
    reset, kept
        Steps before which its gradient was reset since the step before, and steps before which it was not.
    seen, wiped
        Steps that were looked at, and those of them that found every gradient zero or gone.
    made, thrown
        Backward passes that were followed, and those whose gradients were put back to nothing before anything moved.
    replaced
        Whether it is gone, and the latest optimiser owns its parameters.
    place
        The script's line of its first step.
    """

    name: str = ""
    groups: tuple[Mapping[str, Any], ...] = ()
    owned: int = 0
    steps: int = 0
    rate_first: float = NOT_MEASURED
    rate_low: float = NOT_MEASURED
    rate_high: float = NOT_MEASURED
    rate_last: float = NOT_MEASURED
    reset: int = 0
    kept: int = 0
    seen: int = 0
    wiped: int = 0
    made: int = 0
    thrown: int = 0
    replaced: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A stretch of a loss curve: first backward pass, values in it, their mean, lowest and highest."""

    backward: int
    count: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class HeldOutLoss:
    """A loss that the script computed without gradients: after which step, over how many rows, share of hits."""

    step: int
    rows: int
    loss: float
    hits: float = NOT_MEASURED


@dataclass(frozen=True, slots=True)
class Overlap:
    """One evaluated batch against the rows seen in training by then.

    Attributes
    ----------
    rows, known
        Rows of the batch, and how many of them had been seen in training.
    trained, covered
        Distinct training rows fingerprinted by then, and how much of the training set they are: the share of the latest
        training rows that were known already.
    taken
        Rows that had been scored as new ones before, and were trained on since.
    fresh
        Rows of the batch that had never been scored.
    """

    rows: int
    known: int
    trained: int
    covered: float
    taken: int = 0
    fresh: int = 0


@dataclass(frozen=True, slots=True)
class LoadedPart:
    """One dataset as its DataLoaders gave it out.

    Attributes
    ----------
    name, length
        Its class, and how many rows it says it has.
    trained, evaluated, printed
        Rows that passed to the network with gradients, and without; those of the trained ones that were fingerprinted.
    first, first_again, later, later_again
        Fingerprinted rows of the first pass and how many equal an earlier one; the same of passes after the first one
        and a half, where a row that does not change is known.
    compared, known
        Of one evaluation: rows compared with those trained on by then, and how many were known.
    repeats
        Evaluated rows that equal another one of their batch.
    batches, pure, classes, labelled, top
        Batches with labels, and those of one label; distinct labels, rows with one, and rows of the commonest.
    label_low, label_high
        The least and the largest label.
    columns, constants, constant, readings, missing
        Columns of a table, how many of them had one value in all rows that were read, the first of these, those rows,
        and values that were no finite number.
    """

    name: str = ""
    length: int | None = None
    trained: int = 0
    evaluated: int = 0
    printed: int = 0
    first: int = 0
    first_again: int = 0
    later: int = 0
    later_again: int = 0
    compared: int = 0
    known: int = 0
    repeats: int = 0
    batches: int = 0
    pure: int = 0
    classes: int = 0
    labelled: int = 0
    top: int = 0
    label_low: int | None = None
    label_high: int | None = None
    columns: int = 0
    constants: int = 0
    constant: tuple[int, ...] = ()
    readings: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Modes:
    """In which mode the network trained and was evaluated.

    Attributes
    ----------
    trained_training, trained_eval
        Backward passes after a forward pass in training mode, in evaluation mode.
    turned_at
        The step at which training went on in evaluation mode after having begun in training mode.
    calls
        Calls of the network by mode and by whether gradients were on.
    blocks_training, blocks_eval
        Evaluations (calls without gradients between two backward passes) in each mode.
    places
        The script's line of the first evaluation, by the mode (`training`, `eval`) that it was made in, and of a
        network's call in training, by `call ` and the name of its class.
    """

    trained_training: int = 0
    trained_eval: int = 0
    turned_at: int | None = None
    calls: Mapping[str, int] = field(default_factory=dict)
    blocks_training: int = 0
    blocks_eval: int = 0
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, kw_only=True)
class Observation:
    """All that watching one process saw.

    Attributes
    ----------
    looks
        In order of time.
    curves
        Loss curves by the script's line that called `backward`.
    backwards, steps
        How many there were.
    optimizers, owned, modules
        What was met; `owned` are the names of the parameters that some optimiser owns.
    bad
        Where a loss first was not finite: `what`, `layer`, `operation`, `backward`, `step`; None where none was.
    held_out, overlaps, repeats
        Losses without gradients; evaluated batches against trained rows; (repeated, all, distinct) evaluated rows.
    alike
        Equal rows within one batch, and the pairs of rows that these batches held.
    loaded, rows_share
        What came out of DataLoaders, by dataset; the share of all distinct rows whose fingerprints are kept.
    fine
        Whether rows have so many different values that equal ones are copies.
    scales
        How far scored rows lie from trained ones, in deviations, and how wide they are; empty where not compared.
    scored_labels
        Labels of the losses that were computed without gradients, and their rows.
    unloaded
        The columns that came to the first layer, where there was no DataLoader.
    died
        The exception that ended the script, with its first words; None where it ended by itself.
    probes
        By network, what each probe found.
    own_saving, compiled
        Whether the script's own handling of saved tensors, or compilation, hid the inside.
    failed
        Parts of the observer that failed, with the problem.
    ended
        Whether the process came to its own end.
    rank
        Of this process among those that train together; None where it trains alone.
    """

    looks: tuple[LookAt, ...] = ()
    curves: Mapping[str, tuple[Point, ...]] = field(default_factory=dict)
    backwards: int = 0
    steps: int = 0
    optimizers: tuple[OptimizerFacts, ...] = ()
    owned: tuple[str, ...] = ()
    modules: tuple[Mapping[str, Any], ...] = ()
    modes: Modes = Modes()
    bad: Mapping[str, Any] | None = None
    held_out: tuple[HeldOutLoss, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    repeats: tuple[int, int, int] = (0, 0, 0)
    alike: tuple[int, int] = (0, 0)
    loaded: tuple[LoadedPart, ...] = ()
    rows_share: float = 1.0
    fine: bool = False
    scales: Mapping[str, float] = field(default_factory=dict)
    scored_labels: tuple[tuple[int, int], ...] = ()
    unloaded: LoadedPart = LoadedPart()
    died: str | None = None
    probes: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    own_saving: bool = False
    compiled: bool = False
    spent: float = 0.0
    failed: tuple[tuple[str, str], ...] = ()
    ended: Ended = "cut short"
    rank: int | None = None

    def __repr__(self) -> str:
        return f"Observation(steps={self.steps}, looks={len(self.looks)}, {self.ended})"
