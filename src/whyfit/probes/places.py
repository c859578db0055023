"""Probe: which line of the script calls each layer, so that a finding on a layer can name it.

One forward pass of the private copy. Blind to layers that no line of the script calls by itself, such as those of a
`Sequential`, and to functional calls.
"""

from __future__ import annotations

from typing import Any

import torch

from whyfit.probes.pair import Pair
from whyfit.vitals.places import script_line

MOST = 1000
"""Layers whose lines are kept."""


def probe_places(pair: Pair) -> dict[str, Any]:
    """`file:line` by the name of the layer; the first call counts where there are several."""
    found: dict[str, str] = {}
    around = script_line()  # whoever asked for the probe, as the end of a `with` does: no line that calls a layer

    def note(name: str) -> Any:
        def asked(*_: Any) -> None:
            line = script_line()
            if line and line != around:
                found.setdefault(name, line)

        return asked

    named = [(name, module) for name, module in pair.network.named_modules() if name][:MOST]
    handles = [module.register_forward_pre_hook(note(name)) for name, module in named]
    try:
        pair.network.eval()
        with torch.no_grad():
            pair.run()
    finally:
        for handle in handles:
            handle.remove()
    return {"lines": found}
