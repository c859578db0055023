"""One look at all layers: from the graph before the backward pass, and from the gradients that then arrive."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from whyfit.evidence.types import AnyArray, BoolArray
from whyfit.vitals.graph import LAYERS, LOSSES, Graph, Node, following, is_passive, weight_of
from whyfit.vitals.numbers import as_array, by_unit, mean_and_deviation, quietly

FLAT_SIGMOID = 0.025
"""A tenth of the sigmoid's largest derivative, 1/4: s·(1 − s)."""
FLAT_TANH = 0.1
"""A tenth of the largest derivative of tanh, 1: 1 − t²."""
RECTIFIED = frozenset({"relu", "hardtanh", "threshold"})
STRAIGHT = frozenset({"AccumulateGrad", *LAYERS, *LOSSES})
"""Operations that do not bend by themselves."""
MIDDLE = (0.025, 0.975)
"""Of the values before an activation: nineteen of twenty lie between these quantiles."""
MOST_RANKED = 4096
"""Values that are put in order for them: the quantiles then err by a quarter of a percent of rank."""
CLOSEST = 2.0**-24
"""To its limit float32 tells a value no nearer than this: what went in was at least as far out as is said."""
BACK: dict[str, Callable[[float], float]] = {
    "sigmoid": lambda value: math.log((value + CLOSEST) / (1 - value + CLOSEST)),
    "tanh": lambda value: math.log((1 + value + CLOSEST) / (1 - value + CLOSEST)) / 2,
    "relu": float,
}
"""From what came out of an activation to what went in; of a ReLU only what is above zero is known."""


@dataclass(slots=True)
class Reading:
    """What one layer did in one pass. Numbers that could not be read stay NaN."""

    name: str
    kind: str
    activation: str
    units: int
    rows: int
    input_mean: float = math.nan
    input_std: float = math.nan
    input_largest: float = math.nan
    pre_std: float = math.nan
    pre_low: float = math.nan
    pre_high: float = math.nan
    mean: float = math.nan
    std: float = math.nan
    zero_share: float = math.nan
    saturated_share: float = math.nan
    spread: float = math.nan
    delta_std: float = math.nan
    silent: BoolArray | None = None
    frozen: bool = False
    parameter: Any = field(default=None, repr=False)

    def plain(self) -> dict[str, Any]:
        """As it stands in the journal."""
        skip = ("silent", "parameter")
        return {name: getattr(self, name) for name in self.__slots__ if name not in skip}


def read_layers(graph: Graph, name_of: Callable[[Any], str]) -> list[tuple[Reading, Node]]:
    """Every layer of the graph, from the data to the loss."""
    found = []
    for number, node in enumerate(graph.layers()):
        weight = weight_of(node)
        name = name_of(weight) if weight is not None else f"frozen {number}"
        found.append((_reading(node, name, weight), node))
    return found


def _reading(node: Node, name: str, weight: Any) -> Reading:
    activation, acting, _ = following(node)
    axis = 1 if LAYERS[node.name] == "conv" else -1
    units = node.shape[axis] if node.shape else 0
    reading = Reading(name, LAYERS[node.name], activation, units, node.shape[0] if node.shape else 0)
    reading.frozen, reading.parameter = weight is None, weight
    _take_input(reading, node)
    if acting is not None:
        _take_output(reading, acting, axis)
    return reading


def _take_input(reading: Reading, node: Node) -> None:
    given = node.saved("mat1") if node.name == "Addmm" else node.saved("input" if node.name != "Mm" else "self")
    if given is None or not given.dtype.is_floating_point:
        return
    values = as_array(given)
    reading.input_mean, reading.input_std = mean_and_deviation(values)
    reading.input_largest = float(np.abs(values).max(initial=0.0))


