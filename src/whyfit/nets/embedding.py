"""Embedded categories as a torch module: plain features go through, places in tables become rows of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn


class Embeddings(nn.ModuleList):
    """One table for each of the last features; the features before them are handed on.

    Examples
    --------
    >>> tables = Embeddings([(3, 2)])
    >>> tables(torch.tensor([[0.5, 0.0], [0.5, 2.0]])).shape
    torch.Size([2, 3])
    """

    def __init__(self, shapes: Iterable[tuple[int, int]], dtype: torch.dtype = torch.float32) -> None:
        super().__init__(nn.Embedding(places, numbers, dtype=dtype) for places, numbers in shapes)

    def forward(self, x: Tensor) -> Tensor:
        """(rows, plain + tables) → (rows, plain + numbers of all tables)."""
        plain, tables = x.shape[-1] - len(self), [*self]
        chosen = [table.weight.index_select(0, x[:, plain + i].long()) for i, table in enumerate(tables)]
        return torch.cat([x[:, :plain], *chosen], dim=-1)

    @torch.no_grad()
    def start(self, tables: Sequence[Tensor]) -> None:
        """Begin with these tables, each (places, numbers)."""
        for own, values in zip(self.parameters(), tables, strict=True):
            own.copy_(values)


def ids_of_tables(module: nn.Module) -> frozenset[int]:
    """Identities of the parameters that are tables of an embedding, whyfit's or a user's own."""
    kinds = (nn.Embedding, nn.EmbeddingBag)
    return frozenset(id(part.weight) for part in module.modules() if isinstance(part, kinds))
