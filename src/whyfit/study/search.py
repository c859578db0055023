"""The search for a better recipe: rounds on the leading combinations, each a few networks on the common splits.

What one change at a time gains is measured by the remedies, the swaps and the race; a recipe that is good differs from
the plain one in several of them at once. So the search begins where those measurements point: the changes that lowered
the loss most, put together. From then on each round tries a few recipes near the leading ones: two of them crossed, or
one with a decision or two turned (`moves`). A recipe is scored on the folds of the first repeat; only the leader gets
further repeats, until it leads with as many as the plain recipe has. All share splits, seeds and random streams, so a
recipe is told from plain by the difference on the same fits.

The search takes at most a share of all training so far: which recipes it tries depends on complete batches alone,
not on the clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.question import Question
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.types import FloatArray
from whyfit.study.combine import comparable
from whyfit.study.moves import crossed, groups_of, moved
from whyfit.study.plan import Arm, Family
from whyfit.study.results import ArmResults

SEARCH = "search"
SHARE = 0.4
"""Of all networks so far, and of all their work, the most that the search takes (chosen: verdicts need the rest). Work
is steps times weights: a search that is drawn to large networks must not take the time of the questions."""
EARLY_SHARE = 0.3
"""As long as a question waits for its first networks (chosen)."""
ROUND = 4
"""Recipes a round: few, as each round learns from the one before."""
PARENTS = 4
"""Leading recipes that a round starts from."""
MERGES = (2, 3, 4, 6)
"""How many of the best changes are put together at the start."""
PROMOTIONS = 2
"""Further repeats that a round may give to leaders."""
MOST_REPEATS = 4
"""Of a leader: with twenty fits on all rows, what is left is noise of the rows (chosen)."""
MOST_ROUNDS = 60
STALE_ROUNDS = 12
"""Rounds without a new leader after which the search ends: nothing better is near (chosen)."""

ResultsOf = Callable[[Arm, int], ArmResults]


@dataclass(slots=True)
class Search:
    """Recipes tried so far, and what comes next.

    Attributes
    ----------
    data, plain, seed
        What is searched for: a recipe better than plain's.
    fitting
        Keeps the arms that the engine of the study can train.
    tried
        Every arm of the search, with its complete repeats, by the digest of its recipe.
    worse
        By how much each lost more than plain, as a share (`worse_than_plain`).
    networks, work
        That it took; work is steps times weights, over all its networks.
    """

    data: Dataset
    plain: Arm
    seed: int
    fitting: Callable[[Sequence[Arm]], tuple[Arm, ...]]
    tried: dict[str, tuple[Arm, int]] = field(default_factory=dict)
    worse: dict[str, float] = field(default_factory=dict)
    networks: int = 0
    work: float = 0.0
    rounds: int = 0
    _leader: str = ""
    _stale: int = 0

    @property
    def over(self) -> bool:
        """Whether nothing more is tried."""
        return self.rounds >= MOST_ROUNDS or self._stale >= STALE_ROUNDS

    def takes_less_than(self, share: float, networks: int, work: float) -> bool:
        """Of so many networks and so much work."""
        return self.networks < share * networks and self.work < share * work

    def draw(self, measured: Sequence[tuple[float, Arm]]) -> tuple[Arm, ...]:
        """The recipes of the next round, none of them tried before.

        Parameters
        ----------
        measured
            By how much each arm of the study lost more than plain, and the arm; those that a recipe can say.
        """
        noise = np.random.default_rng(_seed_of(self.seed, self.rounds))
        pool = [*measured, (0.0, self.plain), *((self.worse[key], arm) for key, (arm, _) in self.tried.items())]
        pool = sorted(pool, key=lambda pair: pair[0])
        known = {arm.recipe.digest for _, arm in pool}
        found: dict[str, Recipe] = {}
        for recipe in self._proposals(pool, measured, noise):
            if recipe.digest not in known | found.keys() and comparable(recipe, self.plain.recipe):
                found |= {arm.recipe.digest: recipe for arm in self.fitting([Arm(SEARCH, recipe)])}
            if len(found) == ROUND:
                break
        self.rounds += 1
        return tuple(Arm(SEARCH, recipe) for recipe in found.values())

    def _proposals(
        self, pool: Sequence[tuple[float, Arm]], measured: Sequence[tuple[float, Arm]], noise: np.random.Generator
    ) -> Iterator[Recipe]:
        if self.rounds == 0:
            yield from merged(measured, self.plain.recipe)
        leaders = [arm.recipe for _, arm in pool[:PARENTS]]
        others = [arm.recipe for worse, arm in pool[: 4 * PARENTS] if worse < 0.0] or leaders
        for _ in range(50 * ROUND):
            parent = leaders[min(noise.geometric(0.5), len(leaders)) - 1]
            if noise.random() < 1 / 3:
                parent = crossed(parent, others[noise.integers(len(others))], noise)
                if noise.random() < 1 / 2:
                    yield parent
                    continue
            yield moved(parent, self.data, noise, turns=int(noise.choice([1, 2, 3], p=[0.5, 0.35, 0.15])))

    def leader(self, most: int) -> tuple[Arm, int] | None:
        """The leading recipe of the search and its repeats, where these are fewer than so many."""
        best = min(self.tried, key=lambda key: self.worse[key], default=None)
        return self.tried[best] if best is not None and self.tried[best][1] < most else None

    def note(self, arms: Sequence[Arm], repeats: int, results: ResultsOf, plain: ArmResults) -> None:
        """Take up what a batch has measured."""
        for arm in arms:
            key = arm.recipe.digest
            self.tried[key] = (arm, repeats)
            self.worse[key] = worse_than_plain(results(arm, repeats), plain)

    def end_round(self) -> None:
        """Count rounds that brought no new leader."""
        best = min(self.tried, key=lambda key: self.worse[key], default="")
        self._stale = 0 if best != self._leader else self._stale + 1
        self._leader = best

    def family(self, least: int) -> Family | None:
        """The recipes that have repeats enough to be recommended."""
        arms = tuple(arm for arm, repeats in self.tried.values() if repeats >= least)
        return Family(SEARCH, Question.OVERFITTING, arms, kind="search") if arms else None


def worse_than_plain(arm: ArmResults, plain: ArmResults) -> float:
    """Mean held-out loss less that of plain, on the same fits, in units of plain's; infinite where a fit diverged."""
    mine, other = held_losses(arm), held_losses(plain)[: arm.repeats]
    difference = float((mine - other).mean())
    return difference / float(other.mean()) if np.isfinite(difference) else float("inf")


