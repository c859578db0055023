"""The plan: which networks are to be trained, in which order, in which rounds.

All arms share splits, seeds and random streams: the member of an arm in a block differs from the plain one in its
recipe alone (or in its training rows, where that is the remedy), so that what both have in common cancels in the
difference.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np

from whyfit.data.passes import OwnDivision
from whyfit.evidence.dataset import Told
from whyfit.evidence.member import VITALS_EPOCHS, BlockId, Collect, Member
from whyfit.evidence.question import Question
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.split import Split
from whyfit.evidence.types import Json
from whyfit.training.contract import Engine

PLAIN = "plain"
FOLDS = 5
"""Folds of the k-fold: each network is scored on a fifth of the rows; chosen, as scikit-learn does."""
PLAIN_SEEDS = 2
"""Networks a fit of the plain recipe: two are what tells seed variance from sample variance."""
VITALS_REPEATS = 1
"""Repeats whose plain networks leave vitals: one is k networks on k different training parts, enough to see a layer."""

ENDS = 2
"""Sampled epochs of a watched arm: before the first step, and the last."""

Rows = Literal["train", "half", "quarter", "eighth", "train_and_stop"]
PARTS: dict[str, int] = {"half": 2, "quarter": 4, "eighth": 8}
"""Into how many the training rows are cut, where a part of them trains."""
SplitsOf = Callable[[int], Sequence[Split]]


@dataclass(frozen=True, slots=True)
class Arm:
    """One recipe of the study, trained in every block.

    Attributes
    ----------
    name
        `plain`, or the remedy.
    strength
        Of the remedy, where it has one.
    recipe
        What is trained.
    rows
        On which rows: the training part, a nested half, quarter or eighth of it, or training and stop part together.
    seeds
        Networks a fit.
    watched
        Whether its first repeat leaves vitals at the start and at the end.
    kept
        Whether its first repeat leaves its weights: what outputs do when inputs are disturbed is measured on them.
    """

    name: str
    recipe: Recipe
    strength: float | str | None = None
    rows: Rows = "train"
    seeds: int = 1
    watched: bool = False
    kept: bool = False

    def plain(self) -> dict[str, Json]:
        """As plain values, for digests."""
        return {
            "name": self.name,
            "strength": self.strength,
            "rows": self.rows,
            "seeds": self.seeds,
            "recipe": self.recipe.digest,
        }


@dataclass(frozen=True, slots=True)
class Family:
    """One remedy and its candidates, one of which is chosen inside each fit: one procedure with one gain.

    Attributes
    ----------
    name
        Stable: reports and scripts know it.
    question
        The question it belongs to.
    candidates
        Arms, from weak to strong: of equals the weakest is taken.
    reverse
        Whether the arm is what the plain recipe is a remedy for: half the rows against all of them, no early stopping
        against early stopping. The gain is then that of plain over the arm.
    kind
        `recipe`; `combined`: several remedies together, judged by itself; `ensemble`: the mean prediction of an arm's
        seeds against one of them; `race`: candidates are rates of one optimiser, scored by themselves; `curve`:
        candidates are ever fewer rows, scored by themselves; `search`: recipes that the search found.
    balanced
        Whether it is judged by the mean of the classes' errors, each class counting alike: what class weights are for.
    """

    name: str
    question: Question
    candidates: tuple[Arm, ...]
    reverse: bool = False
    kind: Literal["recipe", "combined", "ensemble", "race", "curve", "search"] = "recipe"
    balanced: bool = False

    @property
    def judged(self) -> bool:
        """Whether a verdict is taken on it; what is scored by itself has none."""
        return self.kind not in ("race", "curve", "search")


@dataclass(frozen=True, slots=True)
class Plan:
    """All members that a study may train, by arm and repeat.

    Attributes
    ----------
    plain
        The arm that all others are measured against.
    families
        What is measured against it, the cheap and decisive first.
    splits_of
        The splits of one repeat: k of them, freshly shuffled.
    folds
        k.
    seed
        Of the study.
    own
        The splitter of the user's that divides, if there is one.
    told
        What could not be planned, for the report.
    """

    plain: Arm
    families: tuple[Family, ...]
    splits_of: SplitsOf
    folds: int
    seed: int
    own: OwnDivision | None = None
    told: tuple[Told, ...] = ()

    @property
    def most_repeats(self) -> int | None:
        """Repeats that have splits of their own; None where each is shuffled anew."""
        return None if self.own is None else self.own.most_repeats

    @property
    def once(self) -> str | None:
        """How the rows are divided where that is done once only, by a splitter of the user's; else None."""
        return self.own.mode if self.own is not None and self.own.once else None

    def sample(self) -> Member:
        """The first member of the plain arm."""
        return next(self.members([self.plain], range(1)))

    def that_fits(self, engine: Engine) -> Self:
        """The plan without the candidates that an engine cannot train; a family that keeps none is left out."""
        kept = [replace(family, candidates=self.fitting(family.candidates, engine)) for family in self.families]
        return replace(self, families=tuple(family for family in kept if family.candidates))

    def fitting(self, arms: Sequence[Arm], engine: Engine) -> tuple[Arm, ...]:
        """Those that an engine can train."""
        return tuple(arm for arm in arms if engine.fits(next(self.members([arm], range(1)))))

    def members(self, arms: Sequence[Arm], repeats: range) -> Iterator[Member]:
        """The members of these arms in these repeats, repeat by repeat, so that whole repeats are done first."""
        for repeat in repeats:
            splits = self.splits_of(repeat)
            for arm in arms:
                yield from self._of_repeat(arm, repeat, splits)

    def _of_repeat(self, arm: Arm, repeat: int, splits: Sequence[Split]) -> Iterator[Member]:
        for fold, split in enumerate(splits):
            for copy in range(arm.seeds):
                yield Member(
                    recipe=arm.recipe,
                    split=changed_rows(split, arm.rows, seed_of(self.seed, repeat, fold, 0)),
                    seed=seed_of(self.seed, repeat, fold, copy),
                    block=BlockId(repeat, fold),
                    collect=self._collect(arm, repeat, copy),
                )

    def _collect(self, arm: Arm, repeat: int, copy: int) -> Collect:
        if repeat >= VITALS_REPEATS:
            return Collect()
        plain = (arm.recipe, arm.rows) == (self.plain.recipe, "train")
        vitals = VITALS_EPOCHS if plain else ENDS if arm.watched else 0
        return Collect(vitals=vitals if copy == 0 else 0, weights=self.plain.kept if plain else arm.kept)


def seed_of(study: int, repeat: int, fold: int, copy: int) -> int:
    """A 63-bit seed for one network; distinct for every repeat, fold and copy, the same in every arm.

    Examples
    --------
    >>> seed_of(0, 0, 0, 0) == seed_of(0, 0, 0, 0)
    True
    >>> len({seed_of(0, repeat, fold, copy) for repeat in range(8) for fold in range(5) for copy in range(2)})
    80
    """
    text = f"{study}/{repeat}/{fold}/{copy}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") >> 1


def changed_rows(split: Split, rows: Rows, seed: int) -> Split:
    """The split with other training rows; the score rows never change.

    `half` is a random half of the training part, nested in it; the quarter is nested in the half, and so on.
    `train_and_stop` trains on both and stops by nothing.
    """
    if rows == "train":
        return split
    if rows in PARTS:
        kept = np.random.default_rng(seed).permutation(split.train)[: split.train.size // PARTS[rows]]
        return Split(train=kept, stop=split.stop, score=split.score)
    return Split(train=np.concatenate([split.train, split.stop]), stop=split.stop[:0], score=split.score)
