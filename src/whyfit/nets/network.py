"""A network as an engine uses it: a module, how rows are laid out for it, and how its outputs are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from torch import Tensor, nn

Takes = Literal["rows", "images"]


@dataclass(frozen=True, eq=False)
class Network:
    """A module that takes scaled features and gives one number an output.

    Attributes
    ----------
    module
        The user's own, or whyfit's perceptron.
    takes
        `rows`: (rows, features); `images`: (rows, channels, height, width).
    image
        (height, width, channels) of an image; None for a table.
    one_logit
        Whether it gives one number for two classes: the logit of the second class against the first.
    """

    module: nn.Module
    takes: Takes = "rows"
    image: tuple[int, int, int] | None = None
    one_logit: bool = False

    def __call__(self, rows: Tensor) -> Tensor:
        """(rows, features) → (rows, outputs)."""
        return self.read(self.module(self.laid_out(rows)))

    def laid_out(self, rows: Tensor) -> Tensor:
        """(rows, features) as the module takes them; pixels stand row by row, channels last, in the features."""
        if self.takes == "rows" or self.image is None:
            return rows
        return rows.view(rows.shape[0], *self.image).permute(0, 3, 1, 2).contiguous()  # (rows, channels, height, width)

    def read(self, outputs: Tensor) -> Tensor:
        """Outputs of the module → (rows, outputs); one logit z is the same as the two logits 0 and z."""
        if outputs.ndim == 1:
            outputs = outputs.unsqueeze(1)
        if not self.one_logit:
            return outputs
        import torch  # noqa: PLC0415  # whyfit --help must not load torch

        return torch.cat([torch.zeros_like(outputs), outputs], dim=1)


def image_of(shape: tuple[int, ...] | None) -> tuple[int, int, int] | None:
    """(height, width, channels) of a dataset's shape; None where a row is no image.

    Examples
    --------
    >>> image_of((8, 8))
    (8, 8, 1)
    """
    if shape is None:
        return None
    height, width, channels = (*shape, 1)[:3]
    return (height, width, channels)
