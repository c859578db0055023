"""The kernel against a plain torch loop with fused Adam and scikit-learn: microseconds a step and network.

One core each: CPU time of the process. All cores: wall time, our members over threads, theirs over processes that were
started before. Every run is long enough that starting it does not count. Beside it: what vitals cost.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from common import PAIRS, QUICK_PAIRS, Side, Spread, arguments, cores, finish, interleave, one_thread_everywhere, ratios

one_thread_everywhere()

import numpy as np  # noqa: E402  # after the environment is set

from peers import scikit_learn, torch_loop  # noqa: E402

BATCH = 32
SIZES = {"64-128-128-10": (128, 128), "10-32-2": (32,)}
AIMS = {
    "64-128-128-10 vs_sklearn": 7.0,
    "64-128-128-10 vs_torch": 6.5,
    "10-32-2 vs_torch": 40.0,
    "64-128-128-10 all cores vs_sklearn": 7.0,
    "64-128-128-10 all cores vs_torch": 6.5,
    "10-32-2 all cores vs_torch": 40.0,
}
VITALS_SHARE = 0.15
"""At most this much of the training time."""

EPOCHS, MEMBERS = 20, {"64-128-128-10": 8, "10-32-2": 60}
PEER_EPOCHS = {"64-128-128-10": 10, "10-32-2": 10}


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Whole batches alone, so that every step is of one size."""
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    rows = len(x) // BATCH * BATCH
    return ((x - x.mean(0)) / np.maximum(x.std(0), 1e-6)).astype(np.float32)[:rows], y[:rows].astype(np.int64)


def table() -> tuple[np.ndarray, np.ndarray]:
    """Two classes in ten columns, as many rows as the digits have."""
    random = np.random.default_rng(0)
    x = random.standard_normal((1792, 10)).astype(np.float32)
    return x, (x @ random.standard_normal(10) > 0).astype(np.int64)


class Ours:
    """A population of members, trained one after the other or over threads."""

    def __init__(self, x: np.ndarray, y: np.ndarray, hidden: tuple[int, ...], epochs: int, members: int) -> None:
        from whyfit.evidence.dataset import Column, Dataset
        from whyfit.evidence.member import BlockId, Collect, Member
        from whyfit.evidence.network import Perceptron
        from whyfit.evidence.recipe import Recipe
        from whyfit.evidence.split import Split
        from whyfit.training.engines.kernel import KernelEngine

        self.data = Dataset(
            columns=tuple(Column(f"x{i}", "numeric") for i in range(x.shape[1])),
            numeric=x,
            codes=np.empty((len(x), 0)),
            target=y,
            task="classification",
            classes=tuple(str(k) for k in range(int(y.max()) + 1)),
        )
        nothing = np.empty(0, np.int64)
        split = Split(train=np.arange(len(x)), stop=nothing, score=nothing)
        recipe = Recipe(network=Perceptron(hidden), batch_size=BATCH, epochs=epochs, patience=None)
        self.steps, self.engine = members * epochs * len(x) // BATCH, KernelEngine()
        block, bare = BlockId(0, 0), Collect(predictions=False)
        self.members = [Member(recipe, split, seed, block, bare) for seed in range(members)]

    def train(self, threads: int = 1, vitals: int = 0) -> None:
        """All members; a diverged one would make the figures lie."""
        from dataclasses import replace

        from threadpoolctl import threadpool_limits

        from whyfit.training.contract import CancelFlag, Context

        members = [replace(one, collect=replace(one.collect, vitals=vitals)) for one in self.members]
        with threadpool_limits(1), CancelFlag.create() as flag, ThreadPoolExecutor(threads) as pool:
            one = partial(self._one, Context(lambda: self.data, flag))
            outcomes = list(pool.map(one, members)) if threads > 1 else [one(member) for member in members]
        assert all(outcome.status == "done" for outcome in outcomes)

    def _one(self, context, member):
        from whyfit.training.contract import Shard

        return next(iter(self.engine.train(Shard((member,), ("key",)), context)))


