"""In which mode a network was trained and evaluated: shared by the questions of dropout and of batch norm."""

from __future__ import annotations

from whyfit.evidence.observation import Observation

RARE = 0.4
"""Evaluations a backward pass: more of them are part of training, not a look at the score. A generator that makes rows
for its adversary is called at every second pass, a teacher at each; a small table is scored after three or four."""
TRAINED_ON = 0.9
"""Share of the evaluated rows known from training: more is a statistic being taken, not a score."""
AGAIN, COVERED, NEW = 3.0, 0.9, 0.5
"""How often each evaluated row came, how much of the training set was known by then, and the share of known rows: the
same strange rows over and over are a score however often it is taken, as in a loop of one step an epoch. Noise for an
adversary never comes twice, and a teacher is asked about rows that are trained on. Chosen."""


def evaluated_in_training_mode(seen: Observation) -> bool:
    """Whether scores were taken without gradients, in training mode, now and then, on rows that were not trained on."""
    modes = seen.modes
    if not modes.blocks_training or modes.blocks_eval or modes.trained_eval:
        return False
    if modes.blocks_training > RARE * max(seen.backwards, 1):
        return scored_over_and_over(seen)
    rows, known = sum(o.rows for o in seen.overlaps), sum(o.known for o in seen.overlaps)
    return not rows or known < TRAINED_ON * rows


def scored_over_and_over(seen: Observation) -> bool:
    """Whether the evaluated rows are the same ones each time, and not those that are trained on."""
    _, passed, distinct = seen.repeats
    fair = [one for one in seen.overlaps if one.covered > COVERED]
    rows = sum(one.rows for one in fair)
    return bool(rows) and passed >= AGAIN * distinct > 0 and sum(one.known for one in fair) < NEW * rows


def turned(seen: Observation) -> int | None:
    """The step since which most of the training ran in evaluation mode, after having begun in training mode."""
    modes = seen.modes
    return modes.turned_at if modes.trained_eval > modes.trained_training > 0 else None
