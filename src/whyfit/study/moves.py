"""Small changes of a recipe, drawn at random: what the search for a better one tries next.

Each move turns one decision (the rate, the size, the penalty …) and leaves the rest; which of its values are tried is
what the remedies, the swaps and the race of a study try too. A user's own network keeps its layers: only what does not
touch them is moved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.types import FloatArray
from whyfit.study.augmentations import augmentation_changes
from whyfit.study.remedies import DECAY, DROPOUT, L1, L2, LONGER

Changes = dict[str, Any]
Move = Callable[[Recipe, Dataset, np.random.Generator], Changes]

WIDTHS, MOST_LAYERS = (8, 512), 4
"""Units a hidden layer, and hidden layers (chosen for tables of up to some thousand rows)."""
RATE_STEP = 0.5
"""Standard deviation of a step of the rate, in powers of ten: half the step of the race's grid."""
OPTIMIZERS = ("adam", "adamw", "nadam", "rmsprop", "momentum", "nesterov")
ACTIVATIONS = ("relu", "leaky_relu", "elu", "gelu", "tanh")
BATCHES = (8, 256)
MOST_EPOCHS = 300
"""Ten times the default."""
WARM_UP = 0.1


def groups_of(recipe: Recipe) -> dict[str, tuple[str, ...]]:
    """The decisions that can be moved, each with the fields of the recipe that hold it."""
    found: dict[str, tuple[str, ...]] = {
        "rate": ("optimizer", "settings", "learning_rate", "batch_size"),
        "length": ("epochs", "patience"),
        "schedule": ("schedule", "warmup"),
        "penalty": ("l1", "l2", "weight_decay"),
        "augmentation": ("augmentation", "augmentation_strength"),
        "clipping": ("clip_norm", "clip_value"),
    }
    if isinstance(recipe.network, Perceptron):
        found |= {"size": ("network",)}
        found |= {name: (name,) for name in ("activation", "batch_norm", "dropout", "initializer")}
    return found


def moved(recipe: Recipe, data: Dataset, noise: np.random.Generator, *, turns: int = 1) -> Recipe:
    """The recipe with so many of its decisions turned.

    Examples
    --------
    >>> from whyfit.data.digits import digits
    >>> other = moved(Recipe(), digits(), np.random.default_rng(0))
    >>> other != Recipe()
    True
    """
    moves = MOVES if isinstance(recipe.network, Perceptron) else {name: MOVES[name] for name in UNTOUCHING}
    for name in noise.choice(list(moves), size=turns, replace=False, p=_weights(tuple(moves))):
        recipe = recipe.but(**moves[str(name)](recipe, data, noise))
    return recipe


def crossed(recipe: Recipe, other: Recipe, noise: np.random.Generator) -> Recipe:
    """The recipe with the decisions in which another differs, each taken over with probability 1/2."""
    return recipe.but(
        **{
            field: getattr(other, field)
            for fields in groups_of(recipe).values()
            if noise.random() < 0.5  # a fair coin
            for field in fields
        }
    )


def _weights(names: Sequence[str]) -> FloatArray:
    """The rate, the size and the length are turned twice as often (chosen: they matter most on most data)."""
    weights = np.array([2.0 if name in ("rate", "size", "length") else 1.0 for name in names])
    shares: FloatArray = weights / weights.sum()
    return shares


def _rate(recipe: Recipe, _: Dataset, noise: np.random.Generator) -> Changes:
    """Another rate within what the catalogue calls sensible."""
    from whyfit.rules.optimizers import optimizers  # noqa: PLC0415  # compiled code, only where something is trained

    low, high = optimizers[recipe.optimizer].rates
    rate = recipe.learning_rate * 10 ** (RATE_STEP * noise.normal())
    return {"learning_rate": _short(float(np.clip(rate, low, high)))}


def _optimizer(recipe: Recipe, _: Dataset, noise: np.random.Generator) -> Changes:
    """Another optimiser, at the same place within its sensible range of rates."""
    from whyfit.rules.optimizers import optimizers  # noqa: PLC0415

    name = _other(OPTIMIZERS, recipe.optimizer, noise)
    before, after = (np.log10(optimizers[one].rates) for one in (recipe.optimizer, name))
    place = (np.log10(recipe.learning_rate) - before[0]) / (before[1] - before[0])
    rate = 10 ** (after[0] + np.clip(place, 0.0, 1.0) * (after[1] - after[0]))
    return {"optimizer": name, "settings": (), "learning_rate": _short(float(rate))}


