"""Question 1, watched: were rows scored that had been trained on, and do batches mix the rows?

Rows are known by fingerprints. Training scores are taken on training rows in health: only a batch that is *partly*
known betrays a division that is none. How many training rows had been seen by then is counted, so that "partly" has a
meaning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from whyfit.evidence.evidence import Evidence
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity
from whyfit.evidence.observation import Observation
from whyfit.evidence.question import Question
from whyfit.exams.watched.base import NEEDS, one_run, seen_in
from whyfit.exams.watched.fit import main_heads

SEEN_ENOUGH = 0.5
"""Share of the training rows that must have been fingerprinted before an overlap is judged."""
WHOLLY = 0.9
"""An evaluated batch of which this share is known is a score on training rows, which is no fault."""
LEAST_SHARE, LEAST_ROWS = 0.03, 5
REPEATS = 0.05
"""Share of repeated rows among the evaluated ones above which equal rows arise by chance."""
ONE_CLASS, BALANCED = 0.95, 0.7
LEAST_BATCH = 8


class WatchedSplitsExam:
    """Tells a leak from a training score, and sorted rows from a batch that happens to hold one class."""

    question = Question.SPLITS
    needs = NEEDS
    codes = frozenset({"splits.apart", "splits.scored_rows_trained_on", "splits.batches_of_one_class"})

    def applies(self, evidence: Evidence) -> Answer:
        """Only what passed through the network is known of the division."""
        return one_run(evidence)

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """Overlap, then order."""
        seen = seen_in(evidence)
        found = [*_overlap(seen), *_order(seen)]
        return tuple(found) or (Finding("splits.apart", Severity.OK, {"rows": sum(o.rows for o in seen.overlaps)}),)


def _overlap(seen: Observation) -> Iterator[Finding]:
    repeated, rows, _ = seen.repeats
    if rows and repeated > REPEATS * rows:
        return
    fair = [o for o in seen.overlaps if o.covered > SEEN_ENOUGH and o.rows >= LEAST_ROWS]
    known = [o.known / o.rows for o in fair]
    partly = [
        (o, share)
        for o, share in zip(fair, known, strict=True)
        if LEAST_SHARE < share < WHOLLY * min(1.0, o.covered + 0.1)
    ]
    hits = sum(o.known for o, _ in partly)
    if partly and len(partly) >= 0.5 * len(fair) and hits >= LEAST_ROWS:
        last, share = partly[-1]
        yield Finding(
            "splits.scored_rows_trained_on", Severity.SERIOUS, {"share": share, "known": last.known, "rows": last.rows}
        )


def _order(seen: Observation) -> Iterator[Finding]:
    """Batches of one class from data of several."""
    batches = [head for head in main_heads(seen) if head.classes and sum(head.counts) >= LEAST_BATCH]
    if len(batches) < LEAST_BATCH:
        return
    whole: Counter[int] = Counter()
    for head in batches:
        whole.update(dict(zip(head.classes, head.counts, strict=True)))
    pure = sum(max(head.counts) >= ONE_CLASS * sum(head.counts) for head in batches) / len(batches)
    overall = max(whole.values()) / whole.total()
    if pure > BALANCED and overall < BALANCED:
        yield Finding("splits.batches_of_one_class", Severity.WARNING, {"share": pure, "classes": len(whole)})
