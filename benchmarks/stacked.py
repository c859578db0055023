"""Users' modules: stacked against alone against a bare torch loop, microseconds a step and network, one core.

A ratio below 1 is a cohort that costs more than it saves; what counts is that the runner then trains alone by itself.
CPU time of the process, since one core works; digits as images, batch 32, Adam.
"""

from __future__ import annotations

import sys

from common import (
    PAIRS,
    QUICK_PAIRS,
    Side,
    Spread,
    arguments_with_only,
    finish,
    interleave,
    one_thread_everywhere,
    ratios,
)

one_thread_everywhere()

import torch  # noqa: E402  # after the environment is set

from contest import NETWORKS, Contest  # noqa: E402

MEMBERS = 32
NEARLY_EQUAL = 0.15
"""Within this the two are a tie, and either choice is right."""
SLOWEST = 1 / 1.1
"""What is chosen takes at most 1.1 times the bare loop; alone, streams, checks and counted errors come on top."""


def main() -> int:
    """Every network, every side; the aim is that the faster is chosen."""
    args = arguments_with_only(__doc__ or "")
    torch.set_num_threads(1)
    pairs, steps = (QUICK_PAIRS, 10) if args.quick else (PAIRS, 40)
    figures: dict[str, list[float]] = {}
    found: dict[str, Spread] = {}
    aims: dict[str, float] = {}
    for name, make in ((name, make) for name, make in NETWORKS.items() if args.only in name):
        contest = Contest(make, steps, MEMBERS)
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
