"""Users' modules trained side by side: a bare torch loop, the single engine and the stacked one, on one device.

Equal work on all sides: the digits as images, batch 32, Adam, the same rows, no early stopping, no vitals.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from whyfit.data.digits import digits
from whyfit.evidence.member import BlockId, Collect, Member
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.split import Split
from whyfit.nets.registry import register
from whyfit.training.choose import choose_engine
from whyfit.training.contract import CancelFlag, Context
from whyfit.training.engines.single import SingleEngine
from whyfit.training.engines.stacked import StackedEngine
from whyfit.training.stacked_parts.cohort import Cohort
from whyfit.training.stacked_parts.run import CohortRun
from whyfit.training.stacked_parts.seat import Seat
from whyfit.training.torch_parts.member_run import MemberRun
from whyfit.training.torch_parts.outcome import Stamp

BATCH = 32


class Recurrent(nn.Module):
    """An LSTM over the eight rows of a digit."""

    def __init__(self) -> None:
        super().__init__()
        self.cell, self.last = nn.LSTM(8, 32, batch_first=True), nn.Linear(32, 10)

    def forward(self, x: Tensor) -> Tensor:
        """The last row decides."""
        return self.last(self.cell(x.squeeze(1))[0][:, -1])


class Transformer(nn.Module):
    """One layer of attention over the eight rows of a digit."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(8, 32), nn.Linear(32, 10)
        self.layer = nn.TransformerEncoderLayer(32, 4, 64, dropout=0.1, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        """The mean decides."""
        return self.last(self.layer(self.first(x.squeeze(1))).mean(1))


def dense(width: int) -> nn.Module:
    """Two hidden layers."""
    layers = [nn.Linear(64, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 10)]
    return nn.Sequential(nn.Flatten(), *layers)


def convolutional() -> nn.Module:
    """Two convolutions with batch norm."""
    first = [nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2)]
    second = [nn.Conv2d(8, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.Flatten(), nn.Linear(256, 10)]
    return nn.Sequential(*first, *second)


NETWORKS: dict[str, Callable[[], nn.Module]] = {
    "dense 64-32-32-10": partial(dense, 32),
    "dense 64-128-128-10": partial(dense, 128),
    "dense 64-512-512-10": partial(dense, 512),
    "convolution with batch norm": convolutional,
    "LSTM": Recurrent,
    "transformer": Transformer,
}


class Contest:
    """One network on all sides."""

    def __init__(self, make: Callable[[], nn.Module], steps: int, members: int, device: str = "cpu") -> None:
        self.data, self.make, self.steps, self.device = digits(), make, steps, device
        rows = np.random.default_rng(0).permutation(self.data.rows)[: steps * BATCH]
        nothing = np.empty(0, np.int64)
        split = Split(train=rows, stop=nothing, score=nothing)
        recipe = Recipe.for_data("classification", register(make), patience=None, batch_size=BATCH)
        block, bare = BlockId(0, 0), Collect(predictions=False)
        self.members = [Member(recipe, split, seed, block, bare) for seed in range(members)]

    def alone(self) -> Callable[[], float]:
        """The single engine's loop."""
        run = MemberRun.begin(self.members[0], self.data, lambda: False, self.device)
        run.network.module.train()
        return lambda: self._per_step(partial(run.run_epoch, 1), 1)

    def stacked(self, members: int) -> Callable[[], float]:
        """The stacked engine's loop."""
        seats = [Seat.of(member, "", self.data, lambda: False, self.device) for member in self.members[:members]]
        cohort = Cohort.begin(seats, self.data, lambda: False, self.device)
        run = CohortRun(cohort, lambda: False, Stamp("", "", self.device), members)
        run.epoch = 1
        cohort.stack.network.module.train()
        return lambda: self._per_step(run.run_epoch, members)

    def bare(self) -> Callable[[], float]:
        """What anybody writes."""
        train = torch.from_numpy(self.members[0].split.train.copy())
        pixels = torch.from_numpy(self.data.numeric.copy())[train].view(-1, 1, 8, 8)
        scaled, targets = (pixels - pixels.mean()) / pixels.std(), torch.from_numpy(self.data.target.copy())[train]
        x, y = scaled.to(self.device), targets.to(self.device)
        network, loss = self.make().train().to(self.device), nn.CrossEntropyLoss()
        rule = torch.optim.Adam(network.parameters(), fused=True)

        def epoch() -> None:
            for index in torch.randperm(len(y), device=self.device).split(BATCH):
                rule.zero_grad()
                loss(network(x[index]), y[index]).backward()
                rule.step()

        return lambda: self._per_step(epoch, 1)

    def chosen(self) -> str:
        """What the runner picks."""
        with CancelFlag.create() as flag:
            context = Context(lambda: self.data, flag, self.device)
            return choose_engine(self.members, context, (StackedEngine(), SingleEngine())).engine.name

    def _per_step(self, work: Callable[[], Any], members: int) -> float:
        """Microseconds a step and network: of the process on a CPU, else by the wall until the device is done."""
        clock = time.process_time if self.device == "cpu" else time.perf_counter
        began = clock()
        work()
        if self.device != "cpu":
            torch.cuda.synchronize()
        return (clock() - began) / (self.steps * members) * 1e6
