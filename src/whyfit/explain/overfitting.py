"""Overfitting, made on purpose: a wide network on few noisy rows, and what six remedies gain on the same data sets."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from whyfit.evidence.explanation import Cell, Explanation, Heading, Part, Plot, Said, Table, line_of
from whyfit.evidence.question import Question
from whyfit.evidence.types import FloatArray
from whyfit.explain.asked import Asked, Value
from whyfit.explain.small_population import UNITS, Recipe, Trained, World, drawn_world, trained

TAKES: dict[str, Value] = {"rows": 20, "steps": 800, "seed": 0}
WORLDS = 30
"""Data sets drawn anew: what a remedy gains is their mean, and its interval is over them."""
STUDENT = 2.045
"""Student's t for 95 % and the 29 degrees of freedom of 30 data sets."""
NOISE = 0.3
FRESH = 100
"""Rows of each data set that no network sees."""
ENSEMBLE = 5
HELD_BACK = 5
"""Every fifth row is held back to stop by: early stopping pays for its rows."""
DECAY, DROPOUT, INPUT_NOISE = 0.3, 0.1, 0.1
"""One strength each, chosen once; `checkup` sweeps them and chooses inside each fit."""


def explain(asked: Asked) -> Explanation:
    """Watch the gap open; then try what closes it."""
    rows, steps = asked.whole("rows", 10, 200), asked.whole("steps", 60, 20_000)
    seed = asked.whole("seed", 0, 2**31)
    world = drawn_world(WORLDS, rows, FRESH, NOISE, seed)
    plain = trained(world, Recipe(), steps, seed)
    train, fresh = plain.train.mean(axis=1), plain.fresh.mean(axis=1)
    best = int(fresh.argmin())
    gap = {"train": float(train[-1]), "fresh": float(fresh[-1]), "onset": int(plain.steps[best])}
    curves = (line_of("train", plain.steps, train), line_of("fresh", plain.steps, fresh))
    columns = ("remedy", "error", "gain", "low", "high", "networks")
    parts: list[Part] = [
        Said("answer"),
        Said("problem", {"rows": rows, "units": UNITS, "worlds": WORLDS, "noise": NOISE**2}),
        Plot("curves", "step", "error", curves, log=True),
        Said("gap", {**gap, "best": float(fresh[best]), "noise": NOISE**2}),
        Heading("remedies"),
        Said("remedies", {"worlds": WORLDS}),
        Table("remedies", columns, _remedies(world, plain, steps, seed)),
        Said("reading"),
    ]
    return Explanation(Question.OVERFITTING, asked.plain(), tuple(parts))


def _remedies(world: World, plain: Trained, steps: int, seed: int) -> tuple[tuple[Cell, ...], ...]:
    """Each remedy against plain training on the same data sets: mean gain, and its t interval."""
    more = drawn_world(WORLDS, world.x.shape[1], 1, NOISE, seed + 1)
    doubled = World(np.hstack([world.x, more.x]), np.hstack([world.y, more.y]), world.fresh_x, world.fresh_y)
    arms: dict[str, Callable[[], FloatArray]] = {
        "more_data": lambda: trained(doubled, Recipe(), steps, seed).fresh[-1],
        "weight_decay": lambda: trained(world, Recipe(decay=DECAY), steps, seed).fresh[-1],
        "dropout": lambda: trained(world, Recipe(dropout=DROPOUT), steps, seed).fresh[-1],
        "early_stopping": lambda: _stopped(world, steps, seed),
        "augmentation": lambda: trained(world, Recipe(input_noise=INPUT_NOISE), steps, seed).fresh[-1],
        "ensemble": lambda: _ensemble(world, plain, steps, seed),
    }
    rows = sorted((_row(name, plain.fresh[-1], run()) for name, run in arms.items()), key=lambda row: -row[1])
    first: tuple[Cell, ...] = ("plain", float(plain.fresh[-1].mean()), None, None, None, 1)
    return (first, *((name, error, gain, low, high, nets) for name, gain, error, low, high, nets in rows))


def _row(name: str, base: FloatArray, errors: FloatArray) -> tuple[str, float, float, float, float, int]:
    """Name, gain, error, and the interval of the gain over the data sets."""
    gain = base - errors
    mean, half = float(gain.mean()), STUDENT * float(gain.std(ddof=1)) / WORLDS**0.5
    return name, mean, float(errors.mean()), mean - half, mean + half, ENSEMBLE if name == "ensemble" else 1


def _stopped(world: World, steps: int, seed: int) -> FloatArray:
    """Trained on four fifths; each network is taken where the last fifth was best."""
    held = np.arange(world.x.shape[1]) % HELD_BACK == 0
    x, y = world.x[:, ~held], world.y[:, ~held]
    by_held = trained(World(x, y, world.x[:, held], world.y[:, held]), Recipe(), steps, seed)
    scored = trained(World(x, y, world.fresh_x, world.fresh_y), Recipe(), steps, seed)
    best: FloatArray = scored.fresh[by_held.fresh.argmin(axis=0), np.arange(WORLDS)]
    return best


def _ensemble(world: World, plain: Trained, steps: int, seed: int) -> FloatArray:
    """The mean of networks that differ in their start alone."""
    others = [trained(world, Recipe(), steps, seed, start).predictions for start in range(1, ENSEMBLE)]
    error: FloatArray = ((np.mean([plain.predictions, *others], axis=0) - world.fresh_y) ** 2).mean(axis=1)
    return error
