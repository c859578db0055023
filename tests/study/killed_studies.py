"""The kinds of studies that are killed: what each is given, and how many networks it trains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

PLAIN_NET = """
import torch

def make(inputs, outputs):
    return torch.nn.Sequential(torch.nn.Linear(inputs, 8), torch.nn.ReLU(), torch.nn.Linear(8, outputs))
"""
BRANCHING_NET = """
import torch

class Net(torch.nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.first, self.second = torch.nn.Linear(inputs, 8), torch.nn.Linear(8, outputs)

    def forward(self, rows):
        hidden = torch.relu(self.first(rows))
        return self.second(hidden if float(hidden.detach().abs().max()) < 1e9 else hidden * 0)

def make(inputs, outputs):
    return Net(inputs, outputs)
"""
"""It asks for a value in mid-forward, so it cannot be stacked."""
Columns = dict[str, np.ndarray]


@dataclass(frozen=True)
class Kind:
    """One kind of study.

    Attributes
    ----------
    networks
        Its budget.
    columns
        Makes the table, the answer last; None for the digits.
    options
        Of the command, beside the budget.
    network
        A user's network, where it has one.
    """

    networks: int
    columns: Callable[[np.random.Generator], Columns] | None = None
    options: tuple[str, ...] = ()
    network: str | None = None

    def arguments(self, folder: Path) -> list[str]:
        """The arguments of `whyfit checkup`, with what they name written into a folder."""
        found = ["--budget", f"{self.networks}n", *self.options]
        if self.network is not None:
            (folder / "net.py").write_text(self.network, encoding="utf-8")
            found += ["--model", f"{folder / 'net.py'}:make"]
        return [*self._source(folder), *found]

    def _source(self, folder: Path) -> list[str]:
        if self.columns is None:
            return []
        table = self.columns(np.random.default_rng(7))
        rows = [",".join(str(value) for value in row) for row in zip(*table.values(), strict=True)]
        (folder / "t.csv").write_text("\n".join([",".join(table), *rows]), encoding="utf-8")
        return [str(folder / "t.csv"), "--target", "answer"]


def _inputs(noise: np.random.Generator, rows: int) -> Columns:
    return {"a": noise.standard_normal(rows).round(3), "b": noise.standard_normal(rows).round(3)}


def _classes(noise: np.random.Generator) -> Columns:
    table = _inputs(noise, 80)
    return table | {"answer": np.where(table["a"] + noise.standard_normal(80) > 0, "yes", "no")}


def _numbers(noise: np.random.Generator) -> Columns:
    table = _inputs(noise, 120)
    return table | {"answer": (np.sin(table["a"]) + 0.3 * noise.standard_normal(120)).round(4)}


def _grouped(noise: np.random.Generator) -> Columns:
    table = _classes(noise)
    return {"patient": np.repeat([f"p{i}" for i in range(20)], 4), **table}


def _ordered(noise: np.random.Generator) -> Columns:
    table = _numbers(noise)
    return {"day": np.arange(120), **table}


KINDS = {
    "digits": Kind(160, options=("--seed", "3")),  # some 28 are kept at once: of 60, a kill seldom met the first third
    "regression": Kind(120, _numbers),
    "groups": Kind(120, _grouped, ("--groups", "patient")),
    "order in time": Kind(16, _ordered, ("--time", "day")),
    "remedies and race": Kind(700, _classes),
    "user's network, stacked": Kind(60, _classes, network=PLAIN_NET),
    "user's network, single": Kind(40, _classes, network=BRANCHING_NET),
}
