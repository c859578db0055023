"""Optimisers: how the rules grew out of each other, one of them step by step, and all of them on one surface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from whyfit.evidence.explanation import Check, Explanation, Formula, Heading, Part, Plot, Said, Table, line_of
from whyfit.evidence.question import Question
from whyfit.evidence.types import FloatArray
from whyfit.explain.asked import Asked, Value
from whyfit.explain.autograd import has_torch
from whyfit.explain.optimizer_oracle import torch_path
from whyfit.rules.optimizers import optimizers
from whyfit.rules.optimizers.surfaces import SURFACES, Surface, angles
from whyfit.rules.optimizers.walk import walk

TAKES: dict[str, Value] = {"optimizer": "adam", "surface": "valley", "rate": None, "steps": 8}
WALKERS = tuple(name for name, entry in optimizers.items() if entry.works_on == "numbers")
RACERS = ("sgd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "nadam")
"""The classical ones, each at its own best rate."""
RATES_TRIED = 9
"""Of each rule, on a logarithmic grid over its sensible rates."""
LONGEST = 200
"""Steps of the race: plain descent needs about 25·ln(1/near)/2, some ninety."""
NEAR = 1e-3
"""Of the height at the start: who is that low has arrived."""
NOISY_RATE, NOISY_STEPS = 0.02, 200
"""A tenth of it for momentum of 0.9, which sums ten gradients: all of them go equally far."""
DECAY = 0.1
"""Chosen large, so that 400 steps show it."""
PATH_TOLERANCE = 1e-10
"""Relative, after some tens of steps in float64: the last bits of square roots and powers differ."""


def explain(asked: Asked) -> Explanation:
    """The family, one rule's steps, the race."""
    entry = optimizers[asked.choice("optimizer", WALKERS)]
    surface, steps = SURFACES[asked.choice("surface", SURFACES)], asked.whole("steps", 1, 200)
    race = {name: _best(name, surface) for name in dict.fromkeys((*RACERS, entry.name))}
    rate = race[entry.name][0] if asked.values["rate"] is None else asked.number("rate", 1e-8, 100.0)
    parts: list[Part] = [Said("answer"), Heading("family"), _family(), Heading("rule", {"rule": entry.title})]
    parts += [Formula(entry.formula), Said("paper", {"paper": entry.paper})]
    parts += _steps(entry.name, surface, rate, steps)
    parts += [Heading("race", {"surface": surface.name}), *_race(surface, race)]
    parts += [Heading("angles"), *_angles(), Heading("decay"), *_decay()]
    return Explanation(Question.OPTIMIZERS, asked.plain(), tuple(parts))


def _family() -> Table:
    """The tree, each rule below the first it grew out of."""
    rows = [
        (
            f"{'· ' * depth}{entry.title}",
            " + ".join(optimizers[one].title for one in entry.grew_from),
            entry.slots,
            f"added_{entry.name}",
        )
        for depth, entry in ((depth, optimizers[name]) for name, depth in _tree("sgd", 0))
    ]
    return Table("family", ("rule", "grew_from", "memory", "added"), tuple(rows))


def _tree(root: str, depth: int) -> Iterator[tuple[str, int]]:
    yield root, depth
    for name, entry in optimizers.items():
        if entry.grew_from[:1] == (root,):
            yield from _tree(name, depth + 1)


def _steps(name: str, surface: Surface, rate: float, steps: int) -> list[Part]:
    path = walk(name, surface.gradient, surface.start, steps=steps, rate=rate)
    slopes = surface.gradient(path)
    rows = tuple(
        (t, *map(float, (*path[t], *slopes[t], surface.value(path[t])))) for t in range(min(steps, len(path) - 1) + 1)
    )
    parts: list[Part] = [
        Said("steps", {"rate": rate, "surface": surface.name, "steps": steps}),
        Formula(f"L(x, y) = {surface.formula}"),
        Table("steps", ("step", "x", "y", "slope_x", "slope_y", "height"), rows),
    ]
    if has_torch():
        theirs = torch_path(name, surface, rate, steps)
        if theirs is not None:
            apart = float(np.abs(path - theirs).max() / max(1.0, float(np.abs(theirs).max())))
            parts.append(Check("torch", apart, PATH_TOLERANCE, {"steps": steps}))
    return parts


