"""Small data, splits and members for the tests of engines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from whyfit.evidence.dataset import Column, Dataset
from whyfit.evidence.member import BlockId, Collect, Member
from whyfit.evidence.outcome import OUTCOME_SCHEMA, Outcome
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.split import Split
from whyfit.training.contract import CancelFlag, Context, Engine, Shard

ROWS = 240
ALL = Collect(vitals=3, weights=True)
PLAIN = Collect()


def classes_table(rows: int = ROWS, classes: int = 3, seed: int = 0) -> Dataset:
    """Classes that lie around their own centres, so that a small network learns them in a few epochs."""
    noise = np.random.default_rng(seed)
    target = np.arange(rows) % classes
    centres = 2.0 * noise.standard_normal((classes, 6))
    numeric = centres[target] + noise.standard_normal((rows, 6))
    return Dataset(
        columns=tuple(Column(f"x{i}", "numeric") for i in range(6)),
        numeric=numeric,
        codes=np.empty((rows, 0)),
        target=target,
        task="classification",
        classes=tuple("abcdefgh"[:classes]),
    )


def categories_table(rows: int = ROWS, seed: int = 0) -> Dataset:
    """Three classes told by two categories and a number; some values are missing, and one level is the last row's."""
    noise = np.random.default_rng(seed)
    codes = np.stack([noise.integers(0, 5, rows), noise.integers(0, 3, rows)], axis=1)
    numeric = noise.standard_normal((rows, 2))
    target = (codes[:, 0] + codes[:, 1] + (numeric[:, 0] > 0)) % 3
    codes[noise.random(rows) < 0.1, 0] = -1
    codes[-1, 1] = 3
    levels = (tuple("abcde"), tuple("klmn"))
    return Dataset(
        columns=(
            *(Column(f"x{i}", "numeric") for i in range(2)),
            *(Column(f"c{i}", "categorical", one) for i, one in enumerate(levels)),
        ),
        numeric=numeric,
        codes=codes,
        target=target,
        task="classification",
        classes=("a", "b", "c"),
    )


def numbers_table(rows: int = ROWS, outputs: int = 2, seed: int = 0) -> Dataset:
    """Targets in units of thousands, linear in the inputs with a little noise."""
    noise = np.random.default_rng(seed)
    numeric = noise.standard_normal((rows, 5))
    target = 5000.0 + 1000.0 * numeric @ noise.standard_normal((5, outputs)) + noise.standard_normal((rows, outputs))
    return Dataset(
        columns=tuple(Column(f"x{i}", "numeric") for i in range(5)),
        numeric=numeric,
        codes=np.empty((rows, 0)),
        target=target,
        task="regression",
    )


def labels_table(rows: int = ROWS, labels: int = 3, seed: int = 0) -> Dataset:
    """Several yes or no a row, each by its own direction through the inputs."""
    noise = np.random.default_rng(seed)
    numeric = noise.standard_normal((rows, 5))
    target = (numeric @ noise.standard_normal((5, labels)) + 0.3 * noise.standard_normal((rows, labels)) > 0.4) * 1.0
    return Dataset(
        columns=tuple(Column(f"x{i}", "numeric") for i in range(5)),
        numeric=numeric,
        codes=np.empty((rows, 0)),
        target=target,
        task="multilabel",
        target_names=tuple("abcdefgh"[:labels]),
    )


def weighted(data: Dataset, seed: int = 5) -> Dataset:
    """The same rows with weights between a tenth and ten, unlike each other."""
    return replace(data, weights=10.0 ** np.random.default_rng(seed).uniform(-1, 1, data.rows))


def images(rows: int = 60, size: int = 6, seed: int = 0, channels: int = 1) -> Dataset:
    """Two classes of images, of one channel unless asked for more: the bright half is on top, or below."""
    noise = np.random.default_rng(seed)
    target = np.arange(rows) % 2
    pictures = noise.standard_normal((rows, size, size, *(() if channels == 1 else (channels,))))
    pictures[target == 0, : size // 2] += 2.0
    pictures[target == 1, size // 2 :] += 2.0
    return Dataset(
        columns=tuple(Column(f"p{i}", "numeric") for i in range(size * size * channels)),
        numeric=pictures.reshape(rows, -1),
        codes=np.empty((rows, 0)),
        target=target,
        task="classification",
        classes=("top", "bottom"),
        shape=pictures.shape[1:],
    )


def split_of(rows: int = ROWS, seed: int = 0) -> Split:
    """60 % to train on, 20 % to stop by, 20 % to score on."""
    order = np.random.default_rng(seed).permutation(rows)
    first, second = int(0.6 * rows), int(0.8 * rows)
    return Split(train=order[:first], stop=order[first:second], score=order[second:])


def member(recipe: Recipe, rows: int = ROWS, seed: int = 7, collect: Collect = PLAIN, **changes: Any) -> Member:
    """A member on the standard split."""
    return Member(recipe.but(**changes), split_of(rows), seed, BlockId(0, 0), collect)


@contextmanager
def context_of(data: Dataset, **fields: Any) -> Iterator[Context]:
    """A context over data that nobody cancels unless a test does."""
    with CancelFlag.create() as flag:
        yield Context(lambda: data, flag, **fields)


def shard_of(data: Dataset, *members: Member) -> Shard:
    """The members as one shard."""
    return Shard(tuple(members), tuple(m.key(data.fingerprint, OUTCOME_SCHEMA) for m in members))


def train(engine: Engine, data: Dataset, *members: Member) -> list[Outcome]:
    """Train members as one shard; outcomes in the order of the members, whichever was done first."""
    shard = shard_of(data, *members)
    with context_of(data) as context:
        outcomes = {outcome.key: outcome for outcome in engine.train(shard, context)}
    return [outcomes[key] for key in shard.keys]
