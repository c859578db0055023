"""What the comparison with simple learners says of a watched run: does the network fall short of its own rows?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from whyfit.evidence.observation import Observation
from whyfit.exams.watched.fit import contested

BEHIND, TIMES = 0.25, 2.0
"""Of skill, by which a simple learner is better on rows that it never saw than the network on those that it was trained
on, and how many times as much the network leaves unexplained. The most of 304 healthy programs was 0.19."""
WORST = -1.0
"""Skill below which the network may answer in other units than those of its loss, as one that scales inside."""
FURTHER = 0.25
"""Of what a simple learner has more: a network that gains so much by as many steps again was not done. Chosen."""
LEARNED = 0.3
"""Skill above which a network has learned, whatever its loss says. Chosen."""
NOTHING = 0.1
"""Skill of the network, on its own rows, up to which it has learned nothing that holds. Chosen."""
LEAST_ROWS = 120
"""Rows of which a third are compared."""
MORE = 0.1
"""Of skill: so much more of a simple learner says that there was more to be had. Chosen."""
KNOWN, GAP = 0.95, 0.3
"""Skill on training rows that are known by heart, and how much of it is gone on rows of a score."""
LEAST_SCORED = 50


def reached(seen: Observation) -> Mapping[str, Any]:
    """What the probe found on the first network that it came to its end on; nothing where adversaries train."""
    if contested(seen):
        return {}
    return next((found["reach"] for found in seen.probes.values() if "own" in found.get("reach", {})), {})


def better(found: Mapping[str, Any]) -> tuple[float, str] | None:
    """The skill of the better simple learner on training rows that it never saw, and which it is."""
    both = [(found[name], name) for name in ("linear", "small") if name in found]
    return max(both, default=None) if found.get("rows", 0) >= LEAST_ROWS else None


def behind(seen: Observation) -> dict[str, Any] | None:
    """The numbers, where the network does far worse on its own training rows than a simple learner on new ones."""
    found = reached(seen)
    best = better(found)
    if best is None or found["own"] < WORST or not _far_above(best[0], found["own"]):
        return None
    return {"own": found["own"], "simple": best[0], "learner": best[1], "rows": found["rows"]}


def _far_above(skill: float, own: float) -> bool:
    return skill - own >= BEHIND and (1 - own) >= TIMES * (1 - skill)


def falls_short(seen: Observation) -> dict[str, Any] | None:
    """The same, where something keeps the network from its rows.

    Told from a network that is merely slow: that one gets further when it is trained for longer, or has at least done
    what a straight line does and more than nothing.
    """
    numbers, found = behind(seen), reached(seen)
    if numbers is None:
        return None
    own, best = numbers["own"], numbers["simple"]
    kept = own < LEARNED or _far_above(found["linear"], own)
    return numbers if kept and not gets_further(found, best) else None


def gets_further(found: Mapping[str, Any], best: float) -> bool:
    """Whether more training brings a good part of what a simple learner has more."""
    own = found["own"]
    return bool(found.get("later", own) - own >= FURTHER * (best - own) > 0)


def bending_helps(seen: Observation) -> bool | None:
    """Whether a perceptron does better than a straight line on rows that neither saw; None where that is not known."""
    found = reached(seen)
    if found.get("own", 0.0) >= KNOWN:
        return False
    return found["small"] > found["linear"] + MORE if better(found) is not None else None


def gives_back(seen: Observation) -> bool:
    """Whether the network is to give its inputs back."""
    return bool(reached(seen).get("gives_back", False))


def more_to_be_had(seen: Observation) -> bool | None:
    """Whether a simple learner gets further, on rows of a score too where these are known; None where nothing is."""
    found = reached(seen)
    best = better(found)
    if best is None:
        return False if found.get("own", 0.0) >= KNOWN else None
    scored = max((found[name] for name in ("scored_linear", "scored_small") if name in found), default=math.inf)
    return bool(best[0] > found["own"] + MORE and scored > found.get("scored", -math.inf) + MORE)


def nothing_there(seen: Observation) -> bool:
    """Whether the network has learned next to nothing, nothing of it carries over, and simple learners find nothing."""
    found = reached(seen)
    best = better(found)
    known = best is not None and found.get("scored_rows", 0) >= LEAST_SCORED
    return known and best is not None and found["own"] < NOTHING and found["scored"] <= 0 and best[0] <= 0


def learned_something(seen: Observation) -> bool:
    """Whether answers on its own rows are far better than a constant: weights of classes raise a loss to chance."""
    own: float = reached(seen).get("own", 0.0)
    return own > LEARNED


def carries_over_badly(seen: Observation) -> bool | None:
    """Whether answers on rows of a score are far worse than on training rows; None where that is not known."""
    found = reached(seen)
    return found["scored"] < found["own"] - GAP if "scored" in found else None


def known_by_heart(seen: Observation) -> dict[str, Any] | None:
    """The numbers, where the training rows are known and most of it is gone on rows of a score."""
    found = reached(seen)
    if found.get("own", 0.0) < KNOWN or found.get("scored_rows", 0) < LEAST_SCORED:
        return None
    if found["own"] - found["scored"] < GAP:
        return None
    return {"own": found["own"], "scored": max(found["scored"], -1.0), "rows": found["rows"]}
