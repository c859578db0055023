"""Probe: what each dropout and batch norm does forward and backward, in training and in evaluation mode.

The gradient is that of a random combination of the outputs: a script's own loss is not known on a copy. Two passes with
their backward passes. Blind to dropout that is called as a function, which `modes` sees.
"""

from __future__ import annotations

from typing import Any

import torch

from whyfit.probes.pair import Pair
from whyfit.vitals.cases import read_cases

SEED = 20150706
"""One combination for all networks."""


def probe_cases(pair: Pair) -> dict[str, Any]:
    """`cases`: one entry a module and mode, as of `read_cases`; nothing where the network has neither."""

    def combined() -> torch.Tensor:
        output = pair.run()
        assert output is not None, "the network gives no tensor"
        weights = torch.randn(output.shape, generator=torch.Generator().manual_seed(SEED), dtype=output.dtype)
        return (output * weights.to(output.device)).sum()

    cases = read_cases(pair.network, combined)
    return {"cases": cases} if cases else {}