def microseconds(work: Callable[[], None], clock: Callable[[], float], steps: int) -> float:
    """Of one step of one network."""
    start = clock()
    work()
    return (clock() - start) / steps * 1e6


def one_core(size: str, data: tuple[np.ndarray, np.ndarray], pairs: int, scale: int) -> dict[str, list[float]]:
    """Each side alone on one core, by CPU time, so that other work on the machine does not count."""
    hidden, epochs = SIZES[size], PEER_EPOCHS[size] * scale
    ours = Ours(*data, hidden, EPOCHS, MEMBERS[size] * scale)
    steps = epochs * len(data[0]) // BATCH
    clock = time.process_time
    peers = {"torch": torch_loop, "sklearn": scikit_learn}
    sides = [Side(f"{size} whyfit", lambda: microseconds(ours.train, clock, ours.steps))]
    sides += [
        Side(f"{size} {name}", partial(microseconds, partial(peer, *data, hidden, BATCH, epochs), clock, steps))
        for name, peer in peers.items()
    ]
    return interleave(sides, pairs)


def all_cores(size: str, data: tuple[np.ndarray, np.ndarray], pairs: int, scale: int) -> dict[str, list[float]]:
    """As many networks at a time as there are cores, by wall time; peers in processes that stand ready."""
    from joblib import Parallel, delayed

    hidden, epochs, workers = SIZES[size], PEER_EPOCHS[size] * scale, cores()
    ours = Ours(*data, hidden, EPOCHS, MEMBERS[size] * scale * workers)
    steps, clock = workers * epochs * len(data[0]) // BATCH, time.perf_counter
    sides = [Side(f"{size} all cores whyfit", lambda: microseconds(lambda: ours.train(workers), clock, ours.steps))]
    with Parallel(n_jobs=workers) as pool:
        for name, peer in {"torch": torch_loop, "sklearn": scikit_learn}.items():
            jobs = [delayed(peer)(*data, hidden, BATCH, epochs, seed) for seed in range(workers)]
            work = partial(pool, jobs)
            sides.append(Side(f"{size} all cores {name}", partial(microseconds, work, clock, steps)))
        return interleave(sides, pairs)


def vitals_share(data: tuple[np.ndarray, np.ndarray], pairs: int, scale: int) -> Spread:
    """What eight sampled epochs of thirty add to the training time."""
    ours = Ours(*data, SIZES["64-128-128-10"], 30, 4 * scale)
    bare = Side("bare", lambda: microseconds(ours.train, time.process_time, ours.steps))
    watched = Side("watched", lambda: microseconds(lambda: ours.train(vitals=8), time.process_time, ours.steps))
    figures = interleave([bare, watched], pairs)
    return Spread.of([w / b - 1.0 for b, w in zip(figures["bare"], figures["watched"], strict=True)])


def main() -> int:
    """All sizes, one core and all."""
    args = arguments(__doc__ or "")
    pairs, scale = (QUICK_PAIRS, 1) if args.quick else (PAIRS, 4)
    figures: dict[str, list[float]] = {}
    found: dict[str, Spread] = {}
    for size in SIZES:
        data = digits() if size.startswith("64") else table()
        for where, measure in (("", one_core), (" all cores", all_cores)):
            figures |= measure(size, data, pairs, scale)
            others = {f"{size}{where} {peer}": f"{size}{where} vs_{peer}" for peer in ("torch", "sklearn")}
            found |= ratios(figures, f"{size}{where} whyfit", others)
    share = vitals_share(digits(), pairs, scale)
    print(f"vitals: {100 * share.median:.1f} % of the training time [{100 * share.low:.1f}, {100 * share.high:.1f}]")
    code = finish("kernel", figures, found, AIMS, args, {"vitals_share": share.plain()})
    return code if share.median <= VITALS_SHARE else 1


if __name__ == "__main__":
    sys.exit(main())
