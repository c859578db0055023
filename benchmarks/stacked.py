"""Users' modules: stacked against alone against a bare torch loop, microseconds a step and network, one core.

A ratio below 1 is a cohort that costs more than it saves; what counts is that the runner then trains alone by itself.
CPU time of the process, since one core works; digits as images, batch 32, Adam.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from common import PAIRS, QUICK_PAIRS, Side, Spread, arguments, finish, interleave, one_thread_everywhere, ratios

one_thread_everywhere()

import numpy as np  # noqa: E402  # after the environment is set
import torch  # noqa: E402
from torch import Tensor, nn  # noqa: E402

from whyfit.data.digits import digits  # noqa: E402
from whyfit.evidence.member import BlockId, Collect, Member  # noqa: E402
from whyfit.evidence.recipe import Recipe  # noqa: E402
from whyfit.evidence.split import Split  # noqa: E402
from whyfit.nets.registry import register  # noqa: E402
from whyfit.training.choose import choose_engine  # noqa: E402
from whyfit.training.contract import CancelFlag, Context  # noqa: E402
from whyfit.training.engines.single import SingleEngine  # noqa: E402
from whyfit.training.engines.stacked import StackedEngine  # noqa: E402
from whyfit.training.stacked_parts.cohort import Cohort  # noqa: E402
from whyfit.training.stacked_parts.run import CohortRun  # noqa: E402
from whyfit.training.stacked_parts.seat import Seat  # noqa: E402
from whyfit.training.torch_parts.member_run import MemberRun  # noqa: E402
from whyfit.training.torch_parts.outcome import Stamp  # noqa: E402

BATCH, MEMBERS = 32, 32
NEARLY_EQUAL = 0.15
"""Within this the two are a tie, and either choice is right."""
SLOWEST = 1 / 1.1
"""What is chosen takes at most 1.1 times the bare loop; alone, streams, checks and counted errors come on top."""


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
    """One network on all sides, with equal work: the same rows, no early stopping, no vitals."""

    def __init__(self, make: Callable[[], nn.Module], steps: int) -> None:
        self.data, self.make, self.steps = digits(), make, steps
        rows = np.random.default_rng(0).permutation(self.data.rows)[: steps * BATCH]
        nothing = np.empty(0, np.int64)
        split = Split(train=rows, stop=nothing, score=nothing)
        recipe = Recipe.for_data("classification", register(make), patience=None, batch_size=BATCH)
        block, bare = BlockId(0, 0), Collect(predictions=False)
        self.members = [Member(recipe, split, seed, block, bare) for seed in range(MEMBERS)]

    def alone(self) -> Callable[[], float]:
        """The single engine's loop."""
        run = MemberRun.begin(self.members[0], self.data, lambda: False)
        run.network.module.train()
        return lambda: self._per_step(partial(run.run_epoch, 1), 1)

    def stacked(self, members: int) -> Callable[[], float]:
        """The stacked engine's loop."""
        seats = [Seat.of(member, "", self.data, lambda: False, "cpu") for member in self.members[:members]]
        cohort = Cohort.begin(seats, lambda: False, "cpu")
        run = CohortRun(cohort, lambda: False, Stamp("", "", "cpu"), members)
        run.epoch = 1
        cohort.stack.network.module.train()
        return lambda: self._per_step(run.run_epoch, members)

    def bare(self) -> Callable[[], float]:
        """What anybody writes."""
        train = torch.from_numpy(self.members[0].split.train.copy())
        pixels = torch.from_numpy(self.data.numeric.copy())[train].view(-1, 1, 8, 8)
        x, y = (pixels - pixels.mean()) / pixels.std(), torch.from_numpy(self.data.target.copy())[train]
        network, loss = self.make().train(), nn.CrossEntropyLoss()
        rule = torch.optim.Adam(network.parameters(), fused=True)

        def epoch() -> None:
            for index in torch.randperm(len(y)).split(BATCH):
                rule.zero_grad()
                loss(network(x[index]), y[index]).backward()
                rule.step()

        return lambda: self._per_step(epoch, 1)

    def chosen(self) -> str:
        """What the runner picks."""
        with CancelFlag.create() as flag:
            context = Context(lambda: self.data, flag)
            return choose_engine(self.members, context, (StackedEngine(), SingleEngine())).engine.name

    def _per_step(self, work: Callable[[], Any], members: int) -> float:
        began = time.process_time()
        work()
        return (time.process_time() - began) / (self.steps * members) * 1e6


def main() -> int:
    """Every network, every side; the aim is that the faster is chosen."""
    args = arguments(__doc__ or "")
    torch.set_num_threads(1)
    pairs, steps = (QUICK_PAIRS, 10) if args.quick else (PAIRS, 40)
    figures: dict[str, list[float]] = {}
    found: dict[str, Spread] = {}
    aims: dict[str, float] = {}
    for name, make in NETWORKS.items():
        contest = Contest(make, steps)
        sides = {"torch loop": contest.bare(), "alone": contest.alone()}
        sides |= {f"stacked {count}": contest.stacked(count) for count in (8, MEMBERS)}
        here = interleave([Side(f"{name}, {side}", run) for side, run in sides.items()], pairs)
        figures |= here
        best = f"{name}, stacked {MEMBERS}"
        found |= ratios(here, best, {f"{name}, alone": f"{name}: alone / stacked {MEMBERS}"})
        found |= ratios(here, f"{name}, stacked 8", {f"{name}, alone": f"{name}: alone / stacked 8"})
        found |= ratios(here, f"{name}, alone", {f"{name}, torch loop": f"{name}: torch loop / alone"})
        gain = found[f"{name}: alone / stacked {MEMBERS}"].median
        chosen = contest.chosen()
        right = abs(gain - 1) < NEARLY_EQUAL or chosen == ("stacked" if gain > 1 else "single")
        side = "alone" if chosen == "single" else f"stacked {MEMBERS}"
        found |= ratios(here, f"{name}, {side}", {f"{name}, torch loop": f"{name}: torch loop / chosen"})
        aims[f"{name}: torch loop / chosen"] = SLOWEST
        found[f"{name}: {chosen} chosen, rightly"] = Spread(right, right, right)
        aims[f"{name}: {chosen} chosen, rightly"] = 1.0
    return finish("stacked", figures, found, aims, args, {"members": MEMBERS})


if __name__ == "__main__":
    sys.exit(main())
