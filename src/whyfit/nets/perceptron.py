"""The default network as a torch module: the kernel's oracle, and what is exported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils import skip_init

from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.types import FloatArray
from whyfit.nets.activations import activation_module, pieces_of
from whyfit.nets.embedding import Embeddings
from whyfit.rules.initializers import Draw, initialize

DrawOf = Callable[[int], Draw]
"""Gives the numbers that layer l (0 is the first) starts from."""


class Layer(nn.Module):
    """One hidden layer: dense → norm (`before`) → activation → norm (`after`) → dropout.

    Before a norm a bias would have no effect, as the norm takes the mean off again; there is none.
    """

    def __init__(self, inputs: int, units: int, recipe: Recipe, dtype: torch.dtype) -> None:
        super().__init__()
        given = units * pieces_of(recipe.activation)
        self.dense = _dense(inputs, given, dtype, bias=recipe.batch_norm != "before")
        self.before = nn.BatchNorm1d(given, dtype=dtype) if recipe.batch_norm == "before" else None
        self.activation = activation_module(recipe.activation).to(dtype)
        self.after = nn.BatchNorm1d(units, dtype=dtype) if recipe.batch_norm == "after" else None
        self.dropout = nn.Dropout(float(recipe.dropout)) if recipe.dropout else None

    def forward(self, x: Tensor) -> Tensor:
        """(rows, inputs) → (rows, units)."""
        for step in (self.dense, self.before, self.activation, self.after, self.dropout):
            if step is not None:
                x = step(x)
        return x


class PerceptronModule(nn.Module):
    """Embedded categories where there are any, hidden layers, then one dense layer alone."""

    def __init__(
        self,
        widths: Sequence[int],
        recipe: Recipe,
        dtype: torch.dtype = torch.float32,
        tables: Sequence[tuple[int, int]] = (),
    ) -> None:
        super().__init__()
        self.embeddings = Embeddings(tables, dtype) if tables else None
        self.hidden = nn.ModuleList(Layer(i, o, recipe, dtype) for i, o in pairwise(widths[:-1]))
        self.last = _dense(widths[-2], widths[-1], dtype)

    def forward(self, x: Tensor) -> Tensor:
        """(rows, inputs) → (rows, outputs)."""
        if self.embeddings is not None:
            x = self.embeddings(x)
        for layer in self.hidden:
            x = layer(x)
        return self.last(x)  # type: ignore[no-any-return]  # a module call is Any to torch's types

    @property
    def dense(self) -> list[nn.Linear]:
        """The dense layers from input to output."""
        return [*(layer.dense for layer in self.hidden), self.last]  # type: ignore[list-item]  # see above


def _dense(inputs: int, units: int, dtype: torch.dtype, *, bias: bool = True) -> nn.Linear:
    """A dense layer without the start that torch would draw for it."""
    layer: nn.Linear = skip_init(nn.Linear, inputs, units, bias=bias, dtype=dtype)  # type: ignore[no-untyped-call]  # torch has no type for it
    return layer


def perceptron(
    recipe: Recipe,
    inputs: int,
    outputs: int,
    draw_of: DrawOf,
    dtype: torch.dtype = torch.float32,
    tables: Sequence[FloatArray] = (),
) -> PerceptronModule:
    """The network of a recipe, started by its initialiser; biases start at zero.

    Parameters
    ----------
    recipe, inputs, outputs
        What is made; `inputs` counts the features that come in, places in tables too.
    draw_of
        Gives the numbers that layer l starts from.
    dtype
        Of all parameters.
    tables
        Of embedded categories at their start, each (places, numbers).

    Examples
    --------
    >>> numbers = np.random.default_rng(0)
    >>> draw = Draw(numbers.random, numbers.standard_normal)
    >>> perceptron(Recipe(), 4, 3, lambda layer: draw)(torch.zeros(2, 4)).shape
    torch.Size([2, 3])
    """
    assert isinstance(recipe.network, Perceptron)
    wide = inputs + sum(table.shape[1] - 1 for table in tables)
    shapes = [(table.shape[0], table.shape[1]) for table in tables]
    module = PerceptronModule((wide, *recipe.network.hidden, outputs), recipe, dtype, shapes)
    if module.embeddings is not None:
        module.embeddings.start([torch.from_numpy(table) for table in tables])
    for i, dense in enumerate(module.dense):
        follows = recipe.activation if i < len(module.hidden) else "identity"
        weights = initialize(recipe.initializer, (dense.out_features, dense.in_features), follows, draw_of(i))
        with torch.no_grad():
            dense.weight.copy_(torch.from_numpy(np.ascontiguousarray(weights)))
            if dense.bias is not None:
                dense.bias.zero_()
    return module
