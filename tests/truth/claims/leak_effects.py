"""What networks measure of leaks that one makes by hand, and copies that cannot be told from chance repeats.

Choosing columns by the target before the split, among columns of noise, pretends; where a few columns carry everything
they are chosen either way, and nothing is claimed. Scaling and filling are said with their interval whatever it holds.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from sklearn.model_selection import KFold

from truth.evidence import Result, at_least, at_most
from truth.runner import Claim
from whyfit import checkup

SEEDS = 20
BUDGET = "60n"
"""Networks of a study: twenty for each way of preparing, and what is left for the score."""

MOST_FALSE = 1
"""Healthy twins of 20 in which choosing is said to flatter: an interval of 95 % gives 0.5, more than two once in 70."""


def chosen_before(noise: np.random.Generator) -> dict[str, Any]:
    """A coin beside 400 columns of noise. Of 100 rows and 300 columns the interval shows it in 19 of 20."""
    return {f"c{i}": noise.normal(size=160) for i in range(400)} | {"y": noise.integers(0, 2, 160)}


def chosen_either_way(noise: np.random.Generator) -> dict[str, Any]:
    """Ten columns that each tell the class, beside ten of noise."""
    target = noise.integers(0, 2, 100)
    telling = {f"s{i}": 2 * target + noise.normal(size=100) for i in range(10)}
    return {**telling, **{f"c{i}": noise.normal(size=100) for i in range(10)}, "y": target}


def filled(noise: np.random.Generator) -> dict[str, Any]:
    """Five columns with a fifth of their values missing."""
    values = noise.normal(size=(200, 5))
    target = values.sum(axis=1) + noise.normal(size=200)
    values[noise.random(values.shape) < 0.2] = np.nan
    return {f"c{i}": values[:, i] for i in range(5)} | {"y": target}


def repeats(noise: np.random.Generator) -> dict[str, Any]:
    """600 rows of four columns of five levels: of 180,000 pairs about 300 are equal by chance."""
    levels = noise.integers(0, 5, size=(600, 4))
    target = (levels[:, 0] + noise.normal(size=600) > 2).astype(int)
    return {f"c{i}": [f"l{one}" for one in levels[:, i]] for i in range(4)} | {"y": target}


def copies_among_repeats(noise: np.random.Generator) -> dict[str, Any]:
    """The same, and ten rows are copies of others."""
    source = {name: np.asarray(values) for name, values in repeats(noise).items()}
    to, of = noise.choice(600, 10, replace=False), noise.choice(600, 10)
    for values in source.values():
        values[to] = values[of]
    return source


MADE: dict[str, Callable[[np.random.Generator], dict[str, Any]]] = {
    "columns chosen before the split": chosen_before,
    "columns chosen either way": chosen_either_way,
    "values filled before the split": filled,
    "copies among chance repeats": copies_among_repeats,
    "chance repeats": repeats,
}


def run(label: str, index: int) -> dict[str, Any]:
    """One study: what is said of preparing and of copies, with its numbers.

    Folds that are given leave no remedy to be measured, so that few networks reach the contrasts.
    """
    cv = None if "repeats" in label else KFold(5)
    report = checkup(MADE[label](np.random.default_rng([7, index])), target="y", budget=BUDGET, seed=index, cv=cv)
    said = {one.code: one for one in report.findings if one.question == "splits"}
    codes = ("scaled_inside", "imputed_inside", "selected_inside", "copies_by_chance", "copies", "copies_kept")
    return {
        code: {"severity": str(said[f"splits.{code}"].severity), **_plain(said[f"splits.{code}"].numbers)}
        for code in codes
        if f"splits.{code}" in said
    }


def _plain(numbers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in numbers.items() if isinstance(value, int | float)}


def sum_up(values: dict[str, list[dict[str, Any]]]) -> Result:
    """How often each was said."""

    def count(label: str, holds: Callable[[dict[str, Any]], bool]) -> int:
        return sum(holds(one) for one in values[label])

    def flatters(one: dict[str, Any]) -> bool:
        return "less_error" in one.get("selected_inside", {})

    def measured(code: str) -> Callable[[dict[str, Any]], bool]:
        return lambda one: {"low", "high", "networks"} <= one.get(code, {}).keys()

    def noted(one: dict[str, Any]) -> bool:
        note = one.get("copies_by_chance", {})
        both = {"score_with", "score_without"} <= note.keys()
        return both and note["severity"] == "note" and not {"copies", "copies_kept"} & one.keys()

    before, either, gaps, copied, plain = MADE
    rules = (
        at_least(f"{before}: said to flatter, of {SEEDS}", count(before, flatters), SEEDS),
        at_most(f"{either}: said to flatter, of {SEEDS}", count(either, flatters), MOST_FALSE),
        at_least(f"{gaps}: measured with an interval, of {SEEDS}", count(gaps, measured("imputed_inside")), SEEDS),
        at_least(f"scaling: measured with an interval, of {SEEDS}", count(gaps, measured("scaled_inside")), SEEDS),
        at_least(f"{copied}: a note with the score with and without, of {SEEDS}", count(copied, noted), SEEDS),
        at_least(f"{plain}: the same note and no warning, of {SEEDS}", count(plain, noted), SEEDS),
    )
    pretended = [one["selected_inside"]["less_error"] for one in values[before] if flatters(one)]
    return Result(rules, {"pretended_by_choosing": float(np.mean(pretended)) if pretended else None})


CLAIMS = (
    Claim(
        name="leak_effects",
        states="What preparing before the split pretends is measured; copies among chance repeats are a note.",
        files=(
            "tests/truth/claims/leak_effects.py",
            *(f"src/whyfit/data/{name}.py" for name in ("contrasts", "prepared", "copies", "chance_copies", "facts")),
            "src/whyfit/study/contrast.py",
            *(f"src/whyfit/exams/{name}.py" for name in ("splits", "split_leaks")),
        ),
        chunks=dict.fromkeys(MADE, SEEDS),
        run=run,
        sum_up=sum_up,
        settings={"rows": "100 to 600", "budget": BUDGET},
    ),
)
