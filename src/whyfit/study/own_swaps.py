"""Questions 6 to 12 by intervention on a user's network: surgery tells what it reaches, then the study measures it.

A candidate that reaches nothing is left out, and so is one that would leave the network as it is. What a change cannot
reach, such as an activation that is called as a function, is told in the report: the gain is then that of a part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from whyfit.errors import NetworkError
from whyfit.evidence.dataset import Dataset, Told
from whyfit.evidence.question import Question
from whyfit.evidence.recipe import Recipe
from whyfit.study.plan import Arm, Family
from whyfit.study.remedies import DROPOUT, kept_where_small
from whyfit.study.swaps import INITIALIZERS, NORM_DROPOUT, RELATIVES, SATURATING

if TYPE_CHECKING:
    from torch import nn

    from whyfit.surgery.reached import Reached

KEPT = (Question.OVERFITTING, Question.BATCHNORM)
"""Whose networks are kept: what outputs do on disturbed inputs, and in both modes, is measured on them."""
SHOWN = 3
"""Places that are named; of more, their number."""
Changes = Mapping[float | str, dict[str, Any]]


def own_swaps(data: Dataset, recipe: Recipe) -> tuple[tuple[Family, ...], tuple[Told, ...]]:
    """The families that surgery makes possible, and what it could not reach.

    Raises
    ------
    NetworkError
        The network cannot be made.
    """
    from whyfit.nets.check import fresh_module  # noqa: PLC0415  # torch, which a user's network needs anyway

    module = fresh_module(recipe.network, data, 0)  # type: ignore[arg-type]  # only users' networks come here
    made: list[Family] = []
    told: list[Told] = []
    for name, question, changes in _wished(module):
        reach = {label: found for label, change in changes.items() if (found := _reach(recipe.but(**change), data))}
        told += _told(name, changes, reach)
        arms = [
            Arm(name, recipe.but(**changes[label]), label, watched=question is not Question.OVERFITTING)
            for label, found in reach.items()
            if all(found) and not _as_it_is(module, changes[label], found)
        ]
        if arms:
            family = Family(name, question, tuple(arms))
            made.append(kept_where_small(family, data) if question in KEPT else family)
    return tuple(made), tuple(told)


def _wished(module: nn.Module) -> Iterator[tuple[str, Question, Changes]]:
    """What is tried: name, question, and the change of each candidate."""
    yield "dropout", Question.OVERFITTING, {rate: {"dropout": rate} for rate in DROPOUT}
    yield "relative_of_relu", Question.RELU, {name: {"activation": name} for name in ("relu", *RELATIVES)}
    yield "saturating_activation", Question.SATURATION, {name: {"activation": name} for name in SATURATING}
    yield (
        "initializer",
        Question.INITIALIZATION,
        {name: {"initializer": name} for name in ("he_uniform", *INITIALIZERS)},
    )
    if _has_norm(module):
        yield "no_batch_norm", Question.BATCHNORM, {"none": {"batch_norm": "none"}}
        return
    orders = ("before", "after")
    yield "batch_norm", Question.BATCHNORM, {order: {"batch_norm": order} for order in orders}
    both: Changes = {
        f"{order}, dropout {NORM_DROPOUT}": {"batch_norm": order, "dropout": NORM_DROPOUT} for order in orders
    }
    yield "batch_norm_and_dropout", Question.BATCHNORM, both


def _has_norm(module: nn.Module) -> bool:
    from whyfit.surgery.norms import NORMS  # noqa: PLC0415  # torch

    return any(isinstance(part, NORMS) for part in module.modules())


def _reach(recipe: Recipe, data: Dataset) -> tuple[Reached, ...]:
    """What a change reaches, one for each field; empty where the changed network cannot be made."""
    from whyfit.training.torch_parts.build import reach_of  # noqa: PLC0415  # torch

    try:
        return reach_of(recipe, data)
    except NetworkError:
        return ()


def _as_it_is(module: nn.Module, change: dict[str, Any], reach: tuple[Reached, ...]) -> bool:
    """Whether every activation that would be swapped is of that kind already."""
    from whyfit.nets.activations import activation_module  # noqa: PLC0415  # torch

    if "activation" not in change:
        return False
    kind = type(activation_module(change["activation"]))
    return all(type(module.get_submodule(name)) is kind for name in reach[0].changed)


def _told(name: str, changes: Changes, reach: Mapping[float | str, tuple[Reached, ...]]) -> Iterator[Told]:
    """Of each family: the places that none of its candidates reached, with the reason of the first."""
    if not reach or not any(all(found) for found in reach.values()):
        yield Told("study.nothing_reached", (("change", name), ("candidates", len(changes))))
        return
    missed = {place: why for found in reach.values() for one in found for place, why in one.missed}
    got = {place for found in reach.values() for one in found for place in one.changed}
    places = sorted(place for place in missed if place not in got)
    if places:
        said = ", ".join(places[:SHOWN]) + (", …" if len(places) > SHOWN else "")
        yield Told("study.not_reached", (("change", name), ("places", said), ("count", len(places))))
