"""Small programs with one thing wrong, each beside its twin; and a way to watch a function in this process."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import nn

from whyfit.evidence.observation import Observation
from whyfit.exams.watched.all import examine_watched
from whyfit.probes.all import run_probes
from whyfit.vitals.journal import Journal
from whyfit.vitals.observer import Observer
from whyfit.vitals.read import read_folder

GENEROUS = math.inf
"""Part of the time: a test wants looks, at the same steps whatever the clock says."""


def observed(train: Callable[[], object]) -> Observation:
    """What watching a function sees."""
    with tempfile.TemporaryDirectory() as place:
        observer = Observer(Journal(Path(place)), GENEROUS, run_probes)
        observer.install()
        try:
            train()
        finally:
            observer.end()
        return read_folder(Path(place))[0]


def alarms(seen: Observation) -> list[str]:
    """The codes of the warnings and serious findings, in order."""
    return [finding.code for finding in examine_watched(seen)[1] if finding.severity.rank >= 2]


def classes(rows: int = 256, inputs: int = 6, *, seed: int = 5) -> tuple[torch.Tensor, torch.Tensor]:
    """Three classes that a small network tells apart."""
    draw = torch.Generator().manual_seed(seed)
    x = torch.randn(rows, inputs, generator=draw)
    return x, (x[:, :3] + 0.2 * torch.randn(rows, 3, generator=draw)).argmax(1)


def curve(rows: int = 256) -> tuple[torch.Tensor, torch.Tensor]:
    """A number that a small network can follow; targets (rows, 1) of both signs."""
    draw = torch.Generator().manual_seed(6)
    x = torch.randn(rows, 4, generator=draw)
    return x, torch.sin(x[:, :1]) * 2 + x[:, 1:2] + 0.05 * torch.randn(rows, 1, generator=draw)


def net(
    *, inputs: int = 6, outputs: int = 3, last: nn.Module | None = None, between: nn.Module | None = None
) -> nn.Module:
    """A perceptron with 32 hidden units."""
    torch.manual_seed(2)
    layers = [nn.Linear(inputs, 32), between or nn.ReLU(), nn.Linear(32, outputs), last]
    return nn.Sequential(*(layer for layer in layers if layer is not None))


def fit(
    model: nn.Module,
    data: tuple[torch.Tensor, torch.Tensor],
    loss_of: Callable[..., torch.Tensor] = nn.functional.cross_entropy,
    *,
    rate: float = 0.02,
    steps: int = 120,
    rule: torch.optim.Optimizer | None = None,
    zero: str = "before",
    batch: int = 32,
) -> nn.Module:
    """An ordinary loop; `zero` says where gradients are zeroed: `before`, `never` or `between`."""
    optimizer = rule or torch.optim.Adam(model.parameters(), lr=rate)
    x, y = data
    draw = torch.Generator().manual_seed(7)
    model.train()
    for _ in range(steps):
        rows = torch.randint(0, len(x), (batch,), generator=draw)
        if zero == "before":
            optimizer.zero_grad()
        loss_of(model(x[rows]), y[rows]).backward()
        if zero == "between":
            optimizer.zero_grad()
        optimizer.step()
    return model


def score(model: nn.Module, x: torch.Tensor, *, mode: str = "eval", times: int = 3) -> None:
    """Look at some rows without gradients, in a mode."""
    model.train(mode == "train")
    for _ in range(times):
        with torch.no_grad():
            model(x)


def codes_of(seen: Observation) -> set[str]:
    """The codes of all findings."""
    return {finding.code for finding in examine_watched(seen)[1]}


def found_and_silent(faults: dict[str, Callable[..., object]]) -> tuple[Callable[..., None], Callable[..., None]]:
    """Two tests over planted faults by code: each is the first alarm, and its twin raises none."""

    @pytest.mark.parametrize("code", faults)
    def test_a_planted_fault_is_found_first(code: str) -> None:
        found = alarms(observed(lambda: faults[code](broken=True)))
        assert found[:1] == [code], found

    @pytest.mark.parametrize("code", faults)
    def test_its_twin_is_silent(code: str) -> None:
        assert alarms(observed(lambda: faults[code](broken=False))) == []

    return test_a_planted_fault_is_found_first, test_its_twin_is_silent
