"""Question 5, watched: do gradients reach every layer, from the right rows, with the right values?

Seen by probes on a private copy, each of which tells two explanations apart (see `whyfit.probes`).
"""

from __future__ import annotations

from collections.abc import Iterator

from whyfit.evidence.evidence import Evidence
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.evidence.observation import Observation
from whyfit.evidence.question import Question
from whyfit.exams.watched.base import NEEDS, seen_in

MIXED = 1e-3
"""Of the spread of the outputs: a hundred times what another blocking of a float32 product changes."""
MOVED = 1e-3
"""The same, where a moment of a sequence is exchanged between rows."""
STEADY = 1e-6
"""Two passes in evaluation mode must agree this well before rows can be said to leak."""
WRONG = 1e-2
"""Relative error of a derivative: the probe's own error is under 1e-3."""


class WatchedBackpropExam:
    """Tells a cut or wrong gradient from a small one. Blind where the network could not be copied and run."""

    question = Question.BACKPROP
    needs = NEEDS
    codes = frozenset(
        {
            "backprop.arrives", "backprop.cut_off", "backprop.rows_mixed", "backprop.wrong_derivative",
            "backprop.unused", "backprop.flat_operation", "backprop.state_cut",
        }
    )  # fmt: skip

    def applies(self, evidence: Evidence) -> Answer:
        """Without a probe that came to its end nothing is known."""
        if not _measured(seen_in(evidence), "arrival", "wanting"):
            return Answer("not measured", "no_probe")
        return Answer("partly measured", "one_run")

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """What each probe of each network shows."""
        seen = seen_in(evidence)
        found = [*_cut(seen), *_of_states(seen), *_flat(seen), *_mixed(seen), *_wrong(seen)]
        if found:
            return tuple(found)
        apart = _measured(seen, "mixing", "others")
        numbers = {"networks": _measured(seen, "arrival", "wanting")} | ({"apart": apart} if apart else {})
        return (*_unused(seen), Finding("backprop.arrives", Severity.OK, numbers))


def _measured(seen: Observation, probe: str, number: str) -> int:
    """On how many networks a probe came to its number."""
    return sum(number in found.get(probe, {}) for found in seen.probes.values())


def _cut(seen: Observation) -> Iterator[Finding]:
    """Used in the forward pass, owned by an optimiser, and never once reached by a gradient."""
    reached = {row.name for look in seen.looks for row in look.parameters if row.gradient == row.gradient}
    for network, found in seen.probes.items():
        arrival = found.get("arrival", {})
        cut = [name for name in arrival.get("cut", ()) if _named(name, seen.owned) and not _named(name, reached)]
        if cut:
            numbers = {"parameters": len(cut), "of": arrival["wanting"], "network": network}
            yield Finding("backprop.cut_off", Severity.SERIOUS, numbers, Where(parameter=cut[0]))


def _of_states(seen: Observation) -> Iterator[Finding]:
    """Moments of a sequence that move the answer, and that no gradient comes back to."""
    for network, found in seen.probes.items():
        state = found.get("state", {})
        if state.get("moved", 0.0) > MOVED:
            numbers = {"reached": state["reached"], "moments": state["moments"], "network": network}
            yield Finding("backprop.state_cut", Severity.SERIOUS, numbers)


def _flat(seen: Observation) -> Iterator[Finding]:
    """Behind a step function: a gradient of zero in the copy, and at every look."""
    moving = {row.name for look in seen.looks for row in look.parameters if row.gradient > 0}
    for network, found in seen.probes.items():
        arrival = found.get("arrival", {})
        flat = [name for name in arrival.get("flat", ()) if _named(name, seen.owned) and not _named(name, moving)]
        if flat:
            numbers = {"operation": arrival["operations"][0].lower(), "parameters": len(flat)}
            numbers |= {"of": arrival["wanting"], "network": network}
            yield Finding("backprop.flat_operation", Severity.SERIOUS, numbers, Where(parameter=flat[0]))


def _named(name: str, names: object) -> bool:
    """Whether a parameter of the copy is among the script's: several networks carry their type in front."""
    return any(other == name or other.endswith(f".{name}") for other in names)  # type: ignore[attr-defined]


def _mixed(seen: Observation) -> Iterator[Finding]:
    if any("BatchNorm" in str(m["type"]) and m.get("track_running_stats") is False for m in seen.modules):
        return  # asked for: such a norm takes the statistics of whatever batch it is given
    for network, found in seen.probes.items():
        mixing, modes = found.get("mixing", {}), found.get("modes", {})
        steady = modes.get("twice", 1.0) <= STEADY
        if steady and mixing.get("others", 0.0) > MIXED:
            numbers = {"share": mixing["share"], "moved": mixing["others"], "own": mixing["own"], "network": network}
            yield Finding("backprop.rows_mixed", Severity.SERIOUS, numbers)


def _wrong(seen: Observation) -> Iterator[Finding]:
    for found in seen.probes.values():
        check = found.get("derivative", {})
        if check.get("error", 0.0) > WRONG:
            numbers = {"error": check["error"], "checked": check["checked"], "kinks": check["kinks"]}
            yield Finding("backprop.wrong_derivative", Severity.SERIOUS, numbers, Where(parameter=check["worst"]))


def _unused(seen: Observation) -> Iterator[Finding]:
    """Owned by an optimiser, and without a part in the forward pass: worth knowing, harmless."""
    reached = {row.name for look in seen.looks for row in look.parameters}
    for found in seen.probes.values():
        unused = [
            n for n in found.get("arrival", {}).get("unused", ()) if _named(n, seen.owned) and not _named(n, reached)
        ]
        if unused:
            yield Finding("backprop.unused", Severity.NOTE, {"parameters": len(unused)}, Where(parameter=unused[0]))
