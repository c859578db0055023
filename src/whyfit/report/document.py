"""The report as JSON: every key that a script may rely on, and the schema that says so.

The document is what is stored, and what every drawing is made from: a live report and one read from a file are drawn
by the same code. Its keys change only with `SCHEMA_VERSION`, and with a line in the changelog.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from whyfit.evidence.exam import QuestionStatus
from whyfit.evidence.finding import Severity
from whyfit.evidence.question import Question
from whyfit.evidence.types import Task
from whyfit.report.series import Part, Series

Interval = tuple[float | None, float | None]
Count = Annotated[int, Field(ge=0, le=2**53)]
"""As far as every reader of JSON keeps whole numbers exact."""


class DataPart(BaseModel):
    """What is known of the data; `classes` is their number. Further facts may stand beside these."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)
    __pydantic_extra__: dict[str, JsonValue]

    rows: int | None = None
    columns: int | None = None
    task: Task | None = None
    classes: int | None = None
    fingerprint: str | None = None
    source: str | None = None


class QuestionPart(Part):
    """What became of one question; `why` is English, `why_code` is what scripts rely on."""

    status: QuestionStatus
    why_code: str | None = None
    why: str | None = None


class QuestionsPart(Part):
    """All twelve, always, in this order."""

    splits: QuestionPart
    bias_variance: QuestionPart
    overfitting: QuestionPart
    optimizers: QuestionPart
    backprop: QuestionPart
    initialization: QuestionPart
    gradients: QuestionPart
    activations: QuestionPart
    relu: QuestionPart
    saturation: QuestionPart
    dropout: QuestionPart
    batchnorm: QuestionPart

    def of(self, question: Question) -> QuestionPart:
        """The part of one question."""
        part: QuestionPart = getattr(self, question.value)
        return part


class WherePart(Part):
    """The place of a finding, as far as it has one."""

    layer: str | None = None
    parameter: str | None = None
    column: str | None = None
    rows: tuple[int, ...] = ()
    epoch: int | None = None
    step: int | None = None
    file: str | None = None
    line: int | None = None
    rank: int | None = None


class FindingPart(Part):
    """One finding with its English words; `because` is the code of the finding that it follows from."""

    code: str
    question: Question
    severity: Severity
    summary: str
    evidence: dict[str, JsonValue]
    cause: str = ""
    remedy: str = ""
    where: WherePart | None = None
    because: str | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """Its place and its numbers together: what the words are drawn from."""
        place = self.where.model_dump(exclude_none=True, exclude_defaults=True) if self.where else {}
        return place | self.evidence


class ClassPart(Part):
    """The error of one class, over its scored rows; `needed` are rows for an interval, where there is none."""

    name: str
    rows: int
    error: float
    low: float | None = None
    high: float | None = None
    needed: int | None = None


class ScorePart(Part):
    """How good the network is on rows that neither trained nor chose it."""

    metric: str
    mean: float
    low: float | None = None
    high: float | None = None
    baseline: float
    estimand: str
    per_class: tuple[ClassPart, ...] = ()
    others: dict[str, float | None] = Field(default_factory=dict)
    others_intervals: dict[str, Interval] = Field(default_factory=dict)


class NoisePart(Part):
    """The noise: a value only where inputs repeat, else the range that it lies in."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    value: float | None
    low: float | None
    high: float | None
    origin: str = Field(alias="from")


class DecompositionPart(Part):
    """Bias, variance and noise of one loss."""

    loss: str
    training_rows: int
    error: float
    bias_plus_noise: float
    variance: float
    variance_sample: float
    variance_seed: float
    noise: NoisePart | None = None
    bias: float | None = None
    intervals: dict[str, Interval] = Field(default_factory=dict)
    description: dict[str, dict[str, float | None]] = Field(default_factory=dict)


class CandidatePart(Part):
    """One strength of a remedy, or one alternative: described only; the remedy's gain is that of choosing."""

    strength: float | str | None
    gain: float | None
    seconds: float = 0.0
    diverged: Count = 0
    dead: float | None = None
    saturated: float | None = None
    gradient_ratio: float | None = None
    steps_to_target: float | None = None


