"""Question 1, watched: were rows scored that had been trained on, and do batches mix the rows?

Rows are known by fingerprints. Training scores are taken on training rows in health: only an evaluation that is
*partly* known betrays a division that is none. How many training rows had been seen by then is counted, so that
"partly" has a meaning. Where rows change from epoch to epoch, as augmentation makes them, they are not known again, and
the answer is that this was not measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, sqrt

from whyfit.evidence.evidence import Evidence
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity
from whyfit.evidence.observation import LoadedPart, Observation, Overlap
from whyfit.evidence.question import Question
from whyfit.exams.watched.base import NEEDS, one_run, seen_in
from whyfit.exams.watched.loaded import (
    LOADED_CODES,
    answers_among_inputs,
    labels_apart,
    of_what_was_loaded,
    scaled_otherwise,
)
from whyfit.exams.watched.order import order_of_batches

SEEN_ENOUGH = 0.5
"""Share of the training rows that must have been fingerprinted before an overlap is judged."""
WHOLLY = 0.9
"""An evaluated batch of which this share is known is a score on training rows, which is no fault."""
LEAST_SHARE, LEAST_ROWS = 0.03, 5
MOSTLY_KNOWN = 0.8
SMALLER = 0.9
"""Of the training rows: scored rows that are fewer were meant to be others. A score on all training rows is of all."""
AGAIN, LARGE = 3.0, 2.0
"""How often each scored row came, or how many training batches one scored batch is, before it is taken for a part that
was held out: losses of training batches on the way are neither."""
COPIED = 0.25
"""Share of known rows of many digits from which they are copies made before the division, though training rows equal
each other as often: measurements that come twice are fewer. Chosen."""
BY_COLLISION = 0.3
"""Share of known rows that equal rows in one batch let expect by chance, above which an overlap tells nothing."""
REPEATS = 0.05
"""Share of repeated rows among the evaluated ones above which equal rows arise by chance."""
PAIRS, CHANCE_ERRORS = 2.0, 3.0
"""Of equal rows in pairs every second one repeats an earlier one, and every one has an equal; and standard errors."""
BOUND = 3.09
"""Standard errors of a 99.9 % bound on one side."""
CHANGING, LEAST_LATER = 0.02, 20
"""Share of the rows of later passes that are known again, under which rows change; and the rows that must be compared.
Chosen: a flip at random leaves half of them as they are."""
MISSED = 3.0
"""None of n rows known: at 95 % at most 3/n of all are (Hanley and Lippman-Hand 1983)."""
LEAST_FOLDS = 2
"""Training sets of which one network must have seen rows before weights can have gone from one to the next."""


class WatchedSplitsExam:
    """Tells a leak from a training score, and sorted rows from a batch that happens to hold one class."""

    question = Question.SPLITS
    needs = NEEDS
    codes = frozenset(
        {
            "splits.apart", "splits.scored_rows_trained_on", "splits.scored_rows_repeat",
            "splits.scored_on_training_rows", "splits.batches_of_one_class", "splits.weights_carried",
            "splits.target_in_inputs", "splits.label_not_trained", "splits.scaled_otherwise",
        }
    ) | LOADED_CODES  # fmt: skip

    def applies(self, evidence: Evidence) -> Answer:
        """Only what passed through the network is known of the division, and rows that change not even so."""
        seen, answer = seen_in(evidence), one_run(evidence)
        if answer.status == "not measured":
            return answer
        if rows_change(seen):
            return Answer("partly measured", "rows_change")
        return answer if _compared(seen) else Answer("partly measured", "no_scored_rows")

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """Overlap, then order, then what the data holds; rows are called apart only where they were compared."""
        seen = seen_in(evidence)
        overlap = [*(_of_parts(seen) if seen.loaded else _of_batches(seen))]
        if seen.loaded and seen.fine and not any(part.evaluated for part in seen.loaded):
            overlap += _carried_without_loader(seen)  # rows that were scored as they lay in memory
        found = [
            *overlap,
            *order_of_batches(seen),
            *of_what_was_loaded(seen),
            *answers_among_inputs(seen),
            *labels_apart(seen),
        ]
        found += scaled_otherwise(seen)
        rows = _compared(seen)
        if not overlap and rows and not rows_change(seen):
            numbers = {"rows": rows, "could_be": min(1.0, MISSED / rows), "share": seen.rows_share}
            found.append(Finding("splits.apart", Severity.OK, numbers))
        return tuple(found)


def rows_change(seen: Observation) -> bool:
    """Whether the rows of later passes over a training set are not those of the first."""
    return any(
        part.later >= LEAST_LATER and part.later_again < CHANGING * part.later and part.printed > 0.5 * part.trained
        for part in seen.loaded
    )


def _compared(seen: Observation) -> int:
    """Rows of evaluations that were compared with enough of the training rows."""
    if seen.loaded:
        return sum(part.compared for part in seen.loaded if not part.trained)
    return sum(one.rows for one in seen.overlaps if one.covered > SEEN_ENOUGH)


def _of_parts(seen: Observation) -> Iterator[Finding]:
    """By dataset: the training rows are known as they came, so every evaluation can be compared."""
    scored = [part for part in seen.loaded if part.compared >= LEAST_ROWS]
    covered = max((_coverage(part) for part in seen.loaded if part.trained), default=0.0)
    wholly = [part for part in scored if part.known >= WHOLLY * covered * part.compared]
    for part in scored:
        share = part.known / part.compared
        if part in wholly or share <= LEAST_SHARE or part.known < LEAST_ROWS or (_often_equal(part) and not seen.fine):
            continue
        numbers = {"share": share, "known": part.known, "rows": part.compared}
        if share <= _by_chance(seen, part.compared) and not (seen.fine and share > COPIED):
            yield Finding("splits.scored_rows_repeat", Severity.NOTE, numbers)
        else:
            yield Finding("splits.scored_rows_trained_on", Severity.SERIOUS, numbers)
    yield from _carried(seen, scored, wholly)
    inside = [part for part in wholly if _part_of_training(seen, part)]
    if covered and len(wholly) == len(scored) and inside:
        known, rows = sum(part.known for part in inside), sum(part.compared for part in inside)
        numbers = {"share": known / rows, "known": known, "rows": rows}
        yield Finding("splits.scored_rows_trained_on", Severity.SERIOUS, numbers)
    elif covered and wholly and len(wholly) == len(scored):
        yield Finding("splits.scored_on_training_rows", Severity.NOTE, {"rows": sum(part.compared for part in wholly)})


def _part_of_training(seen: Observation, part: LoadedPart) -> bool:
    """Whether a dataset of its own, smaller than the training set, was trained on throughout, and not by chance."""
    lengths = [one.length for one in seen.loaded if one.trained and one.length]
    smaller = bool(lengths) and part.length is not None and part.length < SMALLER * max(lengths)
    return smaller and not part.trained and (seen.fine or part.known / part.compared > _by_chance(seen, part.compared))


def _carried(seen: Observation, scored: list[LoadedPart], wholly: list[LoadedPart]) -> Iterator[Finding]:
    """Weights that went from fold to fold: one held-out part of unknown rows, then others of its size, all known.

    Told from a score on training rows: that is of the training set itself or, by another loader, of its size; and in
    folds with fresh weights every held-out part is unknown. Blind to folds without loaders of their own.
    """
    held = [part for part in scored if not part.trained]
    unknown = [part for part in held if part.known <= LEAST_SHARE * part.compared]
    trained = [part for part in seen.loaded if part.trained]
    if len(unknown) != 1 or len(trained) < LEAST_FOLDS:
        return
    first = held.index(unknown[0])
    sizes = {part.length for part in trained}
    again = [
        part
        for part in held[first + 1 :]
        if part in wholly and part.length not in sizes and _as_long(part.length, unknown[0].length)
    ]
    if again:
        rows = sum(part.compared for part in again)
        yield Finding("splits.weights_carried", Severity.SERIOUS, {"folds": len(again), "rows": rows})


def _as_long(one: int | None, other: int | None) -> bool:
    """Folds differ by a row at most."""
    return one is not None and other is not None and abs(one - other) <= 1


def _coverage(part: LoadedPart) -> float:
    """The share of the rows of a training set whose fingerprints were taken at least once."""
    taken = part.printed / part.trained if part.trained else 0.0
    passes = part.trained / part.length if part.length else 1.0
    missed: float = (1.0 - taken) ** max(1.0, passes)
    return 1.0 - missed


def _often_equal(part: LoadedPart) -> bool:
    return part.repeats > REPEATS * part.evaluated


def _by_chance(seen: Observation, rows: int) -> float:
    """The share of scored rows with an equal training row, if they repeat as training rows repeat each other."""
    first, again = sum(part.first for part in seen.loaded), sum(part.first_again for part in seen.loaded)
    if not first:
        return 0.0 if seen.fine else 1.0
    most = float(again) if seen.fine else _at_most(again)
    share = min(1.0, PAIRS * most / first)
    return share + CHANCE_ERRORS * sqrt(share * (1 - share) / rows)


def _of_batches(seen: Observation) -> Iterator[Finding]:
    repeated, rows, _ = seen.repeats
    if not seen.fine and ((rows and repeated > REPEATS * rows) or _by_collision(seen) > BY_COLLISION):
        return
    carried = [*_carried_without_loader(seen)]
    yield from carried or _trained_throughout(seen)
    fair = [o for o in seen.overlaps if o.covered > SEEN_ENOUGH and o.rows >= LEAST_ROWS]
    known = [o.known / o.rows for o in fair]
    partly = [
        (o, share)
        for o, share in zip(fair, known, strict=True)
        if max(LEAST_SHARE, _at_most_equal(seen, o)) < share < WHOLLY * min(1.0, o.covered + 0.1)
    ]
    hits = sum(o.known for o, _ in partly)
    if partly and len(partly) >= 0.5 * len(fair) and hits >= LEAST_ROWS:
        last, share = partly[-1]
        yield Finding(
            "splits.scored_rows_trained_on", Severity.SERIOUS, {"share": share, "known": last.known, "rows": last.rows}
        )


def _at_most(count: int) -> float:
    """The 99.9 % upper bound of the mean of a Poisson count, (√(count + 1) + z/2)²: its root deviates by about 1/2
    (Bartlett 1936).
    """
    return (sqrt(count + 1) + BOUND / 2) ** 2


def _at_most_equal(seen: Observation, one: Overlap) -> float:
    """The largest share of a scored batch that chance explains, by how often rows within one batch are equal.

    Of equal pairs so many as `_at_most` allows; then 1 − exp(−rate · trained) by Jensen at most, as some rows are
    commoner than others. Rows of many digits are never equal by chance.
    """
    if seen.fine:
        return 0.0
    alike, pairs = seen.alike
    if not pairs:
        return 1.0
    share = 1 - exp(-_at_most(alike) / pairs * one.trained)
    return share + CHANCE_ERRORS * sqrt(share * (1 - share) / one.rows)


def _by_collision(seen: Observation) -> float:
    """The share of scored rows with an equal training row, if rows repeat as those of one scored batch do."""
    repeated, rows, _ = seen.repeats
    if not seen.overlaps or not rows:
        return 0.0
    size = sum(one.rows for one in seen.overlaps) / len(seen.overlaps)
    pairs = rows * (size - 1) / 2
    return 1 - exp(-repeated / pairs * max(one.trained for one in seen.overlaps)) if pairs > 0 else 0.0


def _carried_without_loader(seen: Observation) -> Iterator[Finding]:
    """A part was scored as new, then trained on; and what was scored since had all been trained on, other rows each."""
    held = [place for place, one in enumerate(seen.overlaps) if _is_held_out(one)]
    after = [one for one in seen.overlaps[held[0] + 1 :] if one.taken >= LEAST_ROWS] if held else []
    throughout = [one for one in after if one.known >= MOSTLY_KNOWN * one.rows and one.fresh >= WHOLLY * one.rows]
    if after and len(throughout) == len(after):
        rows = sum(one.rows for one in after)
        yield Finding("splits.weights_carried", Severity.SERIOUS, {"folds": len(after), "rows": rows})


def _is_held_out(one: Overlap) -> bool:
    return one.rows >= LEAST_ROWS and one.covered > MOSTLY_KNOWN and one.known <= LEAST_SHARE * one.rows


def _trained_throughout(seen: Observation) -> Iterator[Finding]:
    """Every scored row was trained on, and they are a part of the training rows, asked for as one."""
    fair = [one for one in seen.overlaps if one.covered > SEEN_ENOUGH and one.rows >= LEAST_ROWS]
    _, passed, distinct = seen.repeats
    if not fair or not seen.fine or any(one.known < MOSTLY_KNOWN * min(1.0, one.covered) * one.rows for one in fair):
        return
    batch = max((layer.rows for look in seen.looks[:5] for layer in look.layers[:1]), default=0)
    large = max(one.rows for one in fair)
    trained = max(one.trained for one in fair)
    asked = passed >= AGAIN * distinct or large >= LARGE * batch
    if asked and distinct < SMALLER * trained and large < SMALLER * trained:
        numbers = {"share": sum(o.known for o in fair) / sum(o.rows for o in fair)}
        numbers |= {"known": sum(o.known for o in fair), "rows": sum(o.rows for o in fair)}
        yield Finding("splits.scored_rows_trained_on", Severity.SERIOUS, numbers)
