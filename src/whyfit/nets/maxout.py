"""Maxout, the activation that torch lacks, as a module."""

from __future__ import annotations

from torch import Tensor, nn
from torch.overrides import handle_torch_function, has_torch_function_unary

from whyfit.errors import ArgumentError, NetworkError
from whyfit.rules.activations.maxout import PIECES


class Maxout(nn.Module):
    """Each unit hands on the largest of its pieces: (…, units·pieces, …) → (…, units, …).

    It stands behind a layer with units·pieces outputs, the pieces of one unit together; the gradient goes to the piece
    that won, the first of equals. It has no parameters of its own, and works under `torch.func.vmap`.

    Parameters
    ----------
    pieces
        Values for each unit, at least 2.
    dim
        Where the values stand: −1 behind `Linear`, 1 behind a convolution.

    References
    ----------
    Goodfellow, Warde-Farley, Mirza, Courville & Bengio 2013, Maxout networks, equation 1.

    Examples
    --------
    >>> import torch
    >>> Maxout()(torch.tensor([[1.0, 3.0, -2.0, -5.0]]))
    tensor([[ 3., -2.]])
    """

    def __init__(self, pieces: int = PIECES, *, dim: int = -1) -> None:
        super().__init__()
        if pieces < 2:
            raise ArgumentError(f"`pieces` must be at least 2, got {pieces}.", advice="One piece is no activation.")
        self.pieces, self.dim = pieces, dim

    def forward(self, values: Tensor) -> Tensor:
        """The largest of each unit's pieces."""
        return maxout(values, self.pieces, self.dim)

    def extra_repr(self) -> str:
        """The settings, for torch's own printing."""
        return f"pieces={self.pieces}, dim={self.dim}"


def maxout(values: Tensor, pieces: int, dim: int) -> Tensor:
    """The largest of each unit's pieces along a dimension; seen by function modes as one activation."""
    if has_torch_function_unary(values):
        offered: Tensor = handle_torch_function(maxout, (values,), values, pieces, dim)
        return offered
    size, place = values.shape[dim], dim % values.ndim
    if size % pieces:
        raise NetworkError(
            f"Maxout needs a multiple of {pieces} values along dimension {dim}, got {size}.",
            advice=f"Give the layer before it units·{pieces} outputs.",
        )
    shape = (*values.shape[:place], size // pieces, pieces, *values.shape[place + 1 :])
    largest: Tensor = values.reshape(shape).max(dim=place + 1).values
    return largest
