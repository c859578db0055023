"""Two reports side by side: what changed beyond chance, what is new, what is gone.

A difference of scores has MOVER's interval (Zou and Donner 2008): the distances from estimate to limit of both scores
are put together as if they were independent. Where both were scored on the same rows, their errors go together and the
true interval is narrower, so a change that is called beyond chance here is one all the more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import hypot
from typing import Literal, TypeAlias

from whyfit.errors import DataError
from whyfit.evidence.finding import Severity
from whyfit.evidence.question import Question
from whyfit.report.document import Document, FindingPart, ScorePart

Direction: TypeAlias = Literal["better", "worse", "not_decided"]
ONE_DOOR = "They look for different things; give two reports of the same command."
ALARMING = Severity.WARNING
"""From here on a new finding counts as worse: a note costs nothing."""


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """After minus before; less is better, as all scores are errors. None where an interval is missing."""

    before: float
    after: float
    low: float | None
    high: float | None

    @property
    def direction(self) -> Direction:
        """Beyond chance where the interval is clear of zero."""
        if self.low is None or self.high is None or self.low <= 0 <= self.high:
            return "not_decided"
        return "better" if self.high < 0 else "worse"


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A finding that is there in one report or both; the severity is None where it is not there.

    `report` is the one whose finding it is, the later one where it is in both: its metric gives the units.
    """

    finding: FindingPart
    before: Severity | None
    after: Severity | None
    report: Document = field(repr=False)

    @property
    def direction(self) -> Direction:
        """By severity; `ok` and absent are the same."""
        was, now = _rank(self.before), _rank(self.after)
        return "not_decided" if was == now else "worse" if now > was else "better"

    @property
    def alarming(self) -> bool:
        """Whether it got worse, up to a warning at least."""
        return self.direction == "worse" and _rank(self.after) >= ALARMING.rank


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A remedy whose verdict is another one now."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A question that has another status now."""

    question: Question
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed.

    Attributes
    ----------
    same_data
        By fingerprint; None where one is not known.
    score
        None where one has no score, or where they are in different metrics.
    findings
        Those whose severity changed, the worse ones first.
    remedies, questions
        Those with another verdict, or another status.
    """

    same_data: bool | None
    score: ScoreChange | None
    findings: tuple[FindingChange, ...]
    remedies: tuple[VerdictChange, ...]
    questions: tuple[StatusChange, ...]

    @property
    def noted(self) -> tuple[FindingChange, ...]:
        """What is there now, or more serious, and no more than a note."""
        return tuple(change for change in self.findings if change.direction == "worse" and not change.alarming)

    @property
    def worse(self) -> bool:
        """Whether something got worse beyond chance: what a build should stop at."""
        return (self.score is not None and self.score.direction == "worse") or any(
            change.alarming for change in self.findings
        )


def compare(before: Document, after: Document) -> Comparison:
    """Compare two reports."""
    return Comparison(
        same_data=_same_data(before, after),
        score=_score(before.score, after.score),
        findings=_findings(before, after),
        remedies=_remedies(before, after),
        questions=_questions(before, after),
    )


def refuse_other_door(before: Document, after: Document, where: str) -> None:
    """The two doors look for different things: what one did not find, the other may never have looked for.

    Raises
    ------
    DataError
        Where one report is of a checkup and the other of a watched run.
    """
    if before.door != after.door:
        said = f"a report of `whyfit {after.door}` cannot be compared with one of `whyfit {before.door}`."
        raise DataError(said, where=where, advice=ONE_DOOR)


def _same_data(before: Document, after: Document) -> bool | None:
    prints = before.data.fingerprint, after.data.fingerprint
    return None if None in prints else prints[0] == prints[1]


def _score(before: ScorePart | None, after: ScorePart | None) -> ScoreChange | None:
    if before is None or after is None or before.metric != after.metric:
        return None
    change = after.mean - before.mean
    if before.low is None or before.high is None or after.low is None or after.high is None:
        return ScoreChange(before.mean, after.mean, None, None)
    low = change - hypot(after.mean - after.low, before.high - before.mean)
    high = change + hypot(after.high - after.mean, before.mean - before.low)
    return ScoreChange(before.mean, after.mean, low, high)


def _findings(before: Document, after: Document) -> tuple[FindingChange, ...]:
    was, now = _by_place(before), _by_place(after)
    changes = [
        FindingChange(found[key], _severity(was, key), _severity(now, key), report)
        for key in was | now
        for found, report in [(now, after) if key in now else (was, before)]
    ]
    changed = [change for change in changes if change.direction != "not_decided" and _looked(change, after)]
    return tuple(
        sorted(changed, key=lambda one: (one.direction == "better", -max(_rank(one.before), _rank(one.after))))
    )


def _looked(change: FindingChange, after: Document) -> bool:
    """Whether the later report could have said it: what nobody looked at has not become better."""
    return change.after is not None or after.questions.of(change.finding.question).status in (
        "measured",
        "partly measured",
    )


_Key: TypeAlias = tuple[str, ...]


def _by_place(document: Document) -> dict[_Key, FindingPart]:
    """A finding is the same one when code and place are; of several alike, the most serious."""
    found: dict[_Key, FindingPart] = {}
    for finding in sorted(document.findings, key=lambda one: one.severity.rank):
        where = finding.where
        place = (where.layer, where.parameter, where.column) if where else ()
        found[finding.code, *(str(part) for part in place)] = finding
    return found


def _severity(found: dict[_Key, FindingPart], key: _Key) -> Severity | None:
    return found[key].severity if key in found else None


def _rank(severity: Severity | None) -> int:
    return 0 if severity is None else severity.rank


def _remedies(before: Document, after: Document) -> tuple[VerdictChange, ...]:
    was = {remedy.name: remedy.verdict for remedy in before.remedies}
    changes = [VerdictChange(one.name, was[one.name], one.verdict) for one in after.remedies if one.name in was]
    return tuple(change for change in changes if change.before != change.after)


def _questions(before: Document, after: Document) -> tuple[StatusChange, ...]:
    changes = [StatusChange(q, before.questions.of(q).status, after.questions.of(q).status) for q in Question]
    return tuple(change for change in changes if change.before != change.after)
