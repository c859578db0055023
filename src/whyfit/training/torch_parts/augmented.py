"""The augmentations in torch, for members side by side; from the same draws as the compiled ones.

Each takes rows x (members, rows, features), draws (members, rows, numbers) float64 and strengths (members, 1) float64,
and gives rows of the same shape; mixup gives who was mixed with whom besides. What is decided by a draw (which row,
which pixel, flipped or not) is decided in float64, so that both sides decide alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from whyfit.training.torch_parts.mixed import Mixed


@dataclass(frozen=True, eq=False)
class Known:
    """What an augmentation knows of the rows beside their numbers.

    Attributes
    ----------
    image
        (height, width, channels); None for a table.
    columns
        (features,) int64: which column each feature came from.
    spread
        (members, 1, features): 1 where noise may go, see `whyfit.training.augmenting.spread_of`.
    """

    image: tuple[int, int, int] | None
    columns: Tensor
    spread: Tensor

    def kept(self, index: Tensor) -> Known:
        """Of some of the members."""
        return Known(self.image, self.columns, self.spread[index])

    @property
    def sides(self) -> tuple[int, int, int]:
        """(height, width, channels) of what must be an image."""
        if self.image is None:
            raise ValueError("these rows are no images")
        return self.image


Change = Callable[[Tensor, Tensor, Tensor, Known], tuple[Tensor, Mixed | None]]


def _rotate(x: Tensor, draws: Tensor, strength: Tensor, known: Known) -> tuple[Tensor, None]:
    return _warped(x, known, angle=_either_way(draws[..., 0], strength) * math.pi / 2), None


def _shift(x: Tensor, draws: Tensor, strength: Tensor, known: Known) -> tuple[Tensor, None]:
    across, down = (_either_way(draws[..., i], strength) for i in (0, 1))
    return _warped(x, known, across=across, down=down), None


def _scale(x: Tensor, draws: Tensor, strength: Tensor, known: Known) -> tuple[Tensor, None]:
    return _warped(x, known, factor=(1 + strength) ** (2 * draws[..., 0] - 1)), None


def _affine(x: Tensor, draws: Tensor, strength: Tensor, known: Known) -> tuple[Tensor, None]:
    turn, across, down = (_either_way(draws[..., i], strength) for i in (0, 2, 3))
    factor = (1 + strength) ** (2 * draws[..., 1] - 1)
    return _warped(x, known, angle=turn * math.pi / 2, factor=factor, across=across, down=down), None


def _either_way(draws: Tensor, strength: Tensor) -> Tensor:
    return (2 * draws - 1) * strength


def _warped(
    x: Tensor,
    known: Known,
    *,
    angle: Tensor | None = None,
    factor: Tensor | None = None,
    across: Tensor | None = None,
    down: Tensor | None = None,
) -> Tensor:
    """`grid_sample` by (members, rows) angles, factors, and ways as shares of the sides.

    Without `align_corners` its coordinates run from −1 to 1 over the whole image, half a pixel beyond the middle of
    the outermost ones: a way of a share of the side is twice that, and a turn must know the sides' ratio.
    """
    height, width, channels = known.sides
    none = torch.zeros(x.shape[:2], dtype=torch.float64, device=x.device)
    angle, across, down = (none if one is None else one for one in (angle, across, down))
    factor = none + 1 if factor is None else factor
    cos, sin = angle.cos() / factor, angle.sin() / factor
    lines = (cos, sin * height / width, 2 * across, -sin * width / height, cos, 2 * down)
    theta = torch.stack(lines, dim=-1).reshape(-1, 2, 3).to(x.dtype)
    pictures = x.reshape(-1, height, width, channels).permute(0, 3, 1, 2)
    grid = functional.affine_grid(theta, list(pictures.shape), align_corners=False)
    fetched = functional.grid_sample(pictures, grid, mode="bilinear", padding_mode="border", align_corners=False)
    return fetched.permute(0, 2, 3, 1).reshape(x.shape)


def _noise(x: Tensor, draws: Tensor, strength: Tensor, known: Known) -> tuple[Tensor, None]:
    return x + (strength.unsqueeze(-1) * draws).to(x.dtype) * known.spread, None


def _cutout(x: Tensor, draws: Tensor, strength: Tensor, known: Known) -> tuple[Tensor, None]:
    height, width, channels = known.sides
    down, across = (_in_hole(draws[..., i], strength, side) for i, side in ((0, height), (1, width)))
    hole = (down.unsqueeze(-1) & across.unsqueeze(-2)).flatten(2)  # (members, rows, pixels)
    return x.masked_fill(hole.repeat_interleave(channels, dim=2), 0.0), None


def _in_hole(draws: Tensor, strength: Tensor, side: int) -> Tensor:
    """(members, rows, side) whether a pixel lies in the hole along one side."""
    size = (strength * side + 0.5).floor()
    first = (draws * side).floor() - (size / 2).floor()  # (members, rows)
    places = torch.arange(side, device=draws.device)
    return (places >= first.unsqueeze(-1)) & (places < (first + size).unsqueeze(-1))


def _flip(x: Tensor, draws: Tensor, strength: Tensor, known: Known) -> tuple[Tensor, None]:
    return _flipped(x, draws, strength, known, axis=3), None


def _flip_vertical(x: Tensor, draws: Tensor, strength: Tensor, known: Known) -> tuple[Tensor, None]:
    return _flipped(x, draws, strength, known, axis=2), None


def _flipped(x: Tensor, draws: Tensor, strength: Tensor, known: Known, axis: int) -> Tensor:
    turned = x.reshape(*x.shape[:2], *known.sides).flip(axis).reshape(x.shape)
    return torch.where((draws[..., 0] < strength).unsqueeze(-1), turned, x)


def _mixup(x: Tensor, draws: Tensor, strength: Tensor, known: Known) -> tuple[Tensor, Mixed]:  # noqa: ARG001  # one form for all
    """See `whyfit.rules.augmentations.mixup` for the closed form of the share."""
    rows = x.shape[1]
    t, cos = draws[..., 0] ** (1 / strength), (2 * math.pi * draws[..., 1]).cos()
    share = 0.5 + 0.5 / (1 + t / ((1 - t) * cos.square())).sqrt()
    mixed = Mixed((draws[..., 2] * rows).long().clamp(max=rows - 1), share)
    return mixed.of(x), mixed


def _column_swap(x: Tensor, draws: Tensor, strength: Tensor, known: Known) -> tuple[Tensor, None]:
    rows, by_feature = x.shape[1], draws[..., known.columns]
    donors = (by_feature / strength.unsqueeze(-1) * rows).long().clamp(max=rows - 1)
    return torch.where(by_feature < strength.unsqueeze(-1), torch.take_along_dim(x, donors, dim=1), x), None


CHANGES: dict[str, Change] = {
    "rotate": _rotate,
    "shift": _shift,
    "scale": _scale,
    "affine": _affine,
    "noise": _noise,
    "cutout": _cutout,
    "flip": _flip,
    "flip_vertical": _flip_vertical,
    "mixup": _mixup,
    "column_swap": _column_swap,
}
"""By the names of the catalogue."""
