"""What the charts need: curves and layers over time, boiled down to a few hundred numbers whatever the study's size."""

from __future__ import annotations

from collections.abc import Sized
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Part(BaseModel):
    """A part of the document: frozen, checked without conversions, and closed to keys that nobody knows."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def _equally_long(whole: Sized, *parts: Sized) -> None:
    if any(len(part) != len(whole) for part in parts):
        raise ValueError("series that belong together must be equally long")


class Band(Part):
    """A mean over networks, and the 10th and 90th percentile, one number an epoch; None where nothing was measured."""

    mean: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


class CurvePart(Part):
    """Learning curves of all networks of one recipe.

    `running[i]` networks were still training in epoch `epochs[i]`; the bands are over these. `train` is the running
    mean in training mode, `stop` was measured after the epoch in evaluation mode. `best_epoch` is the median of the
    epochs whose weights were kept, with the 10th and 90th percentile.
    """

    name: str
    networks: int
    epochs: tuple[int, ...]
    running: tuple[int, ...]
    train_loss: Band
    stop_loss: Band
    train_error: Band
    stop_error: Band
    best_epoch: float | None = None
    best_epoch_low: float | None = None
    best_epoch_high: float | None = None

    @model_validator(mode="after")
    def _one_value_an_epoch(self) -> Self:
        bands = (self.train_loss, self.stop_loss, self.train_error, self.stop_error)
        _equally_long(self.epochs, self.running, *(end for one in bands for end in (one.mean, one.low, one.high)))
        return self


class MomentPart(Part):
    """A sampled moment: epoch 0 is before the first step; a watched script is known by its steps alone."""

    epoch: int | None
    step: int


class LayerPart(Part):
    """One layer over the sampled moments: for each number its median over networks."""

    name: str
    kind: str
    activation: str
    units: int
    numbers: dict[str, tuple[float | None, ...]]


class LayersPart(Part):
    """All layers of all networks of one recipe, from input to output."""

    name: str
    networks: int
    moments: tuple[MomentPart, ...] = Field(min_length=1)
    layers: tuple[LayerPart, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_value_a_moment(self) -> Self:
        _equally_long(self.moments, *(values for layer in self.layers for values in layer.numbers.values()))
        return self


class EstimatePart(Part):
    """A number with its interval, and what it is an estimate of."""

    value: float | None
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    method: str = ""
    fits: int = 0
    rows: int = 0
    training_rows: int = 0
    why_none: str | None = None


class SeenGapPart(Part):
    """The gap that a training loop prints, and its parts: seen = rows + mode + average − penalty."""

    seen: EstimatePart
    penalty: float
    average: float
    mode: float
    rows: float


class GapPart(Part):
    """Training against scored rows, in evaluation mode with the kept weights."""

    loss: EstimatePart
    error: EstimatePart
    train_loss: float | None
    score_loss: float | None
    train_error: float | None
    score_error: float | None
    seen: SeenGapPart | None = None


class SplitsPart(Part):
    """How the rows were divided, and by what: the smallest number of rows in each part."""

    kind: str
    by: str | None = None
    folds: int
    repeats: int
    train: int
    stop: int
    score: int


class ActivationPart(Part):
    """An activation and its derivative along its input."""

    name: str
    inputs: tuple[float, ...] = Field(min_length=2)
    values: tuple[float, ...]
    derivatives: tuple[float, ...]

    @model_validator(mode="after")
    def _one_value_an_input(self) -> Self:
        _equally_long(self.inputs, self.values, self.derivatives)
        return self


class ShiftPart(Part):
    """How one column, or the target, differs between two parts: from 0 (alike) to 1, and p after Holm's correction."""

    column: str
    distance: float
    p: float
    target: bool = False


class AlikePart(Part):
    """Two parts compared: area under the curve of a classifier that tells them apart, with its permutation p."""

    first: str
    second: str
    auc: float
    p: float
    columns: tuple[ShiftPart, ...] = ()


class StepsPart(Part):
    """A loss along the steps of a watched script: its mean, lowest and highest value in each stretch."""

    steps: tuple[int, ...]
    mean: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]

    @model_validator(mode="after")
    def _one_value_a_step(self) -> Self:
        _equally_long(self.steps, self.mean, self.low, self.high)
        return self


class PassesPart(Part):
    """How far a watched network's outputs on one batch move, over how far rows differ; None for what it does not have.

    From a pass in evaluation mode to a second one (`twice`), to one with batch norm alone (`norm`) and to one with
    dropout alone (`dropout`) in training mode.
    """

    network: str
    twice: float | None = None
    norm: float | None = None
    dropout: float | None = None


class ParameterPart(Part):
    """One parameter of a probed network, in the network's order, and the gradient that comes to it.

    `reached` says whether one can come at all; `low`, `middle` and `high` are its norm over the looks. Where autograd
    was held against central differences, `error` is the relative difference; on a kink it has none.
    """

    network: str
    name: str
    reached: bool
    low: float | None = None
    middle: float | None = None
    high: float | None = None
    error: float | None = None
    kink: bool = False


class RatesPart(Part):
    """The learning rate of a watched script at each close look."""

    steps: tuple[int, ...]
    rates: tuple[float | None, ...]

    @model_validator(mode="after")
    def _one_value_a_step(self) -> Self:
        _equally_long(self.steps, self.rates)
        return self


class ScoredPart(Part):
    """Rows that a watched script scored, of one dataset, and how many of those compared it had trained on before."""

    name: str
    rows: int
    known: int


class NormPart(Part):
    """One batch norm of a watched script at each close look.

    How far its running mean lies from that of the batch, in deviations, and its running variance over the batch's.
    """

    name: str
    steps: tuple[int, ...]
    lag: tuple[float | None, ...]
    ratio: tuple[float | None, ...]

    @model_validator(mode="after")
    def _one_value_a_step(self) -> Self:
        _equally_long(self.steps, self.lag, self.ratio)
        return self


class Series(Part):
    """All that is drawn beside the findings."""

    curves: tuple[CurvePart, ...] = ()
    layers: tuple[LayersPart, ...] = ()
    score: EstimatePart | None = None
    gap: GapPart | None = None
    splits: SplitsPart | None = None
    loss: StepsPart | None = None
    held_out: StepsPart | None = None
    activation: ActivationPart | None = None
    alike: tuple[AlikePart, ...] = ()
    passes: tuple[PassesPart, ...] = ()
    parameters: tuple[ParameterPart, ...] = ()
    rates: RatesPart | None = None
    scored: tuple[ScoredPart, ...] = ()
    norms: tuple[NormPart, ...] = ()