def held_losses(arm: ArmResults) -> FloatArray:
    """(repeats, folds): mean loss of the first seed on all rows that it was not trained on."""
    stop, score = (arm.first_seed(name) for name in ("stop_loss", "score_loss"))
    sizes = [(member.split.stop.size, member.split.score.size) for member in arm.members[:: arm.arm.seeds]]
    share = np.array([a / (a + b) for a, b in sizes]).reshape(score.shape)
    return np.where(share > 0, share * stop, 0.0) + (1 - share) * score


def merged(measured: Sequence[tuple[float, Arm]], plain: Recipe) -> Iterator[Recipe]:
    """The best two, three … changes together, each deciding what no better one decided."""
    taken: set[str] = set()
    recipe, count, groups = plain, 0, groups_of(plain)
    for worse, arm in sorted(measured, key=lambda pair: pair[0]):
        change = arm.recipe.differences(plain)
        touched = {name for name, fields in groups.items() if set(fields) & set(change)}
        if worse >= 0.0:
            return
        if change and not taken & touched:
            recipe, count, taken = recipe.but(**change), count + 1, taken | touched
            if count in MERGES:
                yield recipe


def _seed_of(seed: int, count: int) -> int:
    digest = hashlib.blake2b(f"{seed}/search/{count}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")
