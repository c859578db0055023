"""Following values through a network: which layer made them, and which activation they meet.

It watches the calls of torch functions in one forward pass, so it sees `F.relu(self.fc(x))` as well as modules, and
leaves nothing behind on the network. A value belongs to the layer that made it, through norms, dropout, pooling and
reshaping, until an activation or the next layer takes it. It does not see into compiled or scripted modules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from whyfit.surgery.composite import HIDING
from whyfit.surgery.functions import INPUTS_FIRST, KINDS, activation_of

NO_ACTIVATION = "identity"


@dataclass(slots=True, eq=False)
class Call:
    """One use of a layer in a pass.

    Attributes
    ----------
    name, kind
        Of the layer, as the network names its weights; `dense`, `conv`, `recurrent` or `embedding`.
    weight
        The layer's weights.
    output
        What the layer gave.
    inputs_first
        Whether the first axis of the weights is the inputs, as in `x @ W` and transposed convolutions.
    activation
        The first activation that its output met; `identity` until it met one.
    """

    name: str
    kind: str
    weight: Tensor
    output: Tensor
    inputs_first: bool = False
    activation: str = NO_ACTIVATION

    @property
    def units_first(self) -> Tensor:
        """The weights as (units, inputs, …), a view."""
        return self.weight.transpose(0, 1) if self.inputs_first else self.weight

    @property
    def units_axis(self) -> int:
        """Where the units stand in the output: channels come after the rows, other units last."""
        return -self.weight.ndim + 1 if self.kind == "conv" else -1


class Watcher:
    """What is told of a pass; each method does nothing until a subclass wants to know."""

    def layer(self, call: Call) -> None:
        """A layer has given its output."""

    def before(self, call: Call, values: Tensor, function: Callable[[Tensor], Any]) -> None:
        """Values are about to enter an activation, which may overwrite them."""

    def after(self, call: Call, values: Tensor) -> None:
        """What the activation gave."""


@dataclass(slots=True, eq=False)
class _Sources:
    """Which call made which tensor; the tensors are held, so that no other can take their identity."""

    of: dict[int, tuple[Tensor, Call]] = field(default_factory=dict)

    def get(self, value: Any) -> Call | None:
        found = self.of.get(id(value))
        return None if found is None else found[1]

    def put(self, value: Any, call: Call) -> None:
        for tensor in _tensors(value):
            self.of[id(tensor)] = (tensor, call)

    def drop(self, value: Any) -> None:
        for tensor in _tensors(value):
            self.of.pop(id(tensor), None)


class Flow(TorchFunctionMode):
    """While it is entered, the calls of one network are followed and a watcher is told.

    Attributes
    ----------
    calls
        In the order of the pass.
    """

    def __init__(self, module: nn.Module, watcher: Watcher | None = None) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self._watcher = watcher or Watcher()
        self._names = {id(p): name.rpartition(".")[0] or name for name, p in module.named_parameters()}
        self._sources = _Sources()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Follow one call."""
        kwargs = kwargs or {}
        if func in HIDING:
            with self:
                return HIDING[func](*args, **kwargs)
        weight = self._weight(func, args, kwargs)
        if weight is not None:
            return self._layer(func, args, kwargs, weight)
        call = self._sources.get(args[0]) if args else None
        activation = activation_of(func, args, kwargs)
        if call is not None and activation is not None and call.activation == NO_ACTIVATION:
            return self._activation(func, args, kwargs, call, activation)
        return self._passed_on(func, args, kwargs)

    def _weight(self, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Tensor | None:
        if func not in KINDS:
            return None
        given = _tensors([*args, *kwargs.values()])
        return next((tensor for tensor in given if id(tensor) in self._names and tensor.ndim > 1), None)

    def _layer(self, func: Any, args: Any, kwargs: Any, weight: Tensor) -> Any:
        result = func(*args, **kwargs)
        output = next(_tensors(result))
        call = Call(self._names[id(weight)], KINDS[func], weight, output, func in INPUTS_FIRST)
        self.calls.append(call)
        self._sources.put(result, call)
        self._watcher.layer(call)
        return result

    def _activation(self, func: Any, args: Any, kwargs: Any, call: Call, name: str) -> Any:
        values, rest = args[0], args[1:]
        call.activation = name
        self._watcher.before(call, values, lambda z: func(z, *rest, **kwargs))
        result = func(*args, **kwargs)
        self._watcher.after(call, result)
        self._sources.drop(values)
        self._sources.drop(result)
        return result

    def _passed_on(self, func: Any, args: Any, kwargs: Any) -> Any:
        """The result belongs to the first call whose values went in."""
        found = (self._sources.get(tensor) for tensor in _tensors([*args, *kwargs.values()]))
        call = next((one for one in found if one is not None), None)
        result = func(*args, **kwargs)
        if call is not None and call.activation == NO_ACTIVATION:
            self._sources.put(result, call)
        return result


def _tensors(value: Any) -> Iterator[Tensor]:
    """All tensors in a value, in lists and tuples too."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for one in value:
            yield from _tensors(one)
