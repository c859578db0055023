"""What a cohort's epoch adds up to, kept on the device until its end: a look at each step would stop a GPU."""

from __future__ import annotations

import torch
from torch import Tensor

from whyfit.training.stacked_parts.losses import CohortLoss, cohort_errors
from whyfit.training.torch_parts.evaluate import CHUNK_ROWS, Mean
from whyfit.training.torch_parts.mixed import Mixed
from whyfit.training.torch_parts.rows import Rows


class CohortTally:
    """Running means of each member over the batches of an epoch, and where a number was not finite first."""

    def __init__(self, rows: Rows, loss: CohortLoss) -> None:
        self._rows, self._loss = rows, loss
        self._totals: list[Tensor] = []
        self._weights: list[Tensor] = []
        self._errors: list[Tensor] = []
        self._gradients: list[Tensor] = []
        self._waiting: list[tuple[Tensor, Tensor]] = []
        self._waiting_rows = 0
        self._counts: list[Tensor] = []

    def add(self, index: Tensor, outputs: Tensor, total: Tensor, weight: Tensor, mixed: Mixed | None = None) -> None:
        """Take in one batch: (members, rows) row numbers, outputs, (members,) summed losses and weights, and who was
        mixed with whom. Mixed numbers are compared with mixed ones; a mixed row's own class stays what it was.
        """
        self._totals.append(total)
        self._weights.append(weight)
        if mixed is not None and self._rows.units is not None and not self._loss.labels:
            wanted = mixed.weighed(self._rows.target[index], self._weights_of(index))[0]
            self._add_errors((self._rows.own_units(outputs) - wanted).square().mean(dim=2), index)
            return
        self._waiting.append((index, outputs))
        self._waiting_rows += index.numel()
        if self._waiting_rows >= CHUNK_ROWS:
            self._count_errors()

    def note_gradients(self, norms: Tensor) -> None:
        """Take in the members' gradient norms before they are clipped, which could hide an infinity."""
        self._gradients.append(norms)

    def means(self) -> list[Mean]:
        """Of each member."""
        if self._waiting:
            self._count_errors()
        total, weight = (torch.stack(parts).double().sum(dim=0) for parts in (self._totals, self._weights))
        error = torch.stack(self._errors).sum(dim=0) / torch.stack(self._counts).sum(dim=0)
        return [Mean(a, b) for a, b in zip((total / weight).tolist(), error.tolist(), strict=True)]

    def first_not_finite(self, parameters: dict[str, Tensor]) -> dict[int, tuple[str, int]]:
        """Place of a member → what was not finite, and in which step: a loss, a gradient, or at the end a weight."""
        last = len(self._totals) - 1
        found: dict[int, tuple[str, int]] = {}
        for what, history in (("gradient", self._gradients), ("loss", self._totals)):
            for place, step in _first_bad(history).items():
                if place not in found or step <= found[place][1]:
                    found[place] = (what, step)
        sound = torch.stack([p.detach().flatten(1).isfinite().all(dim=1) for p in parameters.values()]).all(dim=0)
        for place in torch.nonzero(~sound).flatten().tolist():
            found.setdefault(place, ("weight", last))
        return found

    def _count_errors(self) -> None:
        index, outputs = (torch.cat(parts, dim=1) for parts in zip(*self._waiting, strict=True))
        errors = cohort_errors(outputs, self._rows.targets(index), index, self._rows, self._loss)
        self._add_errors(errors, index)
        self._waiting, self._waiting_rows = [], 0

    def _add_errors(self, errors: Tensor, index: Tensor) -> None:
        weights = self._weights_of(index)
        self._errors.append((errors.double() * weights).sum(dim=1))
        self._counts.append(weights.sum(dim=1))

    def _weights_of(self, index: Tensor) -> Tensor:
        """(members, rows) float64: 1 where rows count alike."""
        own = self._rows.weights_of(index)
        if own is None:
            return torch.ones(index.shape, dtype=torch.float64, device=index.device)
        return own.double()


def _first_bad(history: list[Tensor]) -> dict[int, int]:
    """(members,) numbers of each step → the first step at which each member's was not finite."""
    if not history:
        return {}
    bad = ~torch.stack(history).isfinite()  # (steps, members)
    places = torch.nonzero(bad.any(dim=0)).flatten().tolist()
    return {place: int(bad[:, place].int().argmax()) for place in places}
