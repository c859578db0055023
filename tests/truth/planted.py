"""Problems with a planted reason for their error, each beside a healthy twin that has all but the reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from truth.worlds import World
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.network import Perceptron
from whyfit.evidence.question import Question
from whyfit.evidence.recipe import Recipe
from whyfit.study.plan import PLAIN, PLAIN_SEEDS, Arm, Family
from whyfit.study.remedies import families

SIMPLER = ("l2", "l1", "l1_l2", "weight_decay", "smaller_network", "dropout", "ensemble", "more_data")
RICHER = ("larger_network", "longer_training")
PENALTIES = ("l2", "l1", "l1_l2", "weight_decay", "smaller_network", "dropout")
"""Without more rows, which help everywhere, and ensembles: the mean of two answers never errs more than they do on
average, where the loss is convex."""
FLIP = "flip"
"""A family of its own beside the planner's: the flip alone."""

SIDE = 12
"""Pixels of an image's side."""

Rows = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One problem.

    Attributes
    ----------
    draw
        (noise, rows) to inputs and targets: any number of rows of the same population.
    rows
        Of a study.
    recipe
        The plain one.
    helps, hurts
        Of these at least one is to be called so.
    never
        None of these is to be called helpful.
    flips
        Whether somebody declared, rightly or wrongly, that a flip keeps the class.
    """

    draw: Callable[[np.random.Generator, int], Rows]
    rows: int
    recipe: Recipe
    helps: tuple[str, ...] = ()
    hurts: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    flips: bool = False

    @property
    def plain(self) -> Arm:
        """The arm that all are measured against."""
        return Arm(PLAIN, self.recipe, seeds=PLAIN_SEEDS)

    def families(self, data: Dataset) -> tuple[Family, ...]:
        """What the planner measures against overfitting; where a flip is declared, the flip alone beside it."""
        if not self.flips:
            return families(data, self.recipe)
        alone = Arm(FLIP, self.recipe.but(augmentation=FLIP, augmentation_strength=0.5))
        return (*families(data, self.recipe, (FLIP,)), Family(FLIP, Question.OVERFITTING, (alone,)))


def _recipe(task: str, hidden: tuple[int, ...], **changes: Any) -> Recipe:
    """All epochs to the end, so that the reason for an error is the one that was planted."""
    fixed = {"patience": None, "learning_rate": 0.01}
    return Recipe.for_data(
        "regression" if task == "regression" else "classification", Perceptron(hidden), **(fixed | changes)
    )


def _one_of_twenty(noise: np.random.Generator, rows: int) -> Rows:
    """One input of twenty matters."""
    x = noise.normal(size=(rows, 20))
    return x, x[:, 0] + 0.5 * noise.normal(size=rows)


def _the_one(noise: np.random.Generator, rows: int) -> Rows:
    """That input alone."""
    x, target = _one_of_twenty(noise, rows)
    return x[:, :1], target


def _half_plane(noise: np.random.Generator, rows: int, wrong: float) -> Rows:
    """A straight boundary; a share of the labels is turned over."""
    x = noise.normal(size=(rows, 5))
    target = (x[:, 0] + x[:, 1] > 0) ^ (noise.random(rows) < wrong)
    return x, target.astype(int)


def _wave(noise: np.random.Generator, rows: int, *, often: float = 3.0, blur: float = 0.05) -> Rows:
    """A wave, so many radians a unit, under so much noise."""
    x = noise.uniform(-2.0, 2.0, size=(rows, 1))
    return x, np.sin(often * x[:, 0]) + blur * noise.normal(size=rows)


def _parabola(noise: np.random.Generator, rows: int) -> Rows:
    x = noise.normal(size=(rows, 1))
    return x, x[:, 0] ** 2 + 0.1 * noise.normal(size=rows)


def _line(noise: np.random.Generator, rows: int) -> Rows:
    x = noise.normal(size=(rows, 1))
    return x, 1.4 * x[:, 0] + 0.1 * noise.normal(size=rows)


def _rare_class(noise: np.random.Generator, rows: int) -> Rows:
    """One row of ten is of a class that lies among the other's: at most places that one has more rows."""
    rare = noise.random(rows) < 0.1
    x = noise.normal(size=(rows, 2))
    x[rare] = 1.2 + 0.8 * x[rare]
    return x, rare.astype(int)


def _rare_coins(noise: np.random.Generator, rows: int) -> Rows:
    """One row of ten is of a class that the inputs know nothing of."""
    return noise.normal(size=(rows, 2)), (noise.random(rows) < 0.1).astype(int)