def _batch(recipe: Recipe, data: Dataset, noise: np.random.Generator) -> Changes:
    """Twice or half the batch, the rate by its root."""
    size, factor = recipe.batch_size or data.rows, noise.choice([0.5, 2.0])
    new = int(np.clip(round(size * factor), *BATCHES))
    return {"batch_size": new, "learning_rate": _short(recipe.learning_rate * float(np.sqrt(new / size)))}


def _size(recipe: Recipe, _: Dataset, noise: np.random.Generator) -> Changes:
    """Twice or half the units, one layer more or less."""
    assert isinstance(recipe.network, Perceptron)
    hidden, turn = recipe.network.hidden, noise.integers(4)
    if not hidden:
        hidden = (int(noise.choice([16, 64])),)
    elif turn == 0 and len(hidden) < MOST_LAYERS:
        hidden = (*hidden, hidden[-1])
    elif turn == 1 and len(hidden) > 1:
        hidden = hidden[:-1]
    else:
        factor = noise.choice([0.5, 2.0])
        hidden = tuple(int(np.clip(round(units * factor), *WIDTHS)) for units in hidden)
    return {"network": Perceptron(hidden, recipe.network.embedding)}


def _length(recipe: Recipe, _: Dataset, noise: np.random.Generator) -> Changes:
    """Longer or shorter, and so the patience."""
    factor = noise.choice([LONGER, 1 / LONGER])
    epochs = int(np.clip(round(recipe.epochs * factor), 5, MOST_EPOCHS))
    patience = None if recipe.patience is None else max(3, round(recipe.patience * factor))
    return {"epochs": epochs, "patience": patience}


def _schedule(recipe: Recipe, _: Dataset, __: np.random.Generator) -> Changes:
    if recipe.schedule == "constant":
        return {"schedule": "cosine", "warmup": WARM_UP}
    return {"schedule": "constant", "warmup": 0.0}


def _penalty(_: Recipe, __: Dataset, noise: np.random.Generator) -> Changes:
    none = {"l1": 0.0, "l2": 0.0, "weight_decay": 0.0}
    kind, strengths = (("none", (0.0,)), ("l1", L1), ("l2", L2), ("weight_decay", DECAY))[noise.integers(4)]
    return none if kind == "none" else none | {kind: float(noise.choice(strengths))}


def _augmentation(recipe: Recipe, data: Dataset, noise: np.random.Generator) -> Changes:
    every = [change for _, change in augmentation_changes(data, recipe)]
    every.append({"augmentation": "none", "augmentation_strength": 0.0})
    return every[noise.integers(len(every))]


def _activation(recipe: Recipe, _: Dataset, noise: np.random.Generator) -> Changes:
    return {"activation": _other(ACTIVATIONS, recipe.activation, noise)}


def _norm(recipe: Recipe, _: Dataset, noise: np.random.Generator) -> Changes:
    return {"batch_norm": _other(("none", "before", "after"), recipe.batch_norm, noise)}


def _dropout(recipe: Recipe, _: Dataset, noise: np.random.Generator) -> Changes:
    return {"dropout": float(noise.choice([rate for rate in (0.0, *DROPOUT) if rate != recipe.dropout]))}


def _other(names: Sequence[str], now: str, noise: np.random.Generator) -> str:
    return str(noise.choice([name for name in names if name != now]))


def _short(rate: float) -> float:
    return float(f"{rate:.2g}")


MOVES: dict[str, Move] = {
    "rate": _rate,
    "optimizer": _optimizer,
    "batch": _batch,
    "size": _size,
    "length": _length,
    "schedule": _schedule,
    "penalty": _penalty,
    "augmentation": _augmentation,
    "activation": _activation,
    "norm": _norm,
    "dropout": _dropout,
}
UNTOUCHING = ("rate", "optimizer", "batch", "length", "schedule", "penalty", "augmentation")
"""Moves that do not touch the layers of a network."""
