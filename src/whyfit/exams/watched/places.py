"""The line of the script that a finding is about, where one is known.

A layer's line is the one that calls it (a probe saw it), or that calls the network where no line calls the layer, an
optimiser's that of its step, a loss's the one that calls `backward` on it, an evaluation's the first one in its mode.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from whyfit.evidence.finding import Finding, Where
from whyfit.evidence.observation import Observation
from whyfit.evidence.question import Question

EVALUATIONS = {
    "dropout.evaluated_in_training_mode": "training",
    "batchnorm.evaluated_in_training_mode": "training",
    "splits.scored_rows_trained_on": "eval",
}
"""Findings on how rows are scored, and the mode of the evaluation."""
CALLED = "call "
"""What the lines of calls are kept under."""
OF_LOSS = frozenset({Question.ACTIVATIONS, Question.BACKPROP})
"""Questions whose findings without a layer are about the way from the output to the loss."""


def placed(finding: Finding, seen: Observation) -> Finding:
    """The finding with file and line, where the line that it is about is known."""
    where = finding.where or Where()
    if where.file is not None:
        return finding
    line = next((one for one in _lines(finding, seen) if one), "")
    file, _, number = line.rpartition(":")
    if not file or not number.isdigit():
        return finding
    return replace(finding, where=replace(where, file=_short(file), line=int(number)))


def _lines(finding: Finding, seen: Observation) -> Iterator[str]:
    """The lines that it may be about, the nearest first."""
    where = finding.where or Where()
    if finding.code in EVALUATIONS:
        yield seen.modes.places.get(EVALUATIONS[finding.code], "")
        return
    if where.layer is not None or where.parameter is not None:
        yield _line_of_layer(where.layer or str(where.parameter).rpartition(".")[0], seen)
        return
    if finding.question is Question.OPTIMIZERS:
        yield from _line_of_optimizer(finding, seen)
    elif finding.question in OF_LOSS:
        yield max(seen.curves, key=lambda line: len(seen.curves[line]), default="")


def _line_of_layer(name: str, seen: Observation) -> str:
    """The line that calls the layer, or the nearest module around it that a line calls, or else the network."""
    for network, probes in seen.probes.items():
        lines = probes.get("places", {}).get("lines", {})
        path = name.removeprefix(f"{network}.").split(".")
        for length in range(len(path), 0, -1):
            if found := lines.get(".".join(path[:length])):
                return str(found)
    known = any(layer.name == name for look in seen.looks for layer in look.layers)
    return _line_of_call(seen) if known else ""


def _line_of_call(seen: Observation) -> str:
    """That which calls the network, where only one was: the layers of a `Sequential` have no line of their own."""
    lines = {line for name, line in seen.modes.places.items() if name.startswith(CALLED) and line}
    return lines.pop() if len(lines) == 1 else ""


def _line_of_optimizer(finding: Finding, seen: Observation) -> Iterator[str]:
    """That of the optimiser that it names, or of the only one."""
    name = finding.numbers.get("name")
    alike = [one for one in seen.optimizers if one.place and name in (None, one.name)]
    if len({one.place for one in alike}) == 1:
        yield alike[0].place


def _short(file: str) -> str:
    """As a person in this folder would type it."""
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else file
