"""The context of a shard that travels to another machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from whyfit.evidence.dataset import Dataset
from whyfit.training.contract import CancelFlag, Context


@dataclass(frozen=True, slots=True)
class FarContext(Context):
    """A context whose deadline travels as the seconds that are left: clocks of two machines have no common zero.

    The seconds count from when the shard is handed out; it waits for at most one other shard before it begins.
    """

    def __reduce__(self) -> tuple[object, ...]:
        """Travel with the time that is left."""
        left = None if self.deadline is None else self.deadline - time.monotonic()
        return _arrived, (self.open_data, self.cancel, self.device, left)


def _arrived(open_data: Callable[[], Dataset], cancel: CancelFlag, device: str, left: float | None) -> Context:
    deadline = None if left is None else time.monotonic() + left
    return FarContext(open_data, cancel, device, deadline)
