"""What watching costs: each arm in processes of its own, interleaved; medians of ratios to bare runs of the same round.

    python benchmarks/faults/overhead.py [--quick] [--json FILE] [--tasks mlp,cnn,lstm,transformer] [--clock wall|cpu]

A process trains all tasks in turn, some steps of each before the clock starts: starting is left out (whyfit may spend
0.3 seconds there once). Last, what whyfit costs at a step that it does not look at, on a tiny network, blocks of steps
with the observer and without in turn. A peer that is not installed, or that refuses a network, is reported, never left
out in silence. About seven minutes on a quiet machine. `--clock cpu` takes the process's processor time, for a machine
that others use too; it leaves out what wandb's own service process takes. Peers: wandb, tensorboard,
cockpit-for-pytorch with backpack-for-pytorch.
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
PACKAGES = {name: name for name in ("torch", "whyfit", "wandb", "tensorboard")} | {"cockpit": "cockpit-for-pytorch"}
AIMS = {"mlp": 0.05, "cnn": 0.03, "lstm": 0.03, "transformer": 0.01, "fixed_us": 10.0}
"""Steps of about 0.5 ms, of 2 ms and more, of 10 ms and more; and microseconds of a step that is not looked at."""
TASKS = ("mlp", "cnn", "lstm", "transformer")
PAIRS, QUICK_PAIRS = 5, 2
SECONDS = {"mlp": 1.5, "cnn": 1.5, "lstm": 1.5, "transformer": 4.0}
"""Measured of each task in each round."""
WARM_SECONDS, WARM_STEPS = 1.0, 50
"""Before measuring begins, both: whyfit's free looks are over, wandb's first histograms written."""
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
REFUSED = -1.0
BLOCKS, BLOCK_STEPS, BLOCK_WARM = 40, 400, 30
"""Of steps with and without the observer in turn; after each change, some steps are left out."""


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


Note = Callable[[int], None]
"""Called with the number of each step, after it."""


@contextmanager
def arm(name: str, model: Any, place: str) -> Iterator[tuple[Note, Any]]:
    """Attach what watches one network: what is to be told of each step, and Cockpit's own, which stands around it."""
    if name == "whyfit":
        from whyfit.doors.watch_session import Watch

        with Watch(model):
            yield (lambda step: None), None
    elif name == "wandb":
        import wandb

        run = wandb.run or wandb.init(mode="offline", dir=place)
        wandb.watch(model, log="all")
        yield (lambda step: run.log({"step": step})), None
        wandb.unwatch(model)
    elif name == "tensorboard":
        from torch.utils.tensorboard import SummaryWriter

        writer = SummaryWriter(place)
        yield (lambda step: histograms(writer, model, step)), None
        writer.close()
    elif name == "cockpit":
        yield (lambda step: None), economy(model)
    else:
        yield (lambda step: None), None


def histograms(writer: Any, model: Any, step: int) -> None:
    if step % 100 == 0:
        for label, parameter in model.named_parameters():
            writer.add_histogram(label, parameter, step)
            writer.add_histogram(f"{label}.grad", parameter.grad, step)


def economy(model: Any) -> Any:
    """Cockpit with the quantities that it calls economy, at every step as it comes."""
    from backpack import extend
    from cockpit import Cockpit
    from cockpit.utils.configuration import configuration

    extend(model)
    return Cockpit(model.parameters(), quantities=configuration("economy"))


def train(task: str, name: str, seconds: float, clock: Callable[[], float], place: str) -> float:
    """Microseconds a step, warm-up left out."""
    import torch

    torch.manual_seed(0)
    model, batch = make(task)
    rule = torch.optim.Adam(model.parameters(), lr=1e-3)
    cross = torch.nn.functional.cross_entropy
    with arm(name, model, place) as (note, around):
        steps, first, begun, start = 0, 0, clock(), 0.0
        while not start or clock() - start < seconds:
            x, y = batch()
            rule.zero_grad()
            output = model(x)
            loss = cross(output, y)
            if around is not None:
                told = {"batch_size": len(x), "individual_losses": cross(output, y, reduction="none"), "loss": loss}
                with around(steps, info=told | {"optimizer": rule}):
                    loss.backward(create_graph=around.create_graph(steps))
            else:
                loss.backward()
            rule.step()
            note(steps)
            steps += 1
            if not start and steps >= WARM_STEPS and clock() - begun > WARM_SECONDS:
                start, first = clock(), steps
        took = clock() - start
    return 1e6 * took / (steps - first)


def measure(tasks: list[str], name: str, part: float, clock: Callable[[], float]) -> dict[str, float]:
    """Every task with one arm, in this process."""
    import torch

    torch.set_num_threads(1)
    took = {}
    with tempfile.TemporaryDirectory() as place:
        for task in tasks:
            try:
                took[task] = train(task, name, part * SECONDS[task], clock, place)
            except Exception as problem:  # a peer may refuse a network in any way; it is said
                if name in ("none", "whyfit"):
                    raise
                print(f"{name} on {task}: {type(problem).__name__}: {problem}", file=sys.stderr)
                took[task] = REFUSED
    return took


