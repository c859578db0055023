"""The engines that do not train a study, each with the code of its reason, for the plan and the report."""

from __future__ import annotations

import json

from whyfit.evidence.member import Member
from whyfit.study.store import Store
from whyfit.training.choose import FOR_CPU, Choice
from whyfit.training.contract import Engine
from whyfit.training.device import CPU

SLOWER, NOT_TIMED = "slower_here", "not_timed"
"""Reasons of engines that could: the clock, or that the kernel, made for these networks, is not put to it."""

FACT = "engines_not_taken"
"""The fact under which a store keeps them: a resumed study takes the engine that it has and measures none."""


def not_taken(member: Member, device: str, taken: Engine, choice: Choice | None, store: Store) -> dict[str, str]:
    """Engine → code; `choice` is None where nothing was put to the clock."""
    known = store.fact(FACT)
    if known is None:
        known = json.dumps(_reasons(member, device, taken, choice))
        store.remember({FACT: known})
    found: dict[str, str] = json.loads(known)
    return found


def _reasons(member: Member, device: str, taken: Engine, choice: Choice | None) -> dict[str, str]:
    from whyfit.training.engines import engines  # noqa: PLC0415  # loads the engines

    return {
        engine.name: _reason(engine, member, device, choice).rpartition("Error:")[2]
        for engine in engines()
        if engine.name != taken.name
    }


def _reason(engine: Engine, member: Member, device: str, choice: Choice | None) -> str:
    if device != CPU and engine.name in FOR_CPU:
        return "computes_on_a_cpu"
    if choice is None:  # whether the others fit is not asked: that would load torch
        return NOT_TIMED
    cannot = choice.refused.get(engine.name) or engine.fits(member).reason
    return cannot or (SLOWER if engine.name in choice.costs else NOT_TIMED)
