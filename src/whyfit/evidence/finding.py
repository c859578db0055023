"""The finding: a stable code, a severity, numbers, where. No sentences: words are drawn from code and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from whyfit.evidence.question import Question
from whyfit.evidence.types import Json


class Severity(StrEnum):
    """How much a finding matters.

    `ok`: looked for and not there. `note`: worth knowing. `warning`: costs something. `serious`: what the network or
    its score shows cannot be trusted.
    """

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    SERIOUS = "serious"

    @property
    def rank(self) -> int:
        """0 for `ok` to 3 for `serious`."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Where:
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

    def plain(self) -> dict[str, Json]:
        """The fields that say something."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items() if v is not None and v != ()}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    Attributes
    ----------
    code
        `question.name`, stable: scripts and translations rely on it. Every code has words in `whyfit.text`.
    severity
        See `Severity`.
    numbers
        The evidence, by name; the words are drawn from it.
    where
        Layer, parameter, column, rows, epoch, script line, where there is one.
    because
        The code of the finding that this one is a consequence of.

    Examples
    --------
    >>> Finding("splits.copies", Severity.SERIOUS, {"copies": 133}).question
    <Question.SPLITS: 'splits'>
    """

    code: str
    severity: Severity
    numbers: Mapping[str, Any] = field(default_factory=dict)
    where: Where | None = None
    because: str | None = None

    def __post_init__(self) -> None:
        """Freeze the numbers."""
        object.__setattr__(self, "numbers", MappingProxyType(dict(self.numbers)))

    @property
    def question(self) -> Question:
        """The question that the code belongs to."""
        return Question(self.code.split(".", 1)[0])

    def __repr__(self) -> str:
        facts = ", ".join(f"{name}={_short(value)}" for name, value in self.numbers.items())
        return f"Finding({self.code!r}, {self.severity.value}: {facts})"


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else repr(value)


def most_serious_first(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Order findings for a reader: serious ones first, a consequence after its cause, else in order of questions."""
    order = list(Question)
    codes = {finding.code for finding in findings}
    ranked = sorted(findings, key=lambda finding: (-finding.severity.rank, order.index(finding.question)))
    roots = [finding for finding in ranked if finding.because not in codes]
    return tuple(one for root in roots for one in _with_consequences(root, ranked))


def _with_consequences(root: Finding, ranked: list[Finding]) -> list[Finding]:
    rest = [finding for finding in ranked if finding is not root]
    return [root, *(one for effect in rest if effect.because == root.code for one in _with_consequences(effect, rest))]
