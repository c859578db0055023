"""Augments training batches on the torch side: of one member, or of members side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import torch
from torch import Tensor

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.evidence.types import AnyArray
from whyfit.nets.network import image_of
from whyfit.rules.augmentations import Augmentation
from whyfit.training.augmenting import augmentation_of
from whyfit.training.draws import draws_side_by_side
from whyfit.training.embedding_start import features_for
from whyfit.training.torch_parts.augmented import CHANGES, Known
from whyfit.training.torch_parts.mixed import Mixed
from whyfit.training.torch_parts.rows import Rows
from whyfit.training.torch_parts.tensors import sent, shared


@dataclass(frozen=True, eq=False)
class Group:
    """Members that ask for the same augmentation, each with its own strength; all that no step changes, made once.

    Attributes
    ----------
    entry
        The augmentation.
    index
        (members of the group,) their places.
    strengths
        (members of the group, 1) float64.
    seeds
        (members of the group,) uint64.
    known
        What is known of their rows.
    drawn
        Numbers drawn for one row.
    """

    entry: Augmentation
    index: Tensor
    strengths: Tensor
    seeds: AnyArray
    known: Known
    drawn: int

    def change(self, x: Tensor, epoch: int, step: int) -> tuple[Tensor, Mixed | None]:
        """Their rows (members of the group, rows, features) as they are → as they are trained on."""
        draws = draws_side_by_side(self.seeds, epoch, step, (x.shape[1], self.drawn), normal=self.entry.normal)
        return CHANGES[self.entry.name](x, sent(torch.from_numpy(draws), x.device), self.strengths, self.known)


@dataclass(frozen=True, eq=False)
class Augmenter:
    """What each of some members does to its training rows.

    Attributes
    ----------
    entries
        Of the members; None where rows stay as they are.
    strengths, seeds
        Of the members.
    known
        What is known of their rows.
    columns
        How many columns the data has.
    """

    entries: tuple[Augmentation | None, ...]
    strengths: tuple[float, ...]
    seeds: tuple[int, ...]
    known: Known
    columns: int

    @classmethod
    def of(cls, members: Sequence[Member], data: Dataset, rows: Rows) -> Self:
        """Of members that see the data as `rows`, stacked along the members."""
        recipes = [member.recipe for member in members]
        features = features_for(recipes[0], data)  # members side by side have one structure
        spread = (rows.scale != 0).to(rows.scale.dtype).view(len(members), 1, -1)
        spread[..., features.quantities :] = 0
        return cls(
            tuple(augmentation_of(recipe) for recipe in recipes),
            tuple(recipe.augmentation_strength for recipe in recipes),
            tuple(member.seed for member in members),
            Known(image_of(data.shape), shared(features.columns).to(spread.device), spread),
            len(data.columns),
        )

    def __bool__(self) -> bool:
        return any(entry is not None for entry in self.entries)

    def kept(self, places: Sequence[int]) -> Augmenter:
        """Of some of the members."""
        index = torch.tensor(places, device=self.known.spread.device)
        return Augmenter(
            tuple(self.entries[place] for place in places),
            tuple(self.strengths[place] for place in places),
            tuple(self.seeds[place] for place in places),
            self.known.kept(index),
            self.columns,
        )

    def change(self, x: Tensor, epoch: int, step: int) -> tuple[Tensor, Mixed | None]:
        """(members, rows, features) as they are → as they are trained on, and who was mixed with whom, if anyone."""
        out, mixed = x, None
        for group in self._groups:
            if group.index.numel() == x.shape[0]:
                return group.change(x, epoch, step)
            changed, pairs = group.change(x[group.index], epoch, step)
            out = out.index_copy(0, group.index, changed)
            mixed = mixed if pairs is None else _among(pairs, group.index, x)
        return out, mixed

    @cached_property
    def _groups(self) -> tuple[Group, ...]:
        kinds = [entry for entry in dict.fromkeys(self.entries) if entry is not None]
        return tuple(self._group(kind) for kind in kinds)

    def _group(self, kind: Augmentation) -> Group:
        places = [place for place, entry in enumerate(self.entries) if entry is kind]
        device = self.known.spread.device
        index = torch.tensor(places, device=device)
        strengths = torch.tensor([[self.strengths[place]] for place in places], dtype=torch.float64, device=device)
        seeds = np.array([self.seeds[place] % 2**64 for place in places], np.uint64)
        drawn = kind.count(features=self.known.spread.shape[2], columns=self.columns)
        return Group(kind, index, strengths, seeds, self.known.kept(index), drawn)


def _among(mixed: Mixed, index: Tensor, x: Tensor) -> Mixed:
    """Pairs of some members among all: with itself where a member mixes nothing."""
    members, rows = x.shape[:2]
    partner = torch.arange(rows, device=x.device).repeat(members, 1)
    share = torch.ones(members, rows, dtype=mixed.share.dtype, device=x.device)
    return Mixed(partner.index_copy(0, index, mixed.partner), share.index_copy(0, index, mixed.share))


@dataclass(frozen=True, eq=False)
class Alone:
    """An augmenter of one member, for rows without an axis of members."""

    augmenter: Augmenter

    @classmethod
    def of(cls, member: Member, data: Dataset, rows: Rows) -> Self:
        """Of a member that sees the data as `rows`."""
        return cls(Augmenter.of([member], data, rows))

    def change(self, x: Tensor, epoch: int, step: int) -> tuple[Tensor, Mixed | None]:
        """(rows, features) as they are → as they are trained on, and who was mixed with whom."""
        if not self.augmenter:
            return x, None
        changed, mixed = self.augmenter.change(x.unsqueeze(0), epoch, step)
        return changed.squeeze(0), None if mixed is None else Mixed(mixed.partner[0], mixed.share[0])
