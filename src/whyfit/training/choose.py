"""Which engine trains a population: the one that takes the least time here, by a few measured steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from whyfit.errors import ArgumentError
from whyfit.evidence.member import Member
from whyfit.training.contract import Context, Cost, Engine
from whyfit.training.device import CPU
from whyfit.training.engines.stacked import StackedEngine
from whyfit.training.stacked_parts.structure import COHORT, COHORT_ON_DEVICE, structure_of

ONLY_ONE, FASTEST = "only_engine_that_fits", "fastest_of_measured"

FOR_CPU = frozenset({"kernel"})
"""Engines that compute on a CPU alone."""


class Choice(NamedTuple):
    """What was chosen and why.

    Attributes
    ----------
    engine
        Carries the code of the reason into its outcomes.
    why
        That code.
    costs
        Name of each engine that fits → its cost for the sample; empty where there was nothing to choose.
    refused
        Name of each other engine → the code of its reason.
    """

    engine: Engine
    why: str
    costs: Mapping[str, Cost]
    refused: Mapping[str, str]


def choose_engine(
    members: Sequence[Member],
    context: Context,
    candidates: Sequence[Engine] | None = None,
    *,
    workers: int = 1,
    memory: int | None = None,
) -> Choice:
    """The engine that trains these members fastest.

    Parameters
    ----------
    members
        All of the population, or enough of it.
    candidates
        The engines to choose among; all of them where not given.
    workers
        How many will train at the same time: each is to have members, so a cohort is no larger than its share.
    memory
        Bytes that one worker may use; an engine that needs more is refused.

    Raises
    ------
    ArgumentError
        No engine can train them all; each one's reason is said.
    """
    refused: dict[str, str] = {}
    engines = [_sharing(engine, len(members), workers) for engine in candidates or engines_on(context.device)]
    fitting = [engine for engine in engines if _fits(engine, members, context, refused)]
    if len(fitting) == 1:
        return Choice(_told(fitting[0], ONLY_ONE), ONLY_ONE, {}, refused)
    costs = {engine.name: cost for engine in fitting if (cost := _cost(engine, members, context, memory, refused))}
    able = [engine for engine in fitting if engine.name in costs]
    if not able:
        reasons = "; ".join(f"{name}: {why}" for name, why in refused.items())
        raise ArgumentError(f"no engine can train these networks ({reasons}).", advice="Change the recipe.")
    why = FASTEST if len(able) > 1 else ONLY_ONE
    best = min(able, key=lambda engine: costs[engine.name].seconds)
    if isinstance(best, StackedEngine):
        best = replace(best, member_bytes=-(-costs[best.name].bytes // min(best.cohort, len(sample_of(members)))))
    return Choice(_told(best, why), why, costs, refused)


def engines_on(device: str) -> tuple[Engine, ...]:
    """The engines that can train on a device, the one to prefer first; cohorts are larger on an accelerator."""
    from whyfit.training.engines import engines  # noqa: PLC0415  # loads the engines

    if device == CPU:
        return engines()
    there = [engine for engine in engines() if engine.name not in FOR_CPU]
    return tuple(replace(one, cohort=COHORT_ON_DEVICE) if isinstance(one, StackedEngine) else one for one in there)


def _fits(engine: Engine, members: Sequence[Member], context: Context, refused: dict[str, str]) -> bool:
    if engine.name in FOR_CPU and context.device != CPU:
        refused[engine.name] = "computes_on_a_cpu"
        return False
    distinct = {member.recipe.digest: member for member in members}.values()
    reasons = [verdict.reason for member in distinct if not (verdict := engine.fits(member))]
    if reasons:
        refused[engine.name] = reasons[0] or ""
    return not reasons


def _cost(
    engine: Engine, members: Sequence[Member], context: Context, memory: int | None, refused: dict[str, str]
) -> Cost | None:
    """The cost of the sample; None where the engine finds out that it cannot, or needs too much memory."""
    try:
        cost = engine.cost(sample_of(members), context)
    except Exception as error:  # noqa: BLE001  # whatever user code raises on the first steps
        refused[engine.name] = f"{type(error).__name__}:{error}".partition("\n")[0]
        return None
    if memory is not None and cost.bytes > memory:
        refused[engine.name] = "needs_more_memory"
        return None
    return cost


def sample_of(members: Sequence[Member]) -> list[Member]:
    """Members of the structure that is most common, as many as a cohort takes."""
    structures = [structure_of(member) for member in members]
    common, _ = Counter(structures).most_common(1)[0]
    return [member for member, structure in zip(members, structures, strict=True) if structure == common][:COHORT]


def _sharing(engine: Engine, members: int, workers: int) -> Engine:
    """The engine with cohorts small enough that every worker has some members."""
    if not isinstance(engine, StackedEngine):
        return engine
    return replace(engine, cohort=max(1, min(engine.cohort, -(-members // workers))))


def _told(engine: Any, why: str) -> Engine:
    told: Engine = replace(engine, why=why)
    return told
