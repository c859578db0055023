"""What changes slowly: written now and then while a script runs, and once more at its end; the last writing counts."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from whyfit.vitals.scales import apart

if TYPE_CHECKING:
    from whyfit.vitals.observer import Observer

MOST_WORDS = 200
"""Letters kept of an exception."""


def facts_of(observer: Observer) -> dict[str, Any]:
    """One line of the journal."""
    calls, rows = observer.calls, observer.calls.rows
    calls.count()
    return {
        "backwards": observer.backwards,
        "steps": observer.steps.count,
        "optimizers": [owner.plain() for owner in observer.steps.everyone()],
        "owned": sorted(observer.owned_names),
        "modes": {
            "trained": {"training": observer.trained_training, "eval": observer.trained_eval},
            "turned_at": observer.turned_at,
            "calls": calls.counts,
            "blocks": calls.blocks,
            "places": calls.places,
        },
        "modules": observer.names.modules(),
        "overlaps": calls.overlaps,
        "repeats": [rows.repeats, rows.evaluated_rows, round(len(rows.evaluated.kept) / rows.evaluated.share)],
        "alike": [rows.alike, rows.pairs],
        "died": _last_words(),
        "rank": _rank(),
        "loaded": calls.loaders.plain(),
        "unloaded": observer.unloaded.plain(),
        "fine": bool(rows.fine),
        "scales": apart(rows.trained, rows.scored),
        "scored_labels": observer.held_out.labels.most_common(),
        "rows_share": rows.latest.trained.share,
        "held_out": observer.held_out.values,
        "bad": observer.bad,
        "compiled": observer.compiled,
        "own_saving": observer.own_saving,
        "spent": observer.governor.spent + observer.governor.once + calls.loaders.spent,
        "looks": observer.governor.looks,
    }


def _last_words() -> str | None:
    """The exception that ended the script, as Python keeps it when it has printed one; its first words."""
    problem = getattr(sys, "last_value", None)
    return None if problem is None else f"{type(problem).__name__}: {problem}"[:MOST_WORDS]


def _rank() -> int | None:
    """As torchrun and its like tell each of their processes."""
    rank, several = os.environ.get("RANK", ""), os.environ.get("WORLD_SIZE", "1") != "1"
    return int(rank) if several and rank.isdigit() else None
