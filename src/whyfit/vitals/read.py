"""From a journal to an observation; a journal that ends in the middle gives what it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from whyfit.evidence.observation import (
    Head,
    HeldOutLoss,
    LayerLook,
    LoadedPart,
    LookAt,
    Modes,
    NormLook,
    Observation,
    OptimizerFacts,
    Overlap,
    ParameterLook,
    Point,
)
from whyfit.vitals.journal import SUFFIX, entries

T = TypeVar("T")


def read_folder(folder: Path) -> tuple[Observation, ...]:
    """One observation a watched process, the one with the most backward passes first."""
    found = [observation_of(entries(path)) for path in sorted(folder.glob(f"*{SUFFIX}"))]
    return tuple(sorted(found, key=lambda seen: -seen.backwards))


def observation_of(lines: Iterable[Mapping[str, Any]]) -> Observation:
    """Put the lines of a journal together."""
    looks: list[LookAt] = []
    curves: dict[str, list[Point]] = {}
    facts: Mapping[str, Any] = {}
    probes: dict[str, Mapping[str, Any]] = {}
    failed: list[tuple[str, str]] = []
    ended = False
    for line in lines:
        kind = line.get("kind")
        if kind == "look":
            looks.append(_look(line))
        elif kind == "curve":
            curves.setdefault(line["line"], []).extend(_point(point) for point in line["points"])
        elif kind == "facts":
            facts = line
        elif kind == "probes":
            probes[line["network"]] = line["found"]
        elif kind == "failed":
            failed.append((line["part"], line["problem"]))
        ended = ended or kind == "end"
    return Observation(
        looks=tuple(looks),
        curves={line: tuple(points) for line, points in curves.items()},
        probes=probes,
        failed=tuple(failed),
        ended="whole" if ended else "cut short",
        **_facts(facts),
    )


def _facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    if not facts:
        return {}
    modes = facts["modes"]
    return {
        "backwards": facts["backwards"],
        "steps": facts["steps"],
        "optimizers": tuple(_made(OptimizerFacts, one) for one in facts["optimizers"]),
        "owned": tuple(facts["owned"]),
        "modules": tuple(facts["modules"]),
        "modes": Modes(
            modes["trained"]["training"], modes["trained"]["eval"], modes["turned_at"], modes["calls"],
            modes["blocks"]["training"], modes["blocks"]["eval"], modes.get("places", {}),
        ),
        "bad": facts["bad"],
        "held_out": tuple(HeldOutLoss(*one) for one in facts["held_out"]),
        "overlaps": tuple(Overlap(*one) for one in facts["overlaps"]),
        "repeats": tuple(facts["repeats"]),
        "alike": tuple(facts.get("alike", (0, 0))),
        "loaded": tuple(_made(LoadedPart, one) for one in facts.get("loaded", ())),
        "unloaded": _made(LoadedPart, facts.get("unloaded", {})),
        "rows_share": facts.get("rows_share", 1.0),
        "fine": facts.get("fine", False),
        "scales": facts.get("scales", {}),
        "scored_labels": tuple((int(label), int(rows)) for label, rows in facts.get("scored_labels", ())),
        "died": facts.get("died"),
        "rank": facts.get("rank"),
        "own_saving": facts["own_saving"],
        "compiled": facts["compiled"],
        "spent": facts["spent"],
    }  # fmt: skip


def _look(line: Mapping[str, Any]) -> LookAt:
    head = line.get("head")
    drops = line.get("drops")
    return LookAt(
        backward=line["backward"],
        step=line["step"],
        loss=line["loss"],
        rate=line["rate"],
        layers=tuple(_made(LayerLook, layer) for layer in line["layers"]),
        parameters=tuple(_made(ParameterLook, row) for row in line["parameters"]),
        norms=tuple(_made(NormLook, norm) for norm in line.get("norms", ())),
        head=_made(Head, head) if head else None,
        bends=line.get("bends"),
        drops=None if drops is None else tuple((drop["p"], tuple(drop["shape"])) for drop in drops),
        own_functions=tuple(line.get("own_functions", ())),
        telling=None if line.get("telling") is None else tuple(line["telling"]),
    )


def _point(values: list[float]) -> Point:
    if len(values) == 2:
        return Point(int(values[0]), 1, values[1], values[1], values[1])
    return Point(int(values[0]), int(values[1]), *values[2:])


def _made(kind: type[T], values: Mapping[str, Any]) -> T:
    """A frozen dataclass from the values it knows; lists become tuples."""
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: _frozen(value) for name, value in values.items() if name in names})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value
