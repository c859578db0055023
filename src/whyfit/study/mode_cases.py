"""The four cases of dropout and batch norm, read off kept networks of the study: one batch of training rows each."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.effects import CaseFacts
from whyfit.evidence.member import Member
from whyfit.evidence.outcome import Outcome
from whyfit.study.results import ArmResults
from whyfit.study.revisit import NOISE_SEED, kept_network
from whyfit.study.track import Track

DROPOUT, BATCH_NORM = "dropout", "batch_norm"
BATCH = 256
"""Rows where the recipe takes all of them at once: a variance of 256 values is known to a tenth (chosen)."""


def case_facts(tracks: Sequence[tuple[Track, Sequence[ArmResults]]], plain: ArmResults) -> tuple[CaseFacts, ...]:
    """Of the plain network, and of the first networks that brought what it lacks; none without torch."""
    if find_spec("torch") is None:
        return ()
    found = _of(plain)
    for arm in _bringing(tracks):
        if _kinds(arm) - {one.kind for one in found}:
            found += _of(arm)
    return tuple(found)


def _bringing(tracks: Sequence[tuple[Track, Sequence[ArmResults]]]) -> list[ArmResults]:
    """Arms with dropout or batch norm, those with both first: there one may be seen to act on the other."""
    return sorted((arm for _, arms in tracks for arm in arms if _kinds(arm)), key=lambda arm: -len(_kinds(arm)))


def _kinds(arm: ArmResults) -> set[str]:
    """What the recipe puts in."""
    recipe = arm.arm.recipe
    return ({DROPOUT} if recipe.dropout else set()) | ({BATCH_NORM} if recipe.batch_norm != "none" else set())


def _of(arm: ArmResults) -> list[CaseFacts]:
    """Of the first network that was kept."""
    pairs = zip(arm.members, arm.outcomes, strict=True)
    kept = next((one for one in pairs if one[1].weights is not None and one[1].status == "done"), None)
    if kept is None:
        return []
    return [CaseFacts(name=arm.arm.name, strength=arm.arm.strength, **case) for case in _cases(*kept, arm.data)]


def _cases(member: Member, outcome: Outcome, data: Dataset) -> list[dict[str, Any]]:
    import torch  # noqa: PLC0415  # see the head of `revisit`

    from whyfit.training.torch_parts.losses import Loss  # noqa: PLC0415
    from whyfit.training.torch_parts.threads import one_torch_thread  # noqa: PLC0415
    from whyfit.vitals.cases import read_cases  # noqa: PLC0415

    network, rows = kept_network(member, outcome, data)
    loss = Loss.of(member.recipe, data, member.split.train)
    batch = torch.from_numpy(member.split.train[: member.recipe.batch_size or BATCH].copy())
    with one_torch_thread(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(NOISE_SEED)
        return read_cases(
            network.module, lambda: loss(network(rows.features(batch)), rows.targets(batch), rows.weights_of(batch))
        )
