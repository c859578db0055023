"""Several processes of one training (DDP): each is judged, and what not all of them show is said of its rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.evidence.observation import Observation
from whyfit.evidence.question import Question
from whyfit.exams.watched.all import caused, examine_watched


def judged(seen: Sequence[Observation]) -> tuple[Mapping[Question, Answer], tuple[Finding, ...]]:
    """The answers and the findings: of the process with the most backward passes, and of the other ranks beside it.

    Processes that were started for something else (no rank, or a rank met before) are not judged: what a script
    starts beside its training is not its training.
    """
    ranks = ranks_of(seen)
    if len(ranks) < 2:
        return examine_watched(seen[0])
    each = {rank: examine_watched(one) for rank, one in ranks.items()}
    first = next(iter(each))
    alarms = {rank: [one for one in found if _is_alarm(one)] for rank, (_, found) in each.items()}
    merged: dict[str, Finding] = {}
    for rank, those in alarms.items():
        for one in those:
            merged.setdefault(one.code, one if _everywhere(one.code, alarms) else _at(one, rank))
    answers, found = each[first]
    quiet = [one for one in found if not _is_alarm(one) and not _spoilt(one, merged)]
    unlinked = [replace(one, because=None) for one in (*merged.values(), *quiet)]
    return answers, caused(tuple(unlinked))


def ranks_of(seen: Sequence[Observation]) -> dict[int, Observation]:
    """The processes that trained, by rank, the one with the most backward passes first."""
    ranks: dict[int, Observation] = {}
    for one in seen:
        if one.rank is not None and one.backwards:
            ranks.setdefault(one.rank, one)
    return ranks if seen and seen[0].rank is not None else {}


def _is_alarm(finding: Finding) -> bool:
    return finding.severity is not Severity.OK


def _everywhere(code: str, alarms: Mapping[int, Sequence[Finding]]) -> bool:
    return all(any(one.code == code for one in found) for found in alarms.values())


def _at(finding: Finding, rank: int) -> Finding:
    return replace(finding, where=replace(finding.where or Where(), rank=rank))


def _spoilt(finding: Finding, merged: Mapping[str, Finding]) -> bool:
    """Whether all was well in this rank where another one shows a fault of the same question."""
    question = finding.code.partition(".")[0]
    return finding.severity is Severity.OK and any(code.partition(".")[0] == question for code in merged)
