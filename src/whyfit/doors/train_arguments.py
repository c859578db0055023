"""The arguments of `whyfit.train`: all that is wrong with them at once, and how many predictions are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from whyfit.errors import ArgumentError, all_together
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Collect, Member
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.split import Split
from whyfit.study.room import PREDICTIONS_BYTES, bytes_of
from whyfit.training.bounds import COUNT, Bounds

SEED = Bounds(0, 2**63, whole=True)
"""As the store and the streams take them."""

SAMPLES = Bounds(0, whole=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """The arguments as lists; None where nothing was given."""

    recipes: list[Recipe] | None
    splits: list[Split] | None
    seeds: list[int]


def hold_arguments(recipes: Any, splits: Any, seeds: Any, collect: Any, workers: Any) -> Asked:
    """The arguments as lists.

    Raises
    ------
    ArgumentError
        All problems together, each with what was expected and what was received.
    """
    problems: list[str] = []
    several = {
        "recipes": (recipes, Recipe, "recipes", "Write `whyfit.Recipe(...)`."),
        "splits": (splits, Split, "splits", "Make them with `whyfit.splits`, such as `whyfit.splits.kfold`."),
        "seeds": (seeds, int | np.integer, "whole numbers", "Give 0, or range(5)."),
    }
    lists: dict[str, list[Any] | None] = {}
    for name, (given, kind, what, advice) in several.items():
        lists[name] = None if given is None and name != "seeds" else listed(given)
        problems += [f"{problem} {advice}" for problem in _of_list(name, lists[name], kind, what)]
    problems += [*_of_collect(collect), *_of_workers(workers)]
    if problems:
        raise ArgumentError(all_together(problems), advice="Nothing was trained.")
    return Asked(lists["recipes"], lists["splits"], [int(seed) for seed in lists["seeds"] or ()])


def listed(given: Any) -> list[Any]:
    """One value, or several, as a list; what is neither is a list of itself, to be named whole."""
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        return [given]
    return list(given)


def _of_list(name: str, values: list[Any] | None, kind: Any, what: str) -> Iterator[str]:
    if values is None:
        return
    if not values:
        yield f"`{name}` must have at least one, got none."
    others = [value for value in values if isinstance(value, bool) or not isinstance(value, kind)]
    if others:
        yield f"`{name}` must be {what}, got {others[0]!r}."
    elif name == "seeds":
        yield from (f"`seeds` must each be {SEED}, got {seed}." for seed in values if not SEED.hold(int(seed)))


def _of_collect(collect: Any) -> Iterator[str]:
    if not isinstance(collect, Collect):
        yield f"`collect` must be a Collect, such as `whyfit.Collect(weights=True)`, got {collect!r}."
        return
    if not SAMPLES.hold(collect.vitals):
        yield f"`vitals` of `collect` must be {SAMPLES}, got {collect.vitals!r}."
    for name in ("predictions", "weights"):
        if not isinstance(getattr(collect, name), bool):
            yield f"`{name}` of `collect` must be True or False, got {getattr(collect, name)!r}."


def _of_workers(workers: Any) -> Iterator[str]:
    if workers is not None and not COUNT.hold(workers):
        yield f"`workers` must be {COUNT}, got {workers!r}. Leave it out for all cores."


def within_budget(members: Sequence[Member], data: Dataset, budget: int = PREDICTIONS_BYTES) -> list[Member]:
    """The members; those whose predictions would go beyond the budget keep none, in the order of the members.

    By what is asked for alone, never by what is free: the same call always keeps the same.
    """
    kept, taken = [], 0
    for member in members:
        taken += bytes_of(member, data)
        over = member.collect.predictions and taken > budget
        kept.append(replace(member, collect=replace(member.collect, predictions=False)) if over else member)
    return kept


def cut_between(asked: Sequence[Member], members: Sequence[Member]) -> int:
    """How many members keep no predictions though they were asked for."""
    pairs = zip(asked, members, strict=True)
    return sum(one.collect.predictions and not other.collect.predictions for one, other in pairs)
