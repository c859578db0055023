"""A cheap engine for tests of what stands above engines: it learns nothing, but it keeps the whole contract."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from whyfit.evidence.dataset import Column, Dataset
from whyfit.evidence.member import BlockId, Member
from whyfit.evidence.outcome import OUTCOME_SCHEMA, Curves, Final, Outcome
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.split import Split
from whyfit.study.plan import Arm, Family, Plan
from whyfit.training.contract import Context, Cost, Shard, Verdict


def table(rows: int = 40, classes: int = 2, seed: int = 0) -> Dataset:
    """A small table whose first column decides the class."""
    noise = np.random.default_rng(seed)
    target = np.arange(rows) % classes
    numeric = np.column_stack([target + 0.1 * noise.standard_normal(rows), noise.standard_normal(rows)])
    columns = (Column("signal", "numeric"), Column("noise", "numeric"))
    names = tuple(f"class {code}" for code in range(classes))
    return Dataset(
        columns=columns,
        numeric=numeric,
        codes=np.empty((rows, 0)),
        target=target,
        task="classification",
        classes=names,
    )


def splits_of(rows: int, folds: int = 5) -> object:
    """Splits of one repeat, as the data room would make them, without its preferences."""

    def of_repeat(repeat: int) -> tuple[Split, ...]:
        order = np.random.default_rng(repeat).permutation(rows)
        parts = np.array_split(order, folds)
        rest = [np.concatenate([p for j, p in enumerate(parts) if j != i]) for i in range(folds)]
        cut = rows // 10
        return tuple(
            Split(train=others[cut:], stop=others[:cut], score=part) for part, others in zip(parts, rest, strict=True)
        )

    return of_repeat


def plan_of(data: Dataset, *families: Family, folds: int = 5, seeds: int = 2) -> Plan:
    """A plan of the plain arm and some families."""
    return Plan(Arm("plain", Recipe(), seeds=seeds), families, splits_of(data.rows, folds), folds, seed=0)


def outcome_of(member: Member, key: str, data: Dataset, *, status: str = "done") -> Outcome:
    """An outcome drawn from the member's seed: right on about nine rows of ten."""
    noise = np.random.default_rng(member.seed)
    rows = member.split.score
    logits = np.eye(data.outputs)[data.target[rows]] * 2 + noise.standard_normal((rows.size, data.outputs))
    falling = 1.0 / np.arange(1, 5)
    return Outcome(
        key=key,
        status=status,
        reason="not_finite:loss:epoch=2:step=7" if status == "diverged" else None,
        curves=Curves(falling, falling / 2, falling, falling / 2),
        final=Final(0.1, 0.0, 0.2, 0.1, 0.3, 0.1, 0.7),
        best_epoch=4,
        stopped_epoch=4,
        predictions=logits.astype(np.float32) if status == "done" else None,
        rows=rows,
        engine="fake",
        why_engine="test",
        platform="test",
        steps=4,
        seconds=0.001,
        schema=OUTCOME_SCHEMA,
    )


@dataclass(frozen=True)
class FakeEngine:
    """Keeps the contract; `marks` is a folder in which each training leaves a file, so that tests can count them."""

    marks: str = ""
    seconds: float = 0.0
    diverging_fold: int = -1
    dies_once: str = ""
    name: str = "fake"

    def prepare(self, compiling: Callable[[], None]) -> None:
        """Nothing is compiled."""

    def fits(self, member: Member) -> Verdict:
        return Verdict()

    def cost(self, members: Sequence[Member], context: Context) -> Cost:
        return Cost(max(self.seconds, 1e-3) * len(members), 1000)

    def shards(self, members: Sequence[Member], fingerprint: str, limit: Cost) -> Iterator[Shard]:
        for i in range(0, len(members), 3):
            some = tuple(members[i : i + 3])
            yield Shard(some, tuple(member.key(fingerprint, OUTCOME_SCHEMA) for member in some))

    def train(self, shard: Shard, context: Context) -> Iterator[Outcome]:
        data = context.open_data()
        for member, key in zip(shard.members, shard.keys, strict=True):
            if context.over():
                yield outcome_of(member, key, data, status="cancelled")
                continue
            self._die()
            time.sleep(self.seconds)
            if self.marks:
                with (Path(self.marks) / key).open("a") as mark:
                    mark.write("x")
            bad = member.block.fold == self.diverging_fold
            yield outcome_of(member, key, data, status="diverged" if bad else "done")

    def _die(self) -> None:
        if self.dies_once and not Path(self.dies_once).exists():
            Path(self.dies_once).touch()
            os._exit(9)


def member_of(data: Dataset, seed: int = 1) -> Member:
    """One member on the first split."""
    return Member(recipe=Recipe(), split=splits_of(data.rows)(0)[0], seed=seed, block=BlockId(0, 0))
