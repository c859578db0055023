"""Real networks for the long evidence: perceptrons trained by the kernel, one member at a time."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from truth.studies import FOLDS
from whyfit.evidence.dataset import Column, Dataset
from whyfit.evidence.member import BlockId, Collect, Member
from whyfit.evidence.network import Perceptron
from whyfit.evidence.outcome import Outcome
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.split import Split
from whyfit.training.contract import CancelFlag, Context, Shard
from whyfit.training.engines.kernel import KernelEngine

UNITS = 32
RATE, BATCH, EPOCHS = 0.01, 32, 30
DESCRIPTION = f"{UNITS} ReLU units, Adam at {RATE}, batch {BATCH}, {EPOCHS} epochs to the end; kernel, float32"


def recipe_for(task: str, **changes: object) -> Recipe:
    """One hidden layer of 32 ReLU units, Adam, 30 epochs to the end (no early stopping: no stop rows)."""
    kind = "regression" if task == "regression" else "classification"
    fixed = {"learning_rate": RATE, "batch_size": BATCH, "epochs": EPOCHS, "patience": None}
    return Recipe.for_data(kind, Perceptron((UNITS,)), **(fixed | changes))


def dataset_of(x: np.ndarray, target: np.ndarray) -> Dataset:
    """A table of numeric columns; integer targets are the classes 0 and 1."""
    classify = target.dtype.kind == "i"
    return Dataset(
        columns=tuple(Column(f"x{i}", "numeric") for i in range(x.shape[1])),
        numeric=x,
        codes=np.empty((x.shape[0], 0)),
        target=target if classify else target[:, None],
        task="classification" if classify else "regression",
        classes=("0", "1") if classify else (),
    )


def train(data: Dataset, members: Sequence[Member]) -> list[np.ndarray]:
    """The raw outputs of every member on its score rows, in order; a member that did not end is an error here."""
    outcomes = outcomes_of(data, members)
    assert all(outcome.status == "done" for outcome in outcomes)
    return [np.asarray(outcome.predictions, dtype=np.float64) for outcome in outcomes]


def outcomes_of(data: Dataset, members: Sequence[Member]) -> list[Outcome]:
    """What every member leaves behind, in order."""
    with CancelFlag.create() as cancel:
        context = Context(open_data=partial(_same, data), cancel=cancel)
        keys = tuple(str(number) for number in range(len(members)))
        outcomes = {one.key: one for one in KernelEngine().train(Shard(tuple(members), keys), context)}
    return [outcomes[key] for key in keys]


def _same(data: Dataset) -> Dataset:
    return data


def out_of_fold(
    x: np.ndarray,
    target: np.ndarray,
    folds: np.ndarray,
    recipes: Mapping[str, Recipe],
    seeds: int,
    noise: np.random.Generator,
) -> np.ndarray:
    """(arms, repeats, seeds, rows, outputs): a study's predictions; all arms share splits and seeds.

    The first arm, plain, has all seeds, the others the first alone, as in a study; what was not trained is NaN.
    """
    data, members, places = dataset_of(x, target), [], []
    for repeat, fold in enumerate(folds):
        for part in range(FOLDS):
            score = np.flatnonzero(fold == part)
            split = Split(train=np.flatnonzero(fold != part), stop=np.empty(0, np.int64), score=score)
            for seed in range(seeds):
                number = int(noise.integers(2**62))
                for arm, recipe in enumerate(_trained(recipes, seed)):
                    members.append(member_of(recipe, split, number, BlockId(repeat, part)))
                    places.append((arm, repeat, seed, score))
    outputs = train(data, members)
    table = np.full((len(recipes), folds.shape[0], seeds, x.shape[0], outputs[0].shape[1]), np.nan)
    for place, found in zip(places, outputs, strict=True):
        arm, repeat, seed, score = place
        table[arm, repeat, seed, score] = found
    return table


def _trained(recipes: Mapping[str, Recipe], seed: int) -> list[Recipe]:
    return list(recipes.values())[: None if seed == 0 else 1]


def member_of(recipe: Recipe, split: Split, seed: int, block: BlockId) -> Member:
    """A member that leaves its predictions and nothing else."""
    return Member(recipe=recipe, split=split, seed=seed, block=block, collect=Collect(vitals=0, predictions=True))


def on_fresh(
    x: np.ndarray,
    target: np.ndarray,
    fresh: np.ndarray,
    recipes: Mapping[str, Recipe],
    seeds: int,
    noise: np.random.Generator,
) -> np.ndarray:
    """(arms, seeds, fresh rows, outputs): trained on all of (x, target), asked at fresh inputs; seeds as above."""
    rows, asked = x.shape[0], fresh.shape[0]
    unknown = np.zeros(asked, dtype=target.dtype)  # the targets of fresh rows are never looked at
    data = dataset_of(np.concatenate([x, fresh]), np.concatenate([target, unknown]))
    split = Split(train=np.arange(rows), stop=np.empty(0, np.int64), score=np.arange(rows, rows + asked))
    numbers = [int(noise.integers(2**62)) for _ in range(seeds)]
    places = [(arm, seed) for seed in range(seeds) for arm in range(len(_trained(recipes, seed)))]
    every = list(recipes.values())
    outputs = train(data, [member_of(every[arm], split, numbers[seed], BlockId(0, 0)) for arm, seed in places])
    table = np.full((len(recipes), seeds, asked, outputs[0].shape[1]), np.nan)
    for place, found in zip(places, outputs, strict=True):
        table[place] = found
    return table
