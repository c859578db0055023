"""The verdict in three sentences: how good it is, what is most wrong, how much of the questions was answered."""

from __future__ import annotations

from statistics import median

from whyfit.report.document import Document
from whyfit.report.phrases import findings_that_matter, interval_of, words_of
from whyfit.text import Words


def verdict(document: Document, words: Words) -> tuple[str, str, str]:
    """The three sentences."""
    return _score(document, words), _worst(document, words), _measured(document, words)


def _score(document: Document, words: Words) -> str:
    score = document.score
    if score is None:
        return _loss(document, words)
    interval = interval_of(document, words)
    return words.label(
        "verdict_score",
        metric=words.term(score.metric),
        mean=words.metric(score.mean, score.metric),
        interval=interval,
        baseline=words.metric(score.baseline, score.metric),
    )


def _worst(document: Document, words: Words) -> str:
    found = findings_that_matter(document)
    if not found:
        return words.label("verdict_sound" if document.findings else "no_findings")
    return words.label("verdict_worst", n=len(found), summary=words_of(found[0], document, words).summary)


def _measured(document: Document, words: Words) -> str:
    statuses = [part.status for _, part in document.questions]
    partly = statuses.count("partly measured")
    answered = statuses.count("measured") + partly
    if partly == answered:
        return words.label("verdict_measured_in_part", measured=answered)
    return words.label("verdict_measured", measured=answered, partly=partly or None)


def _loss(document: Document, words: Words) -> str:
    """A watched script has no score of ours; its loss went somewhere."""
    curve = document.series.loss
    known = [mean for mean in curve.mean if mean is not None] if curve else []
    if curve is None or not known:
        return words.label("verdict_unscored")
    tenth = max(1, len(known) // 10)
    first, last = median(known[:tenth]), median(known[-tenth:])  # single batches say little
    return words.label("verdict_loss", first=first, last=last, steps=document.provenance.get("steps", curve.steps[-1]))