def _take_output(reading: Reading, acting: Node, axis: int) -> None:
    given = acting.saved("result")
    after = given is not None
    if given is None:
        given = acting.saved("self")
    if given is None or given.ndim == 0 or tuple(given.shape) != acting.shape:
        return
    values = as_array(given)
    _take_middle(reading, values, after=after)
    if not after:
        reading.pre_std = float(values.std())
        applied = _apply(reading.activation, values)
        if applied is None:
            return
        values = applied
    reading.mean, reading.std = mean_and_deviation(values)
    reading.zero_share = float((values == 0).mean()) if values.size else math.nan
    reading.spread = _spread(by_unit(values, axis))
    reading.saturated_share = _flat_share(reading.activation, values)
    if reading.activation in RECTIFIED:
        reading.silent = (by_unit(values, axis) == 0).all(axis=0)


def _take_middle(reading: Reading, values: AnyArray, *, after: bool) -> None:
    """Where most values before the activation lie; all of these activations rise, so order is kept on the way back."""
    back = BACK.get(reading.activation) if after else float
    if back is None or not values.size:
        return
    some = values.ravel()[:: math.ceil(values.size / MOST_RANKED)]
    places = [round(share * (some.size - 1)) for share in MIDDLE]
    reading.pre_low, reading.pre_high = (back(float(end)) for end in np.partition(some, places)[places])


def _apply(activation: str, values: AnyArray) -> AnyArray | None:
    """What an activation makes of its input, where only that was saved."""
    if activation == "silu":
        values = values / (1 + np.exp(-np.clip(values, -80, 80)))
    if activation == "gelu":
        values = values / (1 + np.exp(-1.702 * np.clip(values, -40, 40)))  # Hendrycks & Gimpel 2016: within 2 %
    return values if activation in ("leaky_relu", "silu", "gelu") else None


def _spread(units: AnyArray) -> float:
    """How much of a unit's size differs from row to row: 0 where all rows look alike, up to 1."""
    size = float(np.sqrt((units**2).mean())) if units.size else 0.0
    return float(np.sqrt(units.var(axis=0).mean())) / size if size > 0 else math.nan


def _flat_share(activation: str, values: AnyArray) -> float:
    if activation == "sigmoid":
        return float((values * (1 - values) < FLAT_SIGMOID).mean())
    if activation == "tanh":
        return float((1 - values * values < FLAT_TANH).mean())
    return math.nan


def listen(readings: list[tuple[Reading, Node]], factor: float = 1.0) -> list[Any]:
    """Have the gradient at each layer's output, over `factor`, written into its reading; the handles take hooks off."""
    return [node.fn.register_prehook(_listener(reading, factor)) for reading, node in readings]


def _listener(reading: Reading, factor: float) -> Callable[[Any], None]:
    @quietly
    def hear(gradients: Any) -> None:
        try:
            if gradients and gradients[0] is not None:
                reading.delta_std = float(as_array(gradients[0]).std()) / factor
        except Exception:  # noqa: BLE001  # a hook inside the engine must never raise into the script
            reading.delta_std = math.nan

    return hear


def count_bends(graph: Graph) -> dict[str, int]:
    """Counts of layers, of layers that stand over another, and of operations between layers that bend."""
    over = _reached((node, node.live) for node in graph.nodes)
    under = _reached((node, node.users) for node in reversed(graph.nodes))
    layers = list(graph.layers())
    between = [node for node in graph.nodes if id(node) in over and id(node) in under]
    bending = [node for node in between if not is_passive(node) and node.name not in STRAIGHT]
    return {
        "layers": len(layers),
        "stacked": sum(id(node) in over for node in layers),
        "bending": len(bending),
    }


def _reached(steps: Iterable[tuple[Node, list[Node]]]) -> set[int]:
    """The nodes that some layer reaches; each node comes after those that it is reached from."""
    reached: set[int] = set()
    for node, sources in steps:
        if any(source.name in LAYERS or id(source) in reached for source in sources):
            reached.add(id(node))
    return reached