T = np.array([[1, 1, 1, 1, 1], [0, 0, 1, 0, 0], [0, 0, 1, 0, 0], [0, 0, 1, 0, 0], [0, 0, 1, 0, 0]], dtype=float)
L = np.array([[1, 0, 0, 0, 0], [1, 0, 0, 0, 0], [1, 0, 0, 0, 0], [1, 0, 0, 0, 0], [1, 1, 1, 1, 1]], dtype=float)
SQUARE = np.array([[1, 1, 1, 1, 1], [1, 0, 0, 0, 1], [1, 0, 0, 0, 1], [1, 0, 0, 0, 1], [1, 1, 1, 1, 1]], dtype=float)


def _glyphs(noise: np.random.Generator, rows: int, *, kinds: Sequence[np.ndarray], reach: int) -> Rows:
    """Glyphs on a noisy ground, up to so many pixels off the middle."""
    target = noise.integers(0, len(kinds), size=rows)
    x = 0.3 * noise.normal(size=(rows, SIDE, SIDE))
    size = kinds[0].shape[0]
    places = (SIDE - size) // 2 + noise.integers(-reach, reach + 1, size=(rows, 2))
    for row, (kind, (i, j)) in enumerate(zip(target, places, strict=True)):
        x[row, i : i + size, j : j + size] += kinds[kind]
    return x, target


def _surface(noise: np.random.Generator, rows: int) -> Rows:
    return World("regression").draw(rows, noise)


WIDE = _recipe("regression", (64,), epochs=60)
WIDE_CLASSES = _recipe("classification", (64,), epochs=60)
LINE = _recipe("regression", (), epochs=60, learning_rate=0.05)
OF_IMAGES = _recipe("classification", (32,), epochs=15)
SHORT = _recipe("classification", (16,), epochs=3)

CASES = {
    "few rows": Case(draw=_one_of_twenty, rows=80, recipe=WIDE, helps=SIMPLER, never=RICHER),
    "few rows, twin": Case(
        draw=_the_one,
        rows=80,
        recipe=LINE,
        never=(*PENALTIES, *RICHER),
    ),
    "wrong labels": Case(
        draw=partial(_half_plane, wrong=0.25), rows=1000, recipe=WIDE_CLASSES, helps=SIMPLER, never=RICHER
    ),
    "wrong labels, twin": Case(
        draw=partial(_half_plane, wrong=0.25),
        rows=1000,
        recipe=_recipe("classification", (), epochs=20),
        never=(*PENALTIES, *RICHER),
    ),
    "large data": Case(
        draw=_surface,
        rows=4000,
        recipe=_recipe("regression", (8,), epochs=5),
        helps=RICHER,
        never=("smaller_network", "dropout"),
    ),
    "large data, twin": Case(
        draw=_surface,
        rows=4000,
        recipe=_recipe("regression", (64,), epochs=20, batch_size=64),
        never=("larger_network",),
    ),
    "wiggles": Case(draw=_wave, rows=600, recipe=_recipe("regression", (3,), epochs=15), helps=RICHER, never=PENALTIES),
    "wiggles, twin": Case(
        draw=partial(_wave, often=0.5, blur=0.3), rows=600, recipe=_recipe("regression", (3,), epochs=60), never=RICHER
    ),
    "wrong assumption": Case(
        draw=_parabola,
        rows=300,
        recipe=LINE,
        helps=("larger_network",),
        never=("l2", "l1", "l1_l2", "weight_decay"),
    ),
    "wrong assumption, twin": Case(draw=_line, rows=300, recipe=LINE, never=("larger_network",)),
    "unequal classes": Case(  # the error rate alone gives the rare class up
        draw=_rare_class, rows=400, recipe=SHORT, helps=("class_weights",), never=("smaller_network", "dropout")
    ),
    "unequal classes, twin": Case(draw=_rare_coins, rows=400, recipe=SHORT, never=("class_weights",)),
    "glyphs anywhere": Case(  # of 250 rows the gain is under four standard errors
        draw=partial(_glyphs, kinds=(T, L, SQUARE), reach=3), rows=600, recipe=OF_IMAGES, helps=("augmentation",)
    ),
    "glyphs anywhere, twin": Case(
        draw=partial(_glyphs, kinds=(T, L, SQUARE), reach=0), rows=600, recipe=OF_IMAGES, never=("augmentation",)
    ),
    "a flip changes the class": Case(
        draw=partial(_glyphs, kinds=(L, L[:, ::-1]), reach=3), rows=600, recipe=OF_IMAGES, hurts=(FLIP,), flips=True
    ),
    "a flip changes the class, twin": Case(
        draw=partial(_glyphs, kinds=(T, T[::-1]), reach=3), rows=600, recipe=OF_IMAGES, helps=(FLIP,), flips=True
    ),
}
"""Each case, and its twin."""
