"""Memory to work in: mapped before it is used, kept by its thread, and the flag asked meanwhile."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from whyfit.training.kernel.scratch import BLOCK, PAGE, aligned, scratch, touch

ON, OFF = np.ones(1, np.uint8), np.zeros(1, np.uint8)


class SetAfter:
    """A flag that is set once it was asked so often."""

    def __init__(self, times):
        self.left = times

    def __getitem__(self, _):
        self.left -= 1
        return self.left < 0


def alone(function):
    """What it gives in a thread of its own, where no memory is kept yet."""
    out = []
    thread = threading.Thread(target=lambda: out.append(function()))
    thread.start()
    thread.join()
    return out[0]


def test_every_page_of_fresh_memory_is_touched_and_stays_zero():
    memory = aligned(3 * PAGE, np.float32)
    assert touch(memory, OFF) == memory.nbytes
    assert not memory.any()


def test_memory_that_does_not_end_on_a_page_is_touched_to_its_end():
    marked = np.full(2 * PAGE + 10, 7, np.uint8)
    touch(marked, OFF)
    assert np.flatnonzero(marked == 0).tolist() == [0, PAGE, 2 * PAGE]


def test_a_flag_that_is_set_ends_it_after_the_block():
    memory = np.empty(3 * BLOCK, np.uint8)
    assert touch(memory, SetAfter(1)) == BLOCK
    assert touch(memory, ON) == 0


@pytest.mark.parametrize("flag", [ON, OFF])
def test_memory_is_kept_only_where_all_of_it_was_touched(flag):
    def twice():
        return scratch(1000, np.float32, flag), scratch(500, np.float32, flag)

    first, second = alone(twice)
    assert (first.size, second.size) == (1000, 500)
    assert np.shares_memory(first, second) == (flag is OFF)
