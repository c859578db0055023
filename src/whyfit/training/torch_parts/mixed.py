"""Rows of a batch that were mixed in pairs, and what that makes of their targets."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Mixed:
    """Who was mixed with whom; all shapes may have an axis of members in front.

    Attributes
    ----------
    partner
        (rows,) int64: with which row of the batch each was mixed.
    share
        (rows,) float64: its own share, from ½ to 1.
    """

    partner: Tensor
    share: Tensor

    def of(self, values: Tensor) -> Tensor:
        """(rows, outputs) values of each row → those of the mixed rows."""
        share = self.share.to(values.dtype).unsqueeze(-1)
        return share * values + (1 - share) * self.partners(values)

    def weighed(self, shares: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
        """Shares of the classes and weights of each row → those of the mixed rows, as if both rows were there.

        The weight is W = λ·w_a + (1 − λ)·w_b, and the shares are (λ·w_a·y_a + (1 − λ)·w_b·y_b)/W, so that each class
        counts as much as without mixing.

        Examples
        --------
        >>> mixed = Mixed(torch.tensor([1, 1]), torch.tensor([0.75, 1.0]))
        >>> wanted, weights = mixed.weighed(torch.eye(2), torch.tensor([2.0, 1.0]))
        >>> wanted[0].tolist(), weights[0].item()
        ([0.8571428656578064, 0.1428571492433548], 1.75)
        """
        share = self.share.to(shares.dtype)
        own, other = share * weights, (1 - share) * torch.take_along_dim(weights, self.partner, dim=-1)
        total = own + other
        wanted = own.unsqueeze(-1) * shares + other.unsqueeze(-1) * self.partners(shares)
        return wanted / total.unsqueeze(-1), total

    def partners(self, values: Tensor) -> Tensor:
        """(rows, …) values of each row's partner."""
        return torch.take_along_dim(values, self.partner.unsqueeze(-1), dim=-2)
