"""Scaled losses: what a `GradScaler` multiplies before the backward pass, so that it can be divided out again."""

from __future__ import annotations

from typing import Any

import torch
from torch.amp import GradScaler

from whyfit.vitals.patches import Patches
from whyfit.vitals.pulse import Pulse


class Scaling:
    """Remembers, from `scaler.scale(loss)` to the backward pass on it, which loss it was and by how much it grew.

    The plain loss is looked at in the place of the scaled one, and gradients are divided by the factor: neither a curve
    nor a norm then jumps where the scaler changes its mind. The factor is read at looks alone: reading a device waits.

    Parameters
    ----------
    pulse
        Told that something was scaled.
    """

    def __init__(self, pulse: Pulse) -> None:
        self._patches = Patches()
        self._pulse = pulse
        self._scaled: torch.Tensor | None = None
        self._plain: torch.Tensor | None = None
        self._scale: torch.Tensor | None = None

    def install(self) -> None:
        """Listen to every scaler."""
        self._patches.wrap(GradScaler, "scale", self._listening)

    def _listening(self, original: Any) -> Any:
        def scale(scaler: GradScaler, outputs: Any) -> Any:
            scaled = original(scaler, outputs)
            if isinstance(scaled, torch.Tensor) and scaled is not outputs:
                self._scaled, self._plain, self._scale = scaled, outputs, scaler._scale  # noqa: SLF001  # no call waits
                self._pulse.scaled = True
            return scaled

        return scale

    def plain(self, tensors: Any) -> Any:
        """What was scaled, where these tensors are a scaled loss; else the tensors themselves."""
        if self._scaled is None:
            return tensors
        tensor = tensors[0] if isinstance(tensors, (tuple, list)) and tensors else tensors
        return self._plain if tensor is self._scaled else tensors

    def factor(self, tensors: Any) -> float:
        """By how much the gradients of these tensors are too large."""
        return 1.0 if self._scale is None or self.plain(tensors) is tensors else float(self._scale)

    def forget(self) -> None:
        """The backward pass is over: hold nothing of the script's."""
        self._scaled = self._plain = self._scale = None
        self._pulse.scaled = False

    def undo(self) -> None:
        """Give torch its method back."""
        self._patches.undo()
