"""The Python door `whyfit.train`: a population of recipes, trained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from whyfit.doors.asked import Model, hold_trainable, network_asked
from whyfit.doors.train_arguments import cut_between, hold_arguments, within_budget
from whyfit.doors.trained import Refused, Trained
from whyfit.errors import ArgumentError, NetworkError, all_together
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import BlockId, Collect, Member
from whyfit.evidence.network import NetworkRef, Perceptron
from whyfit.evidence.outcome import Outcome
from whyfit.evidence.recipe import DEFAULT_NETWORK, Recipe
from whyfit.evidence.split import Split
from whyfit.study.crew import Crew
from whyfit.study.runner import one_thread_a_worker
from whyfit.study.store import Store
from whyfit.training.choose import FOR_CPU, ONLY_ONE, Choice
from whyfit.training.contract import Engine
from whyfit.training.device import CPU, device_for
from whyfit.training.trial import Trial

NOTHING_MORE = Collect()
_OF_DATA = ("network", "loss")


def train(
    recipes: Recipe | Iterable[Recipe] | None = None,
    data: Any = None,
    splits: Split | Iterable[Split] | None = None,
    seeds: int | Iterable[int] = 0,
    *,
    model: Model | None = None,
    collect: Collect = NOTHING_MORE,
    workers: int | None = None,
    device: str | None = None,
) -> Trained:
    """Train every recipe on every split with every seed.

    Parameters
    ----------
    recipes
        One, or several; None for the default recipe of the data's task.
    data
        A `Dataset`, or whatever `whyfit.checkup` takes; None for the bundled digits.
    splits
        One, or several, as `whyfit.splits` makes them; None for one hold-out of 70, 15 and 15 %.
    seeds
        One, or several.
    model
        The network of every recipe, as `whyfit.checkup` takes it: a function that returns a fresh `torch.nn.Module`,
        `FILE.py:FUNCTION`, or `cnn`. It keeps its own activations, norms, dropout and start where a recipe leaves
        these fields at their defaults. None: the networks that the recipes name.
    collect
        What each network leaves behind beside its curves: vitals, predictions, weights.
    workers
        How many train at the same time; None for the cores there are.
    device
        `cpu` or `cuda`; None: `cuda` for users' networks where torch sees one, else `cpu`.

    Returns
    -------
    One outcome each, recipes outermost, then splits, then seeds. `outcome.engine` and `outcome.why_engine` say what
    trained it and why, `outcomes.refused` why the other engines could not. After Ctrl-C the finished ones.
    `outcomes.export(folder, place)` writes one of the networks as a script of plain PyTorch with its weights.
    Predictions are of the score rows alone, and are kept for the first networks within `PREDICTIONS_BYTES`; the others
    have None, and `outcomes.without_predictions` counts them.

    Raises
    ------
    ArgumentError
        All problems of the arguments together.
    RecipeError, NetworkError
        All problems of all recipes and networks together, before anything is trained.

    Examples
    --------
    >>> import whyfit
    >>> outcomes = whyfit.train([whyfit.Recipe(epochs=3), whyfit.Recipe(epochs=3, dropout=0.5)], seeds=[0, 1])
    >>> [outcome.status for outcome in outcomes]
    ['done', 'done', 'done', 'done']
    """
    asked = hold_arguments(recipes, splits, seeds, collect, workers)
    dataset = _dataset(data)
    wanted = _recipes(asked.recipes, dataset, model)
    parts = _splits(asked.splits, dataset)
    blocks = list(product(enumerate(parts), asked.seeds))
    whole = [
        Member(recipe=recipe, split=split, seed=seed, block=BlockId(0, fold), collect=collect)
        for recipe in wanted
        for (fold, split), seed in blocks
    ]
    members = within_budget(whole, dataset)
    own = any(not isinstance(recipe.network, Perceptron) for recipe in wanted)
    where = device_for(device, torch_is_needed=own)
    with one_thread_a_worker(), ExitStack() as stack:
        crew = Crew.of(stack, dataset, workers, where)
        hold_trainable(wanted, crew, _problems(wanted, dataset))
        outcomes, refused = _trained(members, crew)
    again = partial(train_with_weights, dataset, where)
    return Trained.of(outcomes, members, dataset, again, refused=refused, cut=cut_between(whole, members))


def train_with_weights(data: Dataset, device: str, member: Member) -> Outcome:
    """One member, its weights kept and nothing else; a cancelled outcome after Ctrl-C."""
    with one_thread_a_worker(), ExitStack() as stack:
        bare = replace(member, collect=Collect(predictions=False, weights=True))
        return _trained([bare], Crew.of(stack, data, 1, device))[0][0]


def _trained(members: Sequence[Member], crew: Crew) -> tuple[tuple[Outcome, ...], tuple[Refused, ...]]:
    """Each group of members that one engine trains, then all outcomes in the order of the members; and what refused."""
    store = crew.stack.enter_context(Store(None))
    keys: list[str] = []
    groups, refused = by_engine(members, crew)
    for engine, group in groups:
        with crew.runner(engine, (member.recipe for member in group), store) as runner:
            runner.run(group)
            keys = runner.keys(members)
    return tuple(store.get(keys)), refused


def by_engine(members: Sequence[Member], crew: Crew) -> tuple[list[tuple[Engine, list[Member]]], tuple[Refused, ...]]:
    """The members that each engine trains, and the engines that refused: what only one can train needs no measurement.

    Raises
    ------
    NetworkError
        A user's network failed in the steps that it would take.
    """
    from whyfit.training.choose import engines_on  # noqa: PLC0415  # loads what trains

    candidates = engines_on(crew.device)
    alike: dict[tuple[NetworkRef | None, tuple[str, ...]], list[Member]] = {}
    for member in members:
        fitting = tuple(engine.name for engine in candidates if engine.fits(member))
        own = None if isinstance(member.recipe.network, Perceptron) else member.recipe.network
        alike.setdefault((own, fitting), []).append(member)
    groups: list[tuple[Engine, list[Member]]] = []
    refused: list[Refused] = []
    problems: list[str] = []
    for (_, fitting), group in alike.items():
        trial = _choice(crew, group, [engine for engine in candidates if engine.name in fitting])
        problems += trial.problems
        if trial.choice is not None:
            groups.append((trial.choice.engine, group))
            refused += _refused(group, candidates, crew.device, trial.choice)
    if problems:
        raise NetworkError(all_together(problems))
    return groups, tuple(refused)


def _refused(members: Sequence[Member], candidates: Sequence[Engine], device: str, choice: Choice) -> list[Refused]:
    """Engines that cannot train these members, each with the code of its first reason."""
    reasons: dict[str, str] = {}
    for engine, member in product(candidates, members):
        if engine.name not in reasons and (why := engine.fits(member).reason):
            reasons[engine.name] = why
    if device != CPU:
        reasons |= dict.fromkeys(FOR_CPU, "computes_on_a_cpu")
    return [Refused(name, why, len(members)) for name, why in (reasons | dict(choice.refused)).items()]


def _choice(crew: Crew, members: Sequence[Member], candidates: Sequence[Engine]) -> Trial:
    """The kernel where it fits, which needs no trial; else the fastest by measurement."""
    if candidates and candidates[0].name in FOR_CPU:
        candidates[0].prepare(lambda: None)
        return Trial(choice=Choice(candidates[0], ONLY_ONE, {}, {}))
    return crew.choose(members, candidates)


def _recipes(wanted: list[Recipe] | None, data: Dataset, model: Model | None) -> list[Recipe]:
    network = None if model is None else network_asked(model)
    plain = Recipe.for_data(data.task, network)
    if wanted is None:
        return [plain]
    if network is None:
        return wanted
    if any(recipe.network not in (DEFAULT_NETWORK, network) for recipe in wanted):
        advice = "Leave `model` out, or the network out of the recipes."
        raise ArgumentError("`model` and a recipe both name a network.", advice=advice)
    return [with_network(recipe, plain) for recipe in wanted]


def with_network(recipe: Recipe, plain: Recipe) -> Recipe:
    """A recipe for the network of the plain one, which decides by itself what the recipe leaves at its default.

    Examples
    --------
    >>> from whyfit.evidence.network import NetworkInProcess
    >>> plain = Recipe.for_data("classification", NetworkInProcess("mine"))
    >>> with_network(Recipe(dropout=0.5), plain).differences(plain)
    {'dropout': 0.5}
    """
    named = recipe.differences(Recipe())
    return plain.but(loss=recipe.loss, **{name: value for name, value in named.items() if name not in _OF_DATA})


def _problems(recipes: Sequence[Recipe], data: Dataset) -> list[str]:
    from whyfit.training.check import problems_of  # noqa: PLC0415  # loads the catalogues

    problems = [(i, problem) for i, recipe in enumerate(recipes) for problem in problems_of(recipe, data)]
    return [problem if len(recipes) == 1 else f"recipe {i}: {problem}" for i, problem in problems]


def _dataset(data: Any) -> Dataset:
    from whyfit.data.load import load  # noqa: PLC0415  # loads scikit-learn or polars

    return data if isinstance(data, Dataset) else load(data)


def _splits(chosen: list[Split] | None, data: Dataset) -> list[Split]:
    from whyfit.data.splits import holdout  # noqa: PLC0415  # loads scikit-learn

    if chosen is None:
        return [holdout(data)]
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