def _race(surface: Surface, race: Mapping[str, tuple[float, FloatArray]]) -> list[Part]:
    rows, lines = [], []
    for name in RACERS:
        rate, path = race[name]
        heights = _heights(surface, path)
        arrived = np.flatnonzero(heights <= NEAR * heights[0])
        rows.append((name, rate, int(arrived[0]) if arrived.size else None))
        lines.append(line_of(name, np.arange(101), np.maximum(heights[:101], NEAR**2 * heights[0])))
    drawn = tuple(line for line in lines if line.name in ("sgd", "momentum", "rmsprop", "adam"))
    return [
        Said("race", {"rates": RATES_TRIED, "steps": LONGEST, "near": NEAR}),
        Table("race", ("rule_name", "best_rate", "arrived"), tuple(rows)),
        Plot("race", "step", "height_above", drawn, log=True),
        Said("race_reading"),
    ]


def _best(name: str, surface: Surface) -> tuple[float, FloatArray]:
    """The rate that arrives first; where none does, the one that ends lowest."""
    low, high = optimizers[name].rates
    walks = []
    for rate in np.geomspace(low, high, RATES_TRIED):
        path = walk(name, surface.gradient, surface.start, steps=LONGEST, rate=float(rate))
        heights = _heights(surface, path)
        arrived = np.flatnonzero(heights <= NEAR * heights[0])
        last = heights[-1] if np.isfinite(heights[-1]) else np.inf
        walks.append(((int(arrived[0]) if arrived.size else LONGEST + 1, float(last)), float(rate), path))
    _, rate, path = min(walks, key=lambda one: one[0])
    return rate, path


def _heights(surface: Surface, path: FloatArray) -> FloatArray:
    with np.errstate(over="ignore", invalid="ignore"):
        heights: FloatArray = surface.value(path) - _lowest(surface)
    return np.where(np.isfinite(heights), heights, np.inf)


def _lowest(surface: Surface) -> float:
    """The saddle's two minima lie at y = ±2."""
    at = surface.minimum if surface.minimum is not None else (0.0, 2.0)
    return float(surface.value(np.array(at)))


def _angles() -> list[Part]:
    """Momentum's smoothing: how far each update turns from the one before, under the noise of a mini-batch."""
    rows = []
    for name, rate in (("sgd", NOISY_RATE), ("momentum", NOISY_RATE / 10), ("nesterov", NOISY_RATE / 10)):
        turned = angles(walk(name, _Noisy(), SURFACES["valley"].start, steps=NOISY_STEPS, rate=rate))
        rows.append((name, float(np.nanmean(turned)), float(np.nanmean(turned > 90.0))))
    return [Said("angles", {"steps": NOISY_STEPS}), Table("angles", ("rule_name", "angle", "turned_back"), tuple(rows))]


def _decay() -> list[Part]:
    """Two weights that start alike; one has gradients a hundred times the other's, both of mean zero."""
    ways = (("adam_l2", DECAY, 0.0), ("adamw", 0.0, DECAY))
    paths = [
        walk(name, _Turning(), [1.0, 1.0], steps=400, rate=0.01, l2=l2, weight_decay=decoupled)
        for name, l2, decoupled in ways
    ]
    rows = tuple((ways[k][0], float(path[-1, 0]), float(path[-1, 1])) for k, path in enumerate(paths))
    return [Said("decay", {"decay": DECAY}), Table("decay", ("rule_name", "small_gradient", "large_gradient"), rows)]


class _Noisy:
    """The valley's gradient with noise as large as itself at the start: the same noise for every rule."""

    def __init__(self) -> None:
        self.noise = np.random.default_rng(0)

    def __call__(self, w: FloatArray) -> FloatArray:
        gradient: FloatArray = SURFACES["valley"].gradient(w) + 10.0 * self.noise.standard_normal(2)
        return gradient


class _Turning:
    """Gradients of alternating sign, whatever the weights are: 0.1 for the first, 10 for the second."""

    def __init__(self) -> None:
        self.sign = 1.0

    def __call__(self, _: FloatArray) -> FloatArray:
        self.sign = -self.sign
        return self.sign * np.array([0.1, 10.0])
