"""Phrases that every drawing of a report needs: its head, a finding's place and numbers, the score's interval."""

from __future__ import annotations

from whyfit.evidence.finding import Severity
from whyfit.report.document import Document, FindingPart
from whyfit.text import FindingWords, Words
from whyfit.text.names import plain_name
from whyfit.text.numbers import is_number

MOST_TOLD = 40
"""Inferences that are listed; loading gives one a kind, so there are never more."""
MOST_LINES = 80
"""Lines of a recipe that are drawn: twice its fields."""
NEW = "new"
"""The part of a comparison that is no part of the data."""
AT_RANDOM = frozenset({"random", "stratified", "groups"})
"""Divisions whose parts differ by chance alone."""
ARM = 100
"""Characters of a remedy's name with its strength: twice the longest of ours."""
ROWS_BEGIN_AT = "first_row"
"""Says from which number the rows of a file are counted: part of the place, and not of what was measured."""
SENTENCE = 600
"""Characters of a stored sentence that are drawn: twice the longest of ours."""


def head_facts(document: Document, words: Words) -> list[str]:
    """What is known of the data, in a few words each."""
    data = document.data
    facts = [words.value("source", None, data.source)] if data.source else []
    if data.rows is not None and data.columns is not None:
        facts.append(words.label("table", rows=data.rows, columns=data.columns))
    if data.task:
        facts.append(words.term(data.task))
    if data.classes:
        facts.append(words.label("classes", n=data.classes))
    return facts


def told(document: Document, words: Words, beginning: str = "") -> list[str]:
    """What was inferred, as far as its code begins so: for each, `data.told` holds `{"code": …, "facts": {…}}`."""
    said = (document.data.model_extra or {}).get("told")
    entries = said if isinstance(said, list) else []
    sentences = (
        words.told(str(one.get("code")), one["facts"])
        for one in entries[:MOST_TOLD]
        if isinstance(one, dict) and isinstance(one.get("facts"), dict) and str(one.get("code")).startswith(beginning)
    )
    return [sentence for sentence in sentences if sentence]


def effort(document: Document, words: Words) -> str:
    """How many networks were trained in how many seconds, or for how long a script was watched."""
    if document.door == "watch":
        return words.label("watched", seconds=words.label("seconds", n=document.seconds), steps=_steps(document))
    networks = words.label("networks", n=document.networks)
    return words.label("trained", networks=networks, seconds=words.label("seconds", n=document.seconds))


def _steps(document: Document) -> int | float | None:
    steps = document.provenance.get("steps")
    return steps if is_number(steps) and isinstance(steps, int | float) else None


def findings_that_matter(document: Document) -> tuple[FindingPart, ...]:
    """All but `ok`, in the order of the report: most serious first."""
    return tuple(finding for finding in document.findings if finding.severity is not Severity.OK)


def words_of(finding: FindingPart, document: Document, words: Words) -> FindingWords:
    """A finding's sentences in the language asked for; the stored English ones for a code that this version lacks."""
    stored = FindingWords(*(plain_name(text, SENTENCE) for text in (finding.summary, finding.cause, finding.remedy)))
    return words.finding(finding.code, {"metric": document.metric, **finding.facts}) or stored


def others_of(document: Document, words: Words) -> list[tuple[str, str, str]]:
    """(name, value, interval) of each other metric of the score."""
    score = document.score
    if score is None:
        return []
    return [
        (words.term(name), words.value("other", "number", value), _ends(score.others_intervals.get(name), words))
        for name, value in score.others.items()
        if value is not None
    ]


def _ends(interval: tuple[float | None, float | None] | None, words: Words) -> str:
    if interval is None or None in interval:
        return ""
    low, high = (words.value("other", "number", end) for end in interval)
    return words.label("interval", low=low, high=high)


def best_epoch(document: Document, words: Words) -> str:
    """The epoch whose weights were kept, and how far networks differ in it; empty where nothing was kept."""
    part = next(iter(document.series.curves), None)
    if part is None or part.best_epoch is None:
        return ""
    ends = {"low": part.best_epoch_low, "high": part.best_epoch_high}
    return words.label("best_epoch_line", best=part.best_epoch, **ends)