class RemedyPart(Part):
    """One remedy, trained and measured; a positive gain means less error than the plain recipe.

    `metric` is what the gain is measured in: that of the score, but `balanced_error` for class weights.
    """

    name: str
    question: Question
    strength: float | str | None = None
    metric: str | None = None
    gain: float | None
    low: float | None = None
    high: float | None = None
    bias_change: float | None = None
    variance_change: float | None = None
    intervals: dict[str, Interval] = Field(default_factory=dict)
    training_rows: int | None = None
    delta: float | None = None
    missing: Literal["networks", "rows"] | None = None
    needed: float | None = None
    networks: int = 0
    seconds: float = 0.0
    seconds_a_network: float | None = None
    plain_seconds: float | None = None
    sensitivity: float | None = None
    plain_sensitivity: float | None = None
    candidates: tuple[CandidatePart, ...] = ()
    unchanged: CandidatePart | None = None
    verdict: Literal["helps", "hurts", "no effect shown", "not decided"]

    @property
    def times_as_long(self) -> float | None:
        """Training time with it over training time without it."""
        return _ratio(self.seconds_a_network, self.plain_seconds)

    @property
    def times_as_sensitive(self) -> float | None:
        """How far outputs move with disturbed inputs, with it over without it."""
        return _ratio(self.sensitivity, self.plain_sensitivity)


def _ratio(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None


class RecommendedPart(Part):
    """The recipe to train with: `toml` is a file for `--recipe`, `recipe` the same as plain values.

    The gain is that of choosing: in each fit the recipe with the least loss on its stop rows, scored on other rows.
    """

    name: str
    strength: float | str | None = None
    changes: dict[str, str] = Field(default_factory=dict)
    metric: str
    gain: float | None
    low: float | None = None
    high: float | None = None
    training_rows: int | None = None
    share: float
    candidates: int
    recipe: dict[str, JsonValue]
    toml: str | None = None


class CapacityPart(Part):
    """One size of the network and the terms of its error; intervals are those of the changes against the plain size."""

    hidden: tuple[int, ...]
    parameters: Count
    metric: str
    error: float
    variance: float
    bias_plus_noise: float
    variance_change: float | None = None
    bias_change: float | None = None
    intervals: dict[str, Interval] = Field(default_factory=dict)
    training_rows: int


class EnsemblePart(Part):
    """The error of the mean prediction of 1, 2, … networks, without intervals."""

    metric: str
    errors: tuple[float, ...]


class SizePart(Part):
    """The error at one number of training rows."""

    rows: Count
    error: float
    low: float | None = None
    high: float | None = None


class PowerLawPart(Part):
    """error = floor + scale·rows^(−exponent)."""

    floor: float
    scale: float
    exponent: float


class LearningCurvePart(Part):
    """The error over the number of training rows: measured sizes, and a projection beyond them without a verdict."""

    metric: str
    points: tuple[SizePart, ...]
    law: PowerLawPart | None = None
    projection: tuple[SizePart, ...] = ()
    why_code: str | None = None


class ModePart(Part):
    """A network with dropout or batch norm: its loss on the training rows in both modes, and on unseen rows."""

    name: str
    strength: float | str | None = None
    training: float
    evaluation: float
    unseen: float
    fits: Count


class CasePart(Part):
    """What one dropout or batch norm does to a batch in one mode, forward and backward; see `evidence.effects`."""

    name: str
    strength: float | str | None = None
    layer: str
    kind: Literal["dropout", "batch_norm"]
    mode: Literal["training", "evaluation"]
    dropped: float | None = None
    by_batch: bool | None = None
    moved: bool | None = None
    variance_ratio: float | None = None
    stopped: float | None = None
    learning: float | None = None


class OptimizerPart(Part):
    """One optimiser at its own best learning rate, and the band of rates that are nearly as good."""

    name: str
    best_lr: float
    error: float
    low: float | None = None
    high: float | None = None
    steps_to_target: float | None = None
    stable: Interval | None = None


class Document(Part):
    """The whole report."""

    schema_version: Literal["1"]
    whyfit: str
    door: Literal["checkup", "watch"]
    data: DataPart
    questions: QuestionsPart
    findings: tuple[FindingPart, ...]
    score: ScorePart | None = None
    decomposition: tuple[DecompositionPart, ...] = ()
    remedies: tuple[RemedyPart, ...] = ()
    optimizers: tuple[OptimizerPart, ...] = ()
    recommended: RecommendedPart | None = None
    capacity: tuple[CapacityPart, ...] = ()
    ensemble: EnsemblePart | None = None
    learning_curve: LearningCurvePart | None = None
    modes: tuple[ModePart, ...] = ()
    cases: tuple[CasePart, ...] = ()
    networks: Count
    seconds: float
    seed: int
    provenance: dict[str, JsonValue]
    series: Series = Series()

    @property
    def metric(self) -> str | None:
        """What scores are measured in; None where nothing was scored."""
        return self.score.metric if self.score else None


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a stored report; every report is valid against it.

    Examples
    --------
    >>> schema()["properties"]["schema_version"]["const"]
    '1'
    """
    described = Document.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | described
