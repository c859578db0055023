"""What torch loads at the first step of all: done before anything is timed or budgeted."""

from __future__ import annotations

import torch

from whyfit.training.torch_parts.build import start_seed


def use_once() -> None:
    """One step of one number, alone and stacked.

    The first optimiser and the first `vmap` of a process load compilers that are not used here: two seconds of a core,
    more than ten small networks take. Nothing of it is left behind but what was loaded.
    """
    with torch.random.fork_rng(devices=[]):
        number = torch.zeros(1, requires_grad=True)
        rule = torch.optim.Adam([number])
        number.grad = torch.ones(1)
        rule.step()
        start_seed(0)
        torch.vmap(torch.sin)(torch.zeros(2, 1))
