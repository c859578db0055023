"""What the data of a watched run holds, as it came: labels that are all one, columns that never change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from whyfit.evidence.finding import Finding, Severity
from whyfit.evidence.observation import Head, Observation
from whyfit.exams.watched.fit import main_heads, one_player
from whyfit.exams.watched.reach import carries_over_badly

LEAST_LABELS = 100
"""Rows with a label before a constant one is named: a class of 5 % is missing in a hundred rows once in 170."""
LEAST_BATCHES, ALWAYS = 5, 0.9
LEAST_SCORED, COMMON = 20, 0.1
"""Scored rows of a label, and its share among them: a tenth is missing in a hundred training rows once in 40,000."""
SHIFTED, WIDER = 3.0, 3.0
"""Deviations of the trained rows by which the median column is off, and by how much it is wider or narrower: forty
scored rows of the same kind are off by 0.16 and 1.1. Chosen."""
LEAST_READINGS = 1_000
"""Rows read before a column is called constant: a level of one row in 200 then shows but for 1 in 150."""
OUT_OF_BOUNDS = re.compile(r"IndexError: Target (-?\d+) is out of bounds")
"""What torch says where a class has no output."""

LOADED_CODES = frozenset({"splits.constant_label", "splits.constant_columns"})


def of_what_was_loaded(seen: Observation) -> Iterator[Finding]:
    """One label for all, and columns of one value."""
    trained = [part for part in seen.loaded if part.trained]
    if not any(part.classes for part in trained):
        yield from _one_label(seen)
    for part in [*trained, seen.unloaded]:
        if part.classes == 1 and part.labelled >= LEAST_LABELS:
            yield Finding("splits.constant_label", Severity.WARNING, {"label": part.label_low, "rows": part.labelled})
        if part.constants and part.readings >= LEAST_READINGS:
            numbers = {"columns": part.constants, "of": part.columns, "rows": part.readings, "first": part.constant[0]}
            yield Finding("splits.constant_columns", Severity.NOTE, numbers)


def _one_label(seen: Observation) -> Iterator[Finding]:
    """The same without a loader: by the targets that the loss was given."""
    heads = main_heads(seen)
    rows = sum(sum(head.counts) for head in heads)
    labels = {label for head in heads for label in head.classes}
    if len(labels) == 1 and rows >= LEAST_LABELS:
        yield Finding("splits.constant_label", Severity.WARNING, {"label": min(labels), "rows": rows})
    else:
        yield from _one_number(seen, [head for head in heads if head.plain and head.target_shape])


def _one_number(seen: Observation, heads: list[Head]) -> Iterator[Finding]:
    """The same of numbers. Adversaries are trained towards constants, each against the other's."""
    rows = sum(head.target_shape[0] for head in heads if head.target_shape)
    values = {value for head in heads for value in (head.target_low, head.target_high)}
    if len(heads) >= LEAST_BATCHES and rows >= LEAST_LABELS and len(values) == 1 and one_player(seen):
        yield Finding("splits.constant_label", Severity.WARNING, {"label": min(values), "rows": rows})


def answers_among_inputs(seen: Observation) -> Iterator[Finding]:
    """One and the same column tells the target outright in batch after batch."""
    looks = [look.telling for look in seen.looks if look.telling is not None]
    if len(looks) < LEAST_BATCHES:
        return
    times = Counter(column for look in looks for column in look)
    column, number = max(times.items(), key=lambda pair: pair[1], default=(0, 0))
    if number > ALWAYS * len(looks):
        yield Finding("splits.target_in_inputs", Severity.SERIOUS, {"column": column, "looks": number})


def labels_apart(seen: Observation) -> Iterator[Finding]:
    """A label that is common among what was scored, and that no training batch held."""
    trained: Counter[int] = Counter()
    for head in main_heads(seen):
        trained.update(dict(zip(head.classes, head.counts, strict=True)))
    scored = dict(seen.scored_labels)
    rows = sum(scored.values())
    new = {label: count for label, count in scored.items() if label not in trained}
    if trained.total() < LEAST_LABELS or not new:
        return
    label, count = max(new.items(), key=lambda pair: pair[1])
    if count >= LEAST_SCORED and count >= COMMON * rows:
        numbers = {"label": label, "share": count / rows, "rows": trained.total()}
        yield Finding("splits.label_not_trained", Severity.SERIOUS, numbers)


def scaled_otherwise(seen: Observation) -> Iterator[Finding]:
    """Rows that are scored lie elsewhere than those that were trained on, or are wider or narrower by far."""
    scales = seen.scales
    if not scales or scales["scored"] < LEAST_SCORED or scales["trained"] < LEAST_LABELS:
        return
    if scales["shift"] > SHIFTED or not 1 / WIDER < scales["ratio"] < WIDER:
        numbers = {"shift": scales["shift"], "ratio": scales["ratio"], "rows": scales["scored"]}
        harm = carries_over_badly(seen)
        sure = harm or (harm is None and scales["shift"] > SHIFTED)  # a part of what was trained on is merely narrower
        yield Finding("splits.scaled_otherwise", Severity.WARNING if sure else Severity.NOTE, numbers)


def label_without_output(seen: Observation) -> Iterator[Finding]:
    """The script ended because a label has no output: its own words name the label."""
    said = OUT_OF_BOUNDS.match(seen.died or "")
    if said is None:
        return
    lows = [part.label_low for part in seen.loaded if part.label_low is not None]
    highs = [part.label_high for part in seen.loaded if part.label_high is not None]
    outputs = max((look.head.outputs for look in seen.looks if look.head is not None), default=0)
    numbers = {
        "label": int(said[1]),
        "outputs": outputs or None,
        "smallest": min(lows, default=None),
        "largest": max(highs, default=None),
    }
    yield Finding("activations.label_without_output", Severity.SERIOUS, numbers)
