"""Leaks by networks: a few of the default recipe trained on the same rows with the leak and without it.

The guess of the nearest row (`data.suspects`) finds a leak; how much it flatters a network is measured here, by the
same kernel, kept in the same study file, within the same budget.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from whyfit.data.contrasts import Contrast, Way
from whyfit.errors import InputError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.estimate import Estimate
from whyfit.evidence.leaks import ContrastFacts
from whyfit.evidence.member import BlockId, Member
from whyfit.evidence.outcome import Outcome
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.types import BoolArray, FloatArray, IntArray
from whyfit.study.plan import seed_of
from whyfit.study.results import ERROR_LOSSES
from whyfit.study.runner import Listener, Runner
from whyfit.study.statistics.blocks import forward_blocks
from whyfit.study.statistics.constant import constant_loss
from whyfit.study.statistics.interval import gain_spread
from whyfit.study.statistics.losses import BOUNDED, Loss, row_losses
from whyfit.study.statistics.refit import row_and_refit
from whyfit.study.statistics.weighted import weighed, weighted_mean
from whyfit.training.contract import Context


@dataclass(frozen=True, eq=False)
class Group:
    """Members that see one dataset, and who trains them."""

    data: Dataset
    runner: Runner
    members: tuple[Member, ...]


@dataclass(frozen=True, eq=False)
class Contrasting:
    """One contrast as a study trains it.

    Attributes
    ----------
    contrast
        What is compared.
    runner
        Trains; its data is exchanged for what each network is to see.
    seed
        Of the study.
    """

    contrast: Contrast
    runner: Runner
    seed: int

    @property
    def name(self) -> str:
        """Under which plan and progress know it."""
        return f"contrast_{self.contrast.kind}"

    @cached_property
    def ways(self) -> tuple[Way, Way] | None:
        """With and without; None where these rows cannot be divided so."""
        try:
            return self.contrast.ways
        except InputError:
            return None

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """All members, by what they see."""
        seen: dict[str, tuple[Dataset, list[Member]]] = {}
        for way in self.ways or ():
            for member, data in self._members(way):
                members = seen.setdefault(data.fingerprint, (data, []))[1]
                members.append(member)
        return tuple(Group(data, self._runner(data), tuple(members)) for data, members in seen.values())

    @cached_property
    def keys(self) -> frozenset[str]:
        """Of all networks; one that both ways share is trained once."""
        return frozenset(key for group in self.groups for key in group.runner.keys(group.members))

    @property
    def considered(self) -> bool:
        """Whether a study has asked for its networks."""
        return "keys" in self.__dict__

    def cost(self) -> float:
        """Wall seconds for what the store does not hold yet, by the engine's own measurement."""
        return sum(self._cost_of(group) for group in self.groups) / self.runner.workers

    def train(self, deadline: float | None, listen: Listener) -> bool:
        """Train all of them; whether it ended by itself, not by an interruption."""
        return all(
            group.runner.run(group.members, replace(group.runner.context, deadline=deadline), listen)
            for group in self.groups
        )

    @property
    def complete(self) -> bool:
        """Whether the store holds all of them."""
        return bool(self.keys) and self.keys <= self.runner.store.keys()

    def facts(self) -> ContrastFacts | None:
        """What came out; None where it is not complete, or a network diverged."""
        if not self.complete or self.ways is None:
            return None
        (with_it, folds), (without, sound) = (self._measured(way) for way in self.ways)
        there = np.asarray((sound >= 0).all(axis=0) & (folds >= 0).all(axis=0))
        if not (np.isfinite(with_it[:, there]).all() and np.isfinite(without[:, there]).all()):
            return None
        with_it, without = self._weighed(with_it, without, there)
        difference = self._difference(with_it, without, folds, sound, there)
        return ContrastFacts(
            kind=self.contrast.kind,
            columns=self.contrast.columns,
            score_with=float(with_it[:, there].mean()),
            score_without=float(without[:, there].mean()),
            difference=difference,
            networks=len(self.keys),
            rows=int(there.sum()),
        )

    def _difference(
        self, with_it: FloatArray, without: FloatArray, folds: IntArray, sound: IntArray, there: BoolArray
    ) -> Estimate:
        assert self.ways is not None
        trained = min(fit.split.train.size for way in self.ways for repeat in way for fit in repeat)
        if self.contrast.paired == "blocks":
            blocks = [(without - with_it)[:, sound[0] == number].mean() for number in range(int(sound.max()) + 1)]
            return forward_blocks(np.array(blocks), rows=int(there.sum()), training_rows=trained)
        first, second = without[:, None, there], with_it[:, None, there]
        groups = None if self.contrast.groups is None else self.contrast.groups[there]
        if self.contrast.paired == "fits":
            spread = gain_spread(
                first,
                second,
                sound[:, there],
                training_rows=trained,
                baseline=self._constant(),
                groups=groups,
            )
            return spread.estimate()
        # The two ways have folds of their own: the refits of the second are no part of the spread by the first's.
        spread = row_and_refit(first - second, sound[:, there], training_rows=trained, groups=groups)
        other = row_and_refit(second, folds[:, there], training_rows=trained)
        refits = 0.0 if other.why_none else other.nets_variance
        return replace(spread, nets_variance=spread.nets_variance + refits).estimate()

    def _weighed(self, with_it: FloatArray, without: FloatArray, there: BoolArray) -> tuple[FloatArray, FloatArray]:
        """The losses as rows weigh, around one centre; only of rows that are compared."""
        if self._data.weights is None:
            return with_it, without
        own = self._data.weights[there]
        centre = weighted_mean(without[:, there], own)
        made = (np.full(with_it.shape, np.nan), np.full(with_it.shape, np.nan))
        for into, losses in zip(made, (with_it, without), strict=True):
            into[:, there] = weighed(losses[:, there], own, centre)
        return made

    @property
    def _loss(self) -> Loss:
        return ERROR_LOSSES[self._data.task]

    def _constant(self) -> float | None:
        return None if self._loss in BOUNDED else constant_loss(self._data.target, self._loss, self._data.weights)

    @property
    def _data(self) -> Dataset:
        return self.groups[0].data

    def _members(self, way: Way) -> Iterator[tuple[Member, Dataset]]:
        for repeat, fits in enumerate(way):
            for fold, (data, split) in enumerate(fits):
                recipe = Recipe.for_data(data.task)
                seed = seed_of(self.seed, repeat, fold, 0)
                yield Member(recipe=recipe, split=split, seed=seed, block=BlockId(repeat, fold)), data

    def _runner(self, data: Dataset) -> Runner:
        self.runner.start()
        context = replace(self.runner.context, open_data=partial(itself, data))
        return replace(self.runner, context=context, fingerprint=data.fingerprint)

    def _cost_of(self, group: Group) -> float:
        done = group.runner.store.keys()
        keys = group.runner.keys(group.members)
        todo = [member for member, key in zip(group.members, keys, strict=True) if key not in done]
        context: Context = group.runner.context
        return group.runner.engine.cost(todo, context).seconds if todo else 0.0

    def _measured(self, way: Way) -> tuple[FloatArray, IntArray]:
        """(repeats, rows) losses, NaN where a row was not scored, and the fold that scored each."""
        losses = np.full((len(way), self._data.rows), np.nan)
        folds = np.full(losses.shape, -1, dtype=np.int64)
        for member, data in self._members(way):
            outcome = self._outcome(member, data)
            repeat, fold = member.block
            folds[repeat, member.split.score] = fold
            if outcome.status == "done" and outcome.predictions is not None:
                loss = row_losses(outcome.predictions, data.target[outcome.rows], self._loss)
                losses[repeat, outcome.rows] = loss
        return losses, folds

    def _outcome(self, member: Member, data: Dataset) -> Outcome:
        group = next(group for group in self.groups if group.data is data or group.data.fingerprint == data.fingerprint)
        return next(iter(group.runner.store.get(group.runner.keys([member]))))


def itself(data: Dataset) -> Dataset:
    """The dataset of this process."""
    return data


def contrast_facts(contrasts: Sequence[Contrasting]) -> tuple[ContrastFacts, ...]:
    """Of all that are complete; what the study never came to is not even laid out."""
    return tuple(facts for one in contrasts if one.considered and (facts := one.facts()) is not None)
