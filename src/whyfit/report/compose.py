"""From a report to its document: words are drawn, arrays boiled down, what is not a number becomes null."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from whyfit._version import __version__
from whyfit.evidence.effects import RecommendedFacts
from whyfit.evidence.estimate import Estimate
from whyfit.evidence.evidence import ScoreFacts
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding
from whyfit.evidence.question import Question
from whyfit.evidence.report import SCHEMA_VERSION, Report
from whyfit.report.boil import series_of
from whyfit.report.boil_watch import cases_of
from whyfit.report.document import (
    CasePart,
    ClassPart,
    DataPart,
    Document,
    FindingPart,
    QuestionPart,
    QuestionsPart,
    RecommendedPart,
    ScorePart,
    WherePart,
)
from whyfit.report.effects import (
    capacity_part,
    curve_part,
    decomposition_part,
    ensemble_part,
    finite,
    mode_part,
    optimizer_part,
    recommended_part,
    remedy_part,
)
from whyfit.report.files import as_json
from whyfit.text import Words, words_in

RANGES = {
    **dict.fromkeys(("auc", "balanced_accuracy", "f1", "calibration"), (0.0, 1.0)),
    **dict.fromkeys(("brier", "rmse", "mae"), (0.0, math.inf)),
    "confidence_gap": (-1.0, 1.0),
    "r2": (-math.inf, 1.0),
}
"""What a metric can be: a symmetric interval may reach beyond."""
DEEPEST = 20
"""Levels of nesting that are kept in facts from outside: a deeper one is no fact but an accident."""


def document_of(report: Report) -> Document:
    """The document of a report; all its text is English."""
    score, words = report.evidence.score, words_in("en")
    metric = score.metric if score else None
    return Document(
        schema_version=SCHEMA_VERSION,
        whyfit=__version__,
        door=report.door,
        data=DataPart(**_plain(report.data)),
        questions=_questions(report.answers, words),
        findings=tuple(_finding(finding, metric, words) for finding in report.findings),
        score=_score(score, words) if score and math.isfinite(score.estimate.value) else None,
        decomposition=tuple(decomposition_part(facts) for facts in report.evidence.decomposition),
        remedies=tuple(remedy_part(facts) for facts in report.evidence.remedies),
        optimizers=tuple(optimizer_part(facts) for facts in report.evidence.race),
        recommended=_recommended(report.evidence.recommended),
        capacity=tuple(capacity_part(facts) for facts in report.evidence.capacity),
        ensemble=ensemble_part(report.evidence.ensemble) if report.evidence.ensemble else None,
        learning_curve=curve_part(report.evidence.learning_curve) if report.evidence.learning_curve else None,
        modes=tuple(mode_part(facts) for facts in report.evidence.modes),
        cases=tuple(CasePart(**asdict(facts)) for facts in report.evidence.cases)
        or cases_of(report.evidence.observation),
        networks=int(report.networks),
        seconds=float(report.seconds),
        seed=int(report.seed),
        provenance=_plain(report.provenance) | ({"interrupted": True} if report.interrupted else {}),
        series=series_of(report.evidence),
    )


def to_json(report: Report) -> str:
    """The report as JSON text, valid against `schema()`."""
    return as_json(document_of(report))


def _questions(answers: Mapping[Question, Answer], words: Words) -> QuestionsPart:
    parts = {question.value: _question(answers.get(question), words) for question in Question}
    return QuestionsPart(**parts)


def _question(answer: Answer | None, words: Words) -> QuestionPart:
    answer = answer or Answer("not measured", "not_in_this_version")
    return QuestionPart(status=answer.status, why_code=answer.why_code, why=words.why(answer.why_code))


def _finding(finding: Finding, metric: str | None, words: Words) -> FindingPart:
    place = finding.where.plain() if finding.where else None
    evidence = _plain(finding.numbers)
    said = words.finding(finding.code, {"metric": metric, **(place or {}), **evidence})
    return FindingPart(
        code=finding.code,
        question=finding.question,
        severity=finding.severity,
        summary=said.summary if said else finding.code,
        evidence=evidence,
        cause=said.cause if said else "",
        remedy=said.remedy if said else "",
        where=_where(place) if place else None,
        because=finding.because,
    )


def _where(place: Mapping[str, Any]) -> WherePart:
    return WherePart(**(_plain(place) | {"rows": tuple(int(row) for row in place.get("rows", ()))}))


def _score(score: ScoreFacts, words: Words) -> ScorePart:
    estimate = score.estimate
    return ScorePart(
        metric=score.metric,
        mean=float(estimate.value),
        low=finite(estimate.low),
        high=finite(estimate.high),
        baseline=float(score.baseline),
        estimand=estimand(estimate, words),
        per_class=_classes(score),
        others={one.name: finite(one.estimate.value) for one in score.others},
        others_intervals={
            one.name: (_within(one.name, one.estimate.low), _within(one.name, one.estimate.high))
            for one in score.others
            if one.estimate.low is not None
        },
    )


def _within(metric: str, end: float | None) -> float | None:
    """An end of an interval, not beyond what the metric can be: it holds the truth as often as before."""
    low, high = RANGES.get(metric, (-math.inf, math.inf))
    value = finite(end)
    return None if value is None else min(max(value, low), high)


def _recommended(facts: RecommendedFacts | None) -> RecommendedPart | None:
    return None if facts is None else recommended_part(facts, _plain(facts.recipe.plain()))


def _classes(score: ScoreFacts) -> tuple[ClassPart, ...]:
    """With intervals where they were measured."""
    if not score.classes:
        return tuple(_class(*one) for one in score.per_class)
    return tuple(
        ClassPart(
            name=str(one.name),
            rows=int(one.rows),
            error=float(one.error.value),
            low=finite(one.error.low),
            high=finite(one.error.high),
            needed=one.needed,
        )
        for one in score.classes
    )


def _class(name: str, rows: int, error: float) -> ClassPart:
    return ClassPart(name=str(name), rows=int(rows), error=float(error))


def estimand(estimate: Estimate, words: Words) -> str:
    """What the score is an estimate of, in words."""
    return words.label(
        "estimand",
        training_rows=estimate.training_rows,
        fits=estimate.fits,
        rows=estimate.rows,
        method=estimate.method or None,
    )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name): _json(value) for name, value in values.items()}


def _json(value: Any, depth: int = 0) -> Any:
    """Any value as plain JSON: numpy scalars unwrapped, NaN and infinity as null, strangers as text."""
    if value is None or isinstance(value, str | bool):
        return value
    if hasattr(value, "tolist"):
        return _json(value.tolist(), depth)
    if isinstance(value, int | float):
        return value if isinstance(value, int) else finite(value)
    if depth < DEEPEST and isinstance(value, Mapping):
        return {str(name): _json(one, depth + 1) for name, one in value.items()}
    if depth < DEEPEST and isinstance(value, list | tuple | set | frozenset):
        return [_json(one, depth + 1) for one in value]
    return str(value)
