"""How time and memory grow: with members, with rows, with parameters, on one and on two workers.

One thing grows at a time, a table of ten columns, the kernel over threads; each exponent is the slope of a straight
line through the logarithms (least squares, 95 % interval by Student's t): 1 is in proportion, 0 not at all. Time is
wall time, the median of the rounds; memory is what the process takes at its peak beyond what it had before, as Linux
counts it.

Beside it the stacked engine's memory a member, by a straight line through cohorts of 1 to 64, and the same as the
engine itself says before it trains (`StackedEngine.cost`), from which the size of a cohort is taken.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

from common import QUICK_PAIRS, Side, Spread, arguments, finish_within, interleave, one_thread_everywhere

one_thread_everywhere()

import numpy as np  # noqa: E402  # after the environment is set

from ours import Ours  # noqa: E402

BATCH, ROUNDS = 32, 3
COLUMNS, CLASSES, FEW_ROWS = 10, 2, 1000
SMALL = (32, 32)
MEMBERS, QUICK_MEMBERS = (1, 4, 16, 64, 256, 512), (4, 16, 64)
ROWS, QUICK_ROWS = (1_000, 10_000, 100_000, 1_000_000), (1_000, 10_000, 100_000)
WIDTHS, QUICK_WIDTHS = (26, 93, 310, 993), (26, 93, 310)
"""Of two hidden layers: 1e3, 1e4, 1e5 and 1e6 weights."""
COHORTS = (1, 8, 32, 64)

IN_PROPORTION = 1.1
"""The most that an exponent of time may be: chosen, a tenth above proportion for what leaves the cache on the way."""
FLAT = 1 << 16
"""The most bytes that a further member may add in the kernel: its outcome, kept for the report. Chosen."""
NEAR = 1.5
"""The most by which the stacked engine may need more than it says. Chosen."""

Cell = tuple[float, Callable[[int], None]]


def table(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Two classes by the sign of a sum."""
    x = np.random.default_rng(0).standard_normal((rows, COLUMNS)).astype(np.float32)
    return x, (x.sum(axis=1) > 0).astype(np.int64)


def cells(*, quick: bool) -> dict[str, list[Cell]]:
    """What grows → (how much there is of it, what trains it on so many workers)."""
    few = table(FEW_ROWS)
    members = [(k, Ours(*few, SMALL, BATCH, 3, k).train) for k in (QUICK_MEMBERS if quick else MEMBERS)]
    rows = [(n, Ours(*table(n), SMALL, BATCH, 1, 2).train) for n in (QUICK_ROWS if quick else ROWS)]
    parameters = [(weights_of(w), Ours(*few, (w, w), BATCH, 1, 2).train) for w in (QUICK_WIDTHS if quick else WIDTHS)]
    return {"members": members, "rows": rows, "parameters": parameters}


def weights_of(width: int) -> int:
    """Weights and biases of two hidden layers of that width."""
    return sum((i + 1) * o for i, o in pairwise((COLUMNS, width, width, CLASSES)))


def line(x: Sequence[float], y: Sequence[float]) -> Spread:
    """The slope of a straight line through points, with its 95 % interval."""
    from scipy import stats

    fit = stats.linregress(x, y)
    reach = stats.t.ppf(0.975, len(x) - 2) * fit.stderr
    return Spread(fit.slope, fit.slope - reach, fit.slope + reach)


def exponent(x: Sequence[float], y: Sequence[float]) -> Spread:
    """The slope through the logarithms."""
    return line(np.log(x), np.log(y))