def told_apart(document: Document, words: Words) -> str:
    """Which two parts were compared last, and whether a classifier can tell them apart."""
    part = next(reversed(document.series.alike), None)
    if part is None:
        return ""
    said = words.label("chart_alike_said", first=part.first, second=part.second, auc=part.auc, p=part.p)
    splits = document.series.splits
    drawn = part.second != NEW and splits is not None and splits.by in AT_RANDOM
    return said + words.label("sentence_gap") + words.label("chart_alike_drawn") if drawn else said


def constant_rate(document: Document, words: Words) -> str:
    """The learning rate of a watched script that never changed it."""
    rates = set(document.series.rates.rates) if document.series.rates else set()
    return words.label("chart_rate_constant", rate=rates.pop()) if len(rates) == 1 else ""


def arm_name(name: str, strength: float | str | None, words: Words) -> str:
    """A remedy with its strength behind it, such as `dropout (0.25)`."""
    said = "" if strength is None else words.value("strength", "term" if isinstance(strength, str) else None, strength)
    return plain_name(f"{words.term(name)} ({said})" if said else words.term(name), ARM)


def changes_of(document: Document) -> list[str]:
    """What the recommended recipe changes, field by field."""
    part = document.recommended
    return [f"{plain_name(name)} = {plain_name(value)}" for name, value in part.changes.items()] if part else []


def recipe_title(document: Document, words: Words) -> str:
    """What the recipe is: recommended where choosing it was shown to gain, else the one with the least loss."""
    return words.label("recommended" if _is_proven(document) or not changes_of(document) else "least_loss")


def recipe_said(document: Document, words: Words) -> str:
    """What it changes, and whether that was shown to gain."""
    changes = " · ".join(changes_of(document))
    if not changes:
        return words.label("recommended_plain")
    return changes if _is_proven(document) else f"{changes}. {words.label('least_loss_unproven')}"


def _is_proven(document: Document) -> bool:
    part = document.recommended
    return part is not None and part.low is not None and part.low > 0


def recipe_lines(document: Document) -> str:
    """The recommended recipe as TOML, each line cleaned of what could steer a terminal."""
    text = (document.recommended.toml if document.recommended else None) or ""
    return "\n".join(plain_name(line, SENTENCE) for line in text.splitlines()[:MOST_LINES])


def place(finding: FindingPart, words: Words) -> str:
    """Where the finding is; empty where it has no place."""
    counted = {ROWS_BEGIN_AT: finding.evidence.get(ROWS_BEGIN_AT)}
    return words.place(finding.where.model_dump() | counted) if finding.where else ""


def numbers_of(finding: FindingPart, document: Document, words: Words) -> list[tuple[str, str]]:
    """(name, value) of each number of a finding that was measured; how rows are counted is no measurement."""
    beside = {"metric": document.metric, **finding.evidence}
    return [
        (words.number_name(name), words.value(name, None, value, beside))
        for name, value in finding.evidence.items()
        if value is not None and name != ROWS_BEGIN_AT
    ]


def interval_of(document: Document, words: Words) -> str | None:
    """The interval of the score, or None where it has none."""
    score = document.score
    if score is None or score.low is None or score.high is None:
        return None
    low, high = (words.value("low", "bare", end, {"metric": score.metric}) for end in (score.low, score.high))
    return words.label("interval", low=low, high=high)


def bracket(document: Document, words: Words) -> str:
    """The interval of the score in brackets, with its level; empty where it has none."""
    interval, estimate = interval_of(document, words), document.series.score
    if interval is None or estimate is None:
        return ""
    return words.label("bracket", interval=interval, confidence=words.label("confidence", level=estimate.level))


def estimand_of(document: Document, words: Words) -> str:
    """What the score is an estimate of, in the language asked for."""
    assert document.score is not None
    estimate = document.series.score
    return words.label("estimand", **estimate.model_dump()) if estimate else document.score.estimand