def fixed(blocks: int, clock: Callable[[], float]) -> list[float]:
    """Microseconds that watching adds to a step that is not looked at."""
    import torch

    from whyfit.vitals.journal import Journal
    from whyfit.vitals.observer import Observer

    torch.set_num_threads(1)
    model = torch.nn.Sequential(torch.nn.Linear(8, 8), torch.nn.ReLU(), torch.nn.Linear(8, 2))
    rule = torch.optim.SGD(model.parameters(), lr=1e-3)
    x, y = torch.randn(8, 8), torch.randint(0, 2, (8,))

    def block(steps: int) -> float:
        start = clock()
        for _ in range(steps):
            rule.zero_grad()
            torch.nn.functional.cross_entropy(model(x), y).backward()
            rule.step()
        return 1e6 * (clock() - start) / steps

    with tempfile.TemporaryDirectory() as place:
        observer = Observer(Journal(Path(place)), 1e-6)
        added = []
        for _ in range(blocks):
            bare = block(BLOCK_STEPS)
            observer.install()
            observer.calls.follow(model)
            block(BLOCK_WARM)
            observer.finish()
            observer.pulse.next = sys.maxsize  # nothing is looked at from here
            block(BLOCK_WARM)
            added.append(block(BLOCK_STEPS) - bare)
            observer.uninstall()
            block(BLOCK_WARM)
    return added


def rounds(tasks: list[str], count: int, part: float, clock: str) -> dict[str, Any]:
    """Every arm against bare runs, interleaved."""
    there = [name for name, package in ARMS.items() if package is None or find_spec(package)]
    times: dict[str, dict[str, list[float]]] = {task: {name: [] for name in there} for task in tasks}
    for _ in range(count):
        for name in there:
            command = [sys.executable, __file__, "--arm", name, "--tasks", ",".join(tasks), "--part", str(part)]
            done = subprocess.run([*command, "--clock", clock], stdout=subprocess.PIPE, text=True, check=True)
            (taken_by,) = (line for line in done.stdout.splitlines() if line.startswith("{"))  # peers print words, too
            for task, taken in json.loads(taken_by).items():
                times[task][name].append(taken)
    return {task: _against_none(times[task]) for task in tasks}


def _against_none(times: dict[str, list[float]]) -> dict[str, Any]:
    figures: dict[str, Any] = {"step_us": statistics.median(times["none"])}
    for name in ARMS:
        if name not in times:
            figures[name] = "absent"
        elif REFUSED in times[name]:
            figures[name] = "refuses this network"
        elif name != "none":
            ratios = [a / b - 1 for a, b in zip(times[name], times["none"], strict=True)]
            figures[name] = {"median": statistics.median(ratios), "low": min(ratios), "high": max(ratios)}
    return figures


def _print(found: dict[str, Any]) -> None:
    for task, figures in found.items():
        if task == "fixed_us":
            low, high = figures["low"], figures["high"]
            print(f"a step not looked at: {figures['median']:+.1f} µs  [{low:+.1f}, {high:+.1f}], aim {AIMS[task]:g}")
            continue
        print(f"{task:12s} {figures['step_us']:9.0f} µs a step, aim {AIMS[task]:.0%}")
        for name in list(ARMS)[1:]:
            one = figures[name]
            said = one if isinstance(one, str) else f"{one['median']:+.1%}  [{one['low']:+.1%}, {one['high']:+.1%}]"
            print(f"  {name:12s}", said)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--tasks", default=",".join(TASKS))
    parser.add_argument("--arm", help=argparse.SUPPRESS)
    parser.add_argument("--part", type=float, default=1.0, help=argparse.SUPPRESS)
    parser.add_argument("--clock", choices=tuple(CLOCKS), default="wall")
    options = parser.parse_args()
    tasks = options.tasks.split(",")
    if options.arm:
        print(json.dumps(measure(tasks, options.arm, options.part, CLOCKS[options.clock])))
        return 0
    found = rounds(tasks, QUICK_PAIRS if options.quick else PAIRS, 0.3 if options.quick else 1.0, options.clock)
    added = sorted(fixed(5 if options.quick else BLOCKS, CLOCKS[options.clock]))
    tenth = len(added) // 10
    found["fixed_us"] = {"median": statistics.median(added), "low": added[tenth], "high": added[-1 - tenth]}
    _print(found)
    met = all((figures.get("whyfit") or figures)["median"] <= AIMS[task] for task, figures in found.items())
    if options.json is not None:
        document = {
            "benchmark": "watch_overhead",
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": f"{platform.system()} {platform.machine()}",
            "versions": {package: version(package) for name, package in PACKAGES.items() if find_spec(name)},
            "figures": found,
            "aims": AIMS,
            "clock": options.clock,
            "met": met,
        }
        options.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