def peak_bytes(work: Callable[[], object]) -> float | None:
    """What a process takes at its peak beyond what it had before; None where the system does not tell.

    Each run has a process of its own, forked from this one: memory that an earlier run has freed would be used again,
    unseen.
    """
    clear = Path("/proc/self/clear_refs")
    if not clear.exists():
        return None
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        clear.write_text("5")  # the peak is counted anew from here (proc(5))
        before = _kilobytes("VmRSS")
        work()
        os.write(write, str(_kilobytes("VmHWM") - before).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(write)
    with os.fdopen(read) as answer:
        return 1024.0 * int(answer.read())


def _kilobytes(name: str) -> int:
    rows = Path("/proc/self/status").read_text().splitlines()
    found = next(row for row in rows if row.startswith(name))
    return int(found.split()[1])


def seconds(work: Callable[[], None]) -> float:
    """By the wall."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def kernel_times(*, quick: bool) -> tuple[dict[str, list[float]], dict[str, Spread]]:
    """Seconds of every cell, and the exponents."""
    figures: dict[str, list[float]] = {}
    found: dict[str, Spread] = {}
    for what, sizes in cells(quick=quick).items():
        for workers in (1, 2):
            sides = [
                Side(f"{what} {size:,}, workers {workers}", lambda t=train, w=workers: seconds(lambda: t(w)))
                for size, train in sizes
            ]
            here = interleave(sides, QUICK_PAIRS if quick else ROUNDS)
            figures |= here
            took = [statistics.median(values) for values in here.values()]
            found[f"time over {what}, workers {workers}: exponent"] = exponent([s for s, _ in sizes], took)
    return figures, found


def kernel_memory(*, quick: bool) -> tuple[dict[str, list[float]], dict[str, Spread]]:
    """Bytes at the peak of every cell, what a further member adds, and the exponents over rows and parameters."""
    figures: dict[str, list[float]] = {}
    found: dict[str, Spread] = {}
    Ours(*table(FEW_ROWS), SMALL, BATCH, 1, 1).train()  # what is compiled and loaded once
    for what, sizes in cells(quick=quick).items():
        taken = [peak_bytes(lambda t=train: t(1)) for _, train in sizes]
        known = [(size, max(bytes_, 1.0)) for (size, _), bytes_ in zip(sizes, taken, strict=True) if bytes_ is not None]
        if not known:
            return {}, {}
        figures |= {f"{what} {size:,}: bytes at the peak": [bytes_] for size, bytes_ in known}
        x, y = zip(*known, strict=True)
        if what == "members":
            found["a further member in the kernel: bytes"] = line(x, y)
        else:
            found[f"a further one of {what} in the kernel: bytes"] = line(x, y)
            beyond = [max(bytes_ - y[0], 1.0) for bytes_ in y]  # the smallest is what any run takes
            found[f"memory over {what}, beyond the smallest: exponent"] = exponent(x[-3:], beyond[-3:])
    return figures, found


def stacked_memory() -> tuple[dict[str, list[float]], dict[str, Spread]]:
    """Bytes that a further member of a cohort takes, and what the engine says that it takes."""
    import torch

    from contest import NETWORKS, Contest
    from whyfit.training.contract import CancelFlag, Context
    from whyfit.training.engines.stacked import StackedEngine

    torch.set_num_threads(1)
    figures: dict[str, list[float]] = {}
    found: dict[str, Spread] = {}
    for name in NETWORKS:
        contest = Contest(NETWORKS[name], 10, max(COHORTS))
        contest.stacked(2)()  # what is loaded once
        taken = []
        for count in COHORTS:
            bytes_ = peak_bytes(lambda c=contest, k=count: c.stacked(k)())
            if bytes_ is None:
                return {}, {}
            taken.append(bytes_)
            figures[f"{name}, cohort of {count}: bytes at the peak"] = [bytes_]
        member = line(COHORTS, taken)
        with CancelFlag.create() as flag:
            said = StackedEngine().cost(contest.members[:32], Context(lambda c=contest: c.data, flag)).bytes / 32
        figures[f"{name}, a member as the engine says: bytes"] = [said]
        found[f"{name}, a further member stacked: bytes"] = member
        found[f"{name}, needed over said"] = Spread(member.median / said, member.low / said, member.high / said)
    return figures, found


def main() -> int:
    """All tables."""
    args = arguments(__doc__ or "")
    figures: dict[str, list[float]] = {}
    found: dict[str, Spread] = {}
    for part in (kernel_memory(quick=args.quick), stacked_memory(), kernel_times(quick=args.quick)):
        figures |= part[0]
        found |= part[1]
    limits = {name: IN_PROPORTION for name in found if name.startswith("time over")}
    limits |= {name: FLAT for name in found if name.startswith("a further member in the kernel")}
    limits |= {name: NEAR for name in found if name.endswith("needed over said")}
    notes = {} if any("bytes" in name for name in found) else {"memory": "not measured: this system does not tell"}
    return finish_within("scaling", figures, found, limits, args, notes)


if __name__ == "__main__":
    sys.exit(main())
