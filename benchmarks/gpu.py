"""On an accelerator: 64 and 1,024 members stacked beside a torch loop on the same device, microseconds a step and
network.

Beside it the share of the device's matrix rate: the operations of a step over the time it takes, over those of one
large product in the same precision. Digits as images, batch 32, Adam. Without an accelerator nothing is run, and that
is said.
"""

from __future__ import annotations

import sys
import time

from common import (
    PAIRS,
    QUICK_PAIRS,
    Side,
    Spread,
    arguments,
    finish,
    interleave,
    not_run,
    one_thread_everywhere,
    ratios,
)

one_thread_everywhere()

import torch  # noqa: E402  # after the environment is set
from torch.utils.flop_counter import FlopCounterMode  # noqa: E402

from contest import BATCH, NETWORKS, Contest  # noqa: E402

MEMBERS = (64, 1024)
AIM = 100.0
"""1,024 members against the torch loop, for the default size (issue: aim)."""
HERE = ("dense 64-128-128-10", "convolution with batch norm")
LARGE, TIMES = 8192, 20
"""Rows and columns of the product that gives the device's rate, and how often it is taken."""


def matrix_rate() -> float:
    """Operations a second of one large product in float32, as torch is set."""
    a = torch.randn(LARGE, LARGE, device="cuda")
    for _ in range(3):
        a @ a
    torch.cuda.synchronize()
    began = time.perf_counter()
    for _ in range(TIMES):
        a @ a
    torch.cuda.synchronize()
    return TIMES * 2 * LARGE**3 / (time.perf_counter() - began)


def operations(name: str) -> int:
    """Of one step of one network, forwards and backwards."""
    network = NETWORKS[name]()
    with FlopCounterMode(display=False) as counted:
        network(torch.randn(BATCH, 1, 8, 8)).sum().backward()
    return int(counted.get_total_flops())


def main() -> int:
    """Every network, every number of members."""
    args = arguments(__doc__ or "")
    if not torch.cuda.is_available():
        return not_run("gpu", "no accelerator: torch sees none here", args)
    pairs, steps = (QUICK_PAIRS, 10) if args.quick else (PAIRS, 40)
    figures: dict[str, list[float]] = {}
    found: dict[str, Spread] = {}
    rate = matrix_rate()
    for name in HERE:
        contest = Contest(NETWORKS[name], steps, max(MEMBERS), "cuda")
        sides = {"torch loop": contest.bare()} | {f"stacked {count}": contest.stacked(count) for count in MEMBERS}
        here = interleave([Side(f"{name}, {side}", run) for side, run in sides.items()], pairs)
        figures |= here
        for count in MEMBERS:
            best = f"{name}, stacked {count}"
            found |= ratios(here, best, {f"{name}, torch loop": f"{name}: torch loop / stacked {count}"})
            shares = [operations(name) / (1e-6 * took) / rate for took in here[best]]
            found[f"{name}: share of the matrix rate, stacked {count}"] = Spread.of(shares)
    aims = {f"{HERE[0]}: torch loop / stacked {max(MEMBERS)}": AIM}
    notes = {"device": torch.cuda.get_device_name(), "matrix_rate": rate}
    return finish("gpu", figures, found, aims, args, notes)


if __name__ == "__main__":
    sys.exit(main())
