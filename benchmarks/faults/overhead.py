"""What watching costs: whole runs of each arm in processes of their own, interleaved; medians of ratios to bare runs.

    python benchmarks/faults/overhead.py [--quick] [--json FILE] [--tasks mlp,cnn,lstm,transformer] [--clock wall|cpu]

A peer that is not installed is reported as absent. What starting costs is left out: each arm runs for some seconds
first (whyfit may spend 0.3 seconds there once). `--clock cpu` takes processor time, for a machine that others use too;
it leaves out what wandb's own service process takes.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ARMS = {"none": None, "whyfit": "whyfit", "wandb": "wandb", "tensorboard": "tensorboard", "cockpit": "cockpit"}
"""Each arm and the package that it needs."""
AIMS = {"mlp": 0.05, "cnn": 0.03, "lstm": 0.03, "transformer": 0.01}
"""Steps of about 0.5 ms, of 2 ms and more, of 10 ms and more."""
SECONDS, PAIRS = 12.0, 5
WARM_UP = 3.0
"""Seconds before measuring begins."""
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}


def make(task: str) -> tuple[Any, Callable[[], tuple[Any, Any]]]:
    """A network and its batches."""
    import torch
    from torch import nn

    draw = torch.Generator().manual_seed(0)
    if task == "mlp":
        model = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10))
        return model, lambda: (torch.randn(32, 64, generator=draw), torch.randint(0, 10, (32,), generator=draw))
    if task == "cnn":
        model = nn.Sequential(
            nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(800, 10),
        )  # fmt: skip
        return model, lambda: (torch.randn(32, 1, 28, 28, generator=draw), torch.randint(0, 10, (32,), generator=draw))
    if task == "lstm":
        model = Reader()
        return model.module, lambda: (
            torch.randn(32, 30, 16, generator=draw),
            torch.randint(0, 4, (32,), generator=draw),
        )
    layer = nn.TransformerEncoderLayer(320, 8, 1280, dropout=0.1, batch_first=True)  # 8 layers: 9.9 million parameters
    model = nn.Sequential(nn.TransformerEncoder(layer, 8), nn.Flatten(), nn.Linear(16 * 320, 10))
    return model, lambda: (torch.randn(4, 16, 320, generator=draw), torch.randint(0, 10, (4,), generator=draw))


class Reader:
    """An LSTM with a head; made here so that torch is imported by the arm alone."""

    def __init__(self) -> None:
        from torch import nn

        class Network(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.cell, self.head = nn.LSTM(16, 64, batch_first=True), nn.Linear(64, 4)

            def forward(self, x: Any) -> Any:
                return self.head(self.cell(x)[0][:, -1])

        self.module = Network()


@contextmanager
def arm(name: str, model: Any) -> Iterator[Callable[[int], None]]:
    """Attach what watches; it is called with the number of each step."""
    with tempfile.TemporaryDirectory() as place:
        if name == "whyfit":
            from whyfit.doors.watch_session import Watch

            with Watch(model):
                yield lambda step: None
        elif name == "wandb":
            import wandb

            run = wandb.init(mode="offline", dir=place)
            wandb.watch(model, log="all")
            yield lambda step: run.log({"step": step})
            run.finish()
        elif name == "tensorboard":
            from torch.utils.tensorboard import SummaryWriter

            writer = SummaryWriter(place)
            yield lambda step: histograms(writer, model, step)
            writer.close()
        else:
            yield lambda step: None


def histograms(writer: Any, model: Any, step: int) -> None:
    if step % 100 == 0:
        for label, parameter in model.named_parameters():
            writer.add_histogram(label, parameter, step)
            writer.add_histogram(f"{label}.grad", parameter.grad, step)


def measure(task: str, name: str, seconds: float, clock: Callable[[], float]) -> float:
    """Microseconds a step, warm-up left out."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(0)
    model, batch = make(task)
    rule = torch.optim.Adam(model.parameters(), lr=1e-3)
    with arm(name, model) as note:
        steps, first, begun, start = 0, 0, clock(), 0.0
        while not start or clock() - start < seconds:
            x, y = batch()
            rule.zero_grad()
            torch.nn.functional.cross_entropy(model(x), y).backward()
            rule.step()
            note(steps)
            steps += 1
            if not start and clock() - begun > WARM_UP:
                start, first = clock(), steps
        took = clock() - start
    return 1e6 * took / (steps - first)


def pairs(task: str, seconds: float, count: int, clock: str) -> dict[str, Any]:
    """Every arm against bare runs, interleaved."""
    times: dict[str, list[float]] = {
        name: [] for name, package in ARMS.items() if package is None or find_spec(package)
    }
    for _ in range(count):
        for name, taken in times.items():
            command = [sys.executable, __file__, "--task", task, "--arm", name, "--seconds", str(seconds)]
            command += ["--clock", clock]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            taken.append(float(done.stdout.split()[-1]))
    ratios = {n: [a / b - 1 for a, b in zip(t, times["none"], strict=True)] for n, t in times.items() if n != "none"}
    figures: dict[str, Any] = {"step_us": statistics.median(times["none"])}
    for name in ARMS:
        if name in ratios:
            figures[name] = {
                "median": statistics.median(ratios[name]),
                "low": min(ratios[name]),
                "high": max(ratios[name]),
            }
        elif name != "none":
            figures[name] = "absent"
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--tasks", default="mlp,cnn,lstm,transformer")
    parser.add_argument("--task", help=argparse.SUPPRESS)
    parser.add_argument("--arm", help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--clock", choices=tuple(CLOCKS), default="wall")
    options = parser.parse_args()
    if options.task:
        print(measure(options.task, options.arm, options.seconds, CLOCKS[options.clock]))
        return 0
    seconds, count = (3.0, 3) if options.quick else (options.seconds, PAIRS)
    found = {task: pairs(task, seconds, count, options.clock) for task in options.tasks.split(",")}
    for task, figures in found.items():
        print(f"{task:12s} {figures['step_us']:9.0f} µs a step, aim {AIMS[task]:.0%}")
        for name in ("whyfit", "wandb", "tensorboard", "cockpit"):
            one = figures[name]
            print(
                f"  {name:12s}",
                one if one == "absent" else f"{one['median']:+.1%}  [{one['low']:+.1%}, {one['high']:+.1%}]",
            )
    met = all(figures["whyfit"]["median"] <= AIMS[task] for task, figures in found.items())
    if options.json is not None:
        document = {
            "benchmark": "watch_overhead",
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": f"{platform.system()} {platform.machine()}",
            "versions": {
                name: version(name) for name in ("torch", "whyfit", "wandb", "tensorboard") if find_spec(name)
            },
            "figures": found,
            "aims": AIMS,
            "clock": options.clock,
            "met": met,
        }
        options.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
