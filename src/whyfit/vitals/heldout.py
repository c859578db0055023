"""Losses on held-out rows: seen where the script itself computes one without gradients."""

from __future__ import annotations

import math
import types
from collections import Counter
from collections.abc import Callable
from typing import Any

import torch
from torch.nn import functional

from whyfit.vitals.patches import Patches

WATCHED = (
    "binary_cross_entropy", "binary_cross_entropy_with_logits", "cross_entropy", "gaussian_nll_loss", "huber_loss",
    "l1_loss", "mse_loss", "nll_loss", "poisson_nll_loss", "smooth_l1_loss",
)  # fmt: skip
UNSEEN = "<frozen importlib._bootstrap: whyfit>"
"""The file that a stand-in says it comes from. A warning counts frames to find the line that it names, and Python
leaves out those of its own import system, known by these words: torch's warnings name the line that they name bare."""
MOST_ROWS, MOST_LABELS = 4096, 200
MOST = 4000
"""Values kept; after that every second one is dropped and only every second one taken."""


class HeldOut:
    """Notes each loss that is computed without gradients: when, over how many rows, its value, the share of hits.

    Parameters
    ----------
    now
        The number of the present step.
    keep
        Told of each target.
    """

    def __init__(self, now: Callable[[], int], keep: Callable[[Any], None]) -> None:
        self._patches, self._now, self._keep = Patches(), now, keep
        self.values: list[tuple[int, int, float, float]] = []
        self.labels: Counter[int] = Counter()
        self._every, self._turn = 1, 0

    def install(self) -> None:
        """Stand in for torch's functional losses; each is given the globals and the name of the one it stands for."""
        for name in WATCHED:
            self._patches.wrap(functional, name, self._stand_in)

    def _stand_in(self, original: Any) -> Any:
        grad_enabled, compiling, saw = torch.is_grad_enabled, torch.compiler.is_compiling, self._saw
        name = original.__name__

        def stand_in(*args: Any, **kwargs: Any) -> Any:
            loss = original(*args, **kwargs)
            if not grad_enabled() and not compiling():
                saw(loss, args, name)
            return loss

        # TorchScript compiles the original: it follows __wrapped__ for the source and __globals__ for the names.
        same = types.FunctionType(
            stand_in.__code__.replace(co_filename=UNSEEN),
            original.__globals__,
            original.__name__,
            None,
            stand_in.__closure__,
        )
        same.__dict__.update(original.__dict__)
        same.__module__, same.__qualname__, same.__doc__ = original.__module__, original.__qualname__, original.__doc__
        same.__dict__["__wrapped__"] = original
        return same

    def _saw(self, loss: Any, args: tuple[Any, ...], name: str) -> None:
        try:
            self._turn += 1
            if self._turn % self._every or loss.numel() != 1 or loss.device.type != "cpu":
                return
            rows = int(args[0].shape[0]) if args and getattr(args[0], "shape", ()) else 0
            self.values.append((self._now(), rows, float(loss), _hits(args, name)))
            self._count(args)
            self._keep(args[1] if len(args) > 1 else None)
            if len(self.values) > MOST:
                self.values, self._every = self.values[::2], self._every * 2
        except Exception:  # noqa: BLE001  # a loss that cannot be read is not noted
            return

    def _count(self, args: tuple[Any, ...]) -> None:
        """Labels of classes, and of a yes or no; of very many rows or classes none."""
        target = args[1] if len(args) > 1 else None
        if target is None or not target.ndim or target.numel() != target.shape[0] or target.numel() > MOST_ROWS:
            return
        flat = target.reshape(-1)
        if flat.dtype.is_floating_point and not bool(((flat == 0) | (flat == 1)).all()):
            return
        if len(self.labels) <= MOST_LABELS:
            self.labels.update(map(int, flat.tolist()))

    def undo(self) -> None:
        """Give torch its functions back."""
        self._patches.undo()


def _hits(args: tuple[Any, ...], name: str) -> float:
    """Share of rows whose largest output is the target, where that has a meaning."""
    if len(args) < 2:
        return math.nan
    output, target = args[0], args[1]
    if output.ndim == 2 and target.ndim == 1 and not target.dtype.is_floating_point:
        return float((output.argmax(1) == target).float().mean())
    if name.startswith("binary") and output.shape == target.shape and bool(((target == 0) | (target == 1)).all()):
        return float(((output > (0.0 if name.endswith("logits") else 0.5)) == (target > 0)).float().mean())
    return math.nan
