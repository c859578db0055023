"""The Python door `whyfit.train`: a population of recipes, trained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from itertools import product
from typing import Any

import numpy as np

from whyfit.errors import ArgumentError, RecipeError, all_together
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import BlockId, Collect, Member
from whyfit.evidence.outcome import Outcome
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.split import Split
from whyfit.study.crew import runner_for
from whyfit.study.runner import one_thread_a_worker
from whyfit.study.store import Store
from whyfit.training.contract import Engine

NOTHING_MORE = Collect()


def train(
    recipes: Recipe | Iterable[Recipe],
    data: Any = None,
    splits: Split | Iterable[Split] | None = None,
    seeds: int | Iterable[int] = 0,
    *,
    collect: Collect = NOTHING_MORE,
    workers: int | None = None,
) -> tuple[Outcome, ...]:
    """Train every recipe on every split with every seed.

    Parameters
    ----------
    recipes
        One, or several.
    data
        A `Dataset`, or whatever `whyfit.checkup` takes; None for the bundled digits.
    splits
        One, or several, as `whyfit.splits` makes them; None for one hold-out of 70, 15 and 15 %.
    seeds
        One, or several.
    collect
        What each network leaves behind beside its curves: vitals, predictions, weights.
    workers
        How many train at the same time; None for the cores there are.

    Returns
    -------
    One outcome each, recipes outermost, then splits, then seeds. `outcome.engine` and `outcome.why_engine` say what
    trained it and why. After Ctrl-C the finished ones.

    Raises
    ------
    RecipeError
        All problems of all recipes together, before anything is trained.

    Examples
    --------
    >>> import whyfit
    >>> outcomes = whyfit.train([whyfit.Recipe(epochs=3), whyfit.Recipe(epochs=3, dropout=0.5)], seeds=[0, 1])
    >>> [outcome.status for outcome in outcomes]
    ['done', 'done', 'done', 'done']
    """
    if workers is not None and workers < 1:
        raise ArgumentError(f"`workers` must be at least 1, got {workers}.", advice="Leave it out for all cores.")
    dataset = _dataset(data)
    wanted = [recipes] if isinstance(recipes, Recipe) else list(recipes)
    _check(wanted, dataset)
    parts = _splits(splits, dataset)
    numbers = [seeds] if isinstance(seeds, int | np.integer) else list(seeds)
    numbers = [int(seed) for seed in numbers]
    blocks = list(product(enumerate(parts), numbers))
    members = [
        Member(recipe=recipe, split=split, seed=seed, block=BlockId(0, fold), collect=collect)
        for recipe in wanted
        for (fold, split), seed in blocks
    ]
    with one_thread_a_worker():
        return _trained(members, dataset, workers)


def _trained(members: Sequence[Member], data: Dataset, workers: int | None) -> tuple[Outcome, ...]:
    """Each group of members that one engine trains, then all outcomes in the order of the members."""
    with Store(None) as store:
        keys: list[str] = []
        for engine, group in _by_engine(members, data):
            with ExitStack() as stack:
                runner = runner_for(stack, engine, (member.recipe for member in group), data, store, workers)
                runner.run(group)
                keys = runner.keys(members)
        return tuple(store.get(keys))


def _by_engine(members: Sequence[Member], data: Dataset) -> list[tuple[Engine, list[Member]]]:
    from whyfit.training.engines import engine_for  # noqa: PLC0415  # loads what trains

    chosen = {recipe: engine_for(recipe, data, lambda: None) for recipe in {member.recipe for member in members}}
    groups: dict[str, tuple[Engine, list[Member]]] = {}
    for member in members:
        engine = chosen[member.recipe]
        groups.setdefault(engine.name, (engine, []))[1].append(member)
    return list(groups.values())


def _dataset(data: Any) -> Dataset:
    from whyfit.data.load import load  # noqa: PLC0415  # loads scikit-learn or polars

    return data if isinstance(data, Dataset) else load(data)


def _splits(splits: Split | Iterable[Split] | None, data: Dataset) -> list[Split]:
    from whyfit.data.splits import holdout  # noqa: PLC0415  # loads scikit-learn

    if splits is None:
        return [holdout(data)]
    chosen = [splits] if isinstance(splits, Split) else list(splits)
    for number, split in enumerate(chosen):
        _check_rows(split, data, number)
    return chosen


def _check_rows(split: Split, data: Dataset, number: int) -> None:
    """Rows that do not exist would be read from wherever memory holds something."""
    rows = np.concatenate([split.train, split.stop, split.score])
    if split.train.size == 0 or rows.min() < 0 or rows.max() >= data.rows:
        raise ArgumentError(
            f"split {number} must train on at least one row and name rows from 0 to {data.rows - 1}, got {split}"
            f" with rows from {rows.min() if rows.size else '-'} to {rows.max() if rows.size else '-'}.",
            advice="Make splits of this very data, such as with `whyfit.splits.kfold`.",
        )


def _check(recipes: Sequence[Recipe], data: Dataset) -> None:
    from whyfit.training.check import problems_of  # noqa: PLC0415  # loads the catalogues

    problems = [(i, problem) for i, recipe in enumerate(recipes) for problem in problems_of(recipe, data)]
    if problems:
        alone = len(recipes) == 1
        said = [problem if alone else f"recipe {i}: {problem}" for i, problem in problems]
        raise RecipeError(all_together(said), advice="Nothing was trained.")
