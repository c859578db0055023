"""The loss curve as it passes: every value at first, then means over growing stretches, in bounded memory."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

PLAIN = 2000
"""Values that are kept one by one."""
STRETCHES = 100
"""After that a stretch is a hundredth of the values so far: some 100·ln(n/2000) more entries at n values."""


@dataclass(slots=True)
class Curve:
    """Values of one loss, by the number of the backward pass.

    Examples
    --------
    >>> curve = Curve()
    >>> for step in range(3):
    ...     curve.add(step, 1.0 / (step + 1))
    >>> curve.take()
    [[0, 1.0], [1, 0.5], [2, 0.3333333333333333]]
    """

    count: int = 0
    bad: int = 0
    _done: list[list[float]] = field(default_factory=list)
    _first: int = 0
    _size: int = 0
    _sum: float = 0.0
    _low: float = math.inf
    _high: float = -math.inf

    def add(self, step: int, value: float) -> None:
        """One more value; one that is not finite is counted and left out of the means."""
        if math.isfinite(value):
            self._take(step, [value])
        else:
            self.count += 1
            self.bad += 1

    def extend(self, step: int, values: list[float]) -> None:
        """Values of one step after the other. A whole stretch costs little more than one value."""
        while values:
            room = 1 if self.count < PLAIN else max(1, self.count // STRETCHES - self._size)
            taken, values = values[:room], values[room:]
            if math.isfinite(sum(taken)):
                self._take(step, taken)
            else:
                for place, value in enumerate(taken):
                    self.add(step + place, value)
            step += len(taken)

    def _take(self, step: int, values: list[float]) -> None:
        self.count += len(values)
        if not self._size:
            self._first, self._sum, self._low, self._high = step, 0.0, values[0], values[0]
        self._size += len(values)
        self._sum += sum(values)
        self._low, self._high = min(self._low, *values), max(self._high, *values)
        if self._size >= (1 if self.count <= PLAIN else self.count // STRETCHES):
            self._close()

    def _close(self) -> None:
        single = [self._first, self._sum]  # one value is its own mean, lowest and highest
        several = [self._first, self._size, self._sum / self._size, self._low, self._high]
        self._done.append(single if self._size == 1 else several)
        self._size = 0

    def take(self) -> list[list[float]]:
        """What is finished since the last call: first step and value, or first step, number, mean, lowest, highest."""
        done, self._done = self._done, []
        return done
