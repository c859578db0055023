"""The governor: decides which steps are looked at, so that looking stays inside its share of the time."""

from __future__ import annotations

import math
import time

from whyfit.vitals.pulse import Pulse

FIRST_SECONDS = 0.3
"""Free of the share: what a run of any length may spend, so that a short one is seen at all. Chosen."""
EVERY = 30
"""A gap of one thirtieth of the steps so far: dense at the start, and some 30·ln(n/30) looks at n steps. Chosen."""
WIDEST = 0.1
"""The gap is divided by the square of the part of the allowance that is left, and by no less than this: a dense start
that is dear (a slow machine, many layers) would leave nothing for the end of a short run, where most faults show. The
square, because a run of 120 steps then keeps looks in its last half at six times the usual cost of a look."""
RETRY = 100
"""After a refusal the next question comes after a hundredth of the steps so far."""
SAFETY = 0.6
"""Part of the share given to sampled work; the rest is for what runs at every step. Chosen."""
LONG_STEP, LONG = 5e-3, 0.25
"""From this many seconds a step on, a smaller part will do: such a run lasts, and gets its looks all the same. Chosen:
with the default share, under one percent."""


clock = time.thread_time
"""Processor time of this thread, for what looking costs and for what it is a part of: where others crowd the machine
both slow down alike, and where the thread waits for a device the share only becomes smaller."""


class Governor:
    """Says yes or no before each step, and is told what each look has cost.

    Parameters
    ----------
    share
        The part of the time that looking may take, such as 0.03; infinite for the same steps on every machine.
    pulse
        Told before which step there is nothing to ask.

    Examples
    --------
    >>> governor = Governor(0.03)
    >>> governor.wants(0), governor.wants(0)
    (True, False)
    """

    def __init__(self, share: float, pulse: Pulse | None = None) -> None:
        pulse = pulse or Pulse()
        self._share = share
        self._step = 0
        self._start = clock()
        self._pulse = pulse
        self.spent = self.once = 0.0
        self.looks = 0
        self._cost = 0.0

    def wants(self, step: int) -> bool:
        """Whether to look at this step."""
        if step < self._pulse.next:
            return False
        self._step = step
        left = self._left()
        if left < 0:
            self._pulse.next = step + 1 + step // RETRY  # asking for the time is a call to the system: not always
            return False
        self._pulse.next = step + max(1, int(step / (EVERY * max(left * left, WIDEST))))
        return True

    def likely(self, step: int) -> bool:
        """Whether this step will probably be looked at: said before the forward pass, for what must be kept of it."""
        return step >= self._pulse.next

    def affordable(self) -> bool:
        """Whether one more look of the usual cost stays inside the share."""
        return self._left() >= 0

    def _left(self) -> float:
        """The part of what may be spent by now that is left after one more look of the usual cost."""
        if self._share == math.inf:
            return 1.0
        elapsed = clock() - self._start
        part = LONG if elapsed > LONG_STEP * max(1, self._step) else SAFETY
        allowed = FIRST_SECONDS + self._share * part * elapsed
        return 1 - (self.spent + self._cost) / allowed

    def met(self, seconds: float) -> None:
        """Book what is done once for each network, however large the script's memory is: no look is missed for it."""
        self.once += seconds

    def paid(self, seconds: float, *, look: bool = True) -> None:
        """Book what something has cost."""
        self.spent += seconds
        if look:
            self.looks += 1
            self._cost = seconds if self.looks == 1 else 0.7 * self._cost + 0.3 * seconds
