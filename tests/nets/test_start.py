import random
import threading

import numpy as np
import pytest
import torch

from whyfit.nets.start import seeded


# ruff: noqa: NPY002  # the global generators are what is tested
def draws():
    return torch.rand(1).item(), np.random.random(), random.random()


def _draw_and_raise():
    torch.rand(3)
    raise RuntimeError


def test_equal_seeds_give_equal_draws_and_others_give_others():
    with seeded(3):
        first = draws()
    with seeded(3):
        second = draws()
    with seeded(4):
        third = draws()
    assert first == second
    assert all(a != b for a, b in zip(first, third, strict=True))


def test_the_user_s_own_random_state_is_put_back():
    torch.manual_seed(1), np.random.seed(1), random.seed(1)
    expected = draws()
    torch.manual_seed(1), np.random.seed(1), random.seed(1)
    with seeded(9):
        draws()
    assert draws() == expected


def test_it_is_put_back_after_an_error_too():
    torch.manual_seed(1)
    before = torch.get_rng_state()
    with pytest.raises(RuntimeError), seeded(9):
        _draw_and_raise()
    assert torch.equal(before, torch.get_rng_state())


def test_threads_do_not_draw_from_each_other():
    def start(seed, found):
        for _ in range(50):
            with seeded(seed):
                found.append(torch.rand(20).sum().item())

    found = {1: [], 2: []}
    threads = [threading.Thread(target=start, args=item) for item in found.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found[1])) == len(set(found[2])) == 1


def test_seeds_of_64_bits_are_taken():
    with seeded(2**64 - 1):
        assert draws()
