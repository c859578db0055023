"""What the benchmarks measured beside other tools: read from `benchmarks/RESULTS.md`, never typed in."""

from __future__ import annotations

import re
from pathlib import Path

from handbook.shown import Markdown
from whyfit.text import Language

RESULTS = Path(__file__).resolve().parents[2] / "benchmarks" / "RESULTS.md"
SECTION = "population"
PEERS = {
    "torch": "PyTorch, Adam",
    "sklearn": "scikit-learn",
    "skorch": "skorch",
    "keras": "Keras",
    "lightning": "Lightning",
    "pytabkit": "pytabkit",
}
"""By the name in the results; a peer that was not measured has an empty column."""
LINE = re.compile(r"^\| (?P<shape>[\d-]+, \d+) vs_(?P<peer>\w+) \| (?P<median>[\d.]+) \|", re.MULTILINE)
SAYS = {
    "en": {"shape": "units of each layer, batch", "with": "Measured with", "on": "on one core of"},
    "zh": {"shape": "各层单元数，批次大小", "with": "所用版本", "on": "单核："},
}


def speed(lang: Language) -> Markdown:
    """How many times longer each peer takes for a step and network, on one core: medians."""
    section = _section(RESULTS.read_text(encoding="utf-8"))
    machine, _, versions = section.strip().splitlines()[0].partition("; ")
    found: dict[str, dict[str, str]] = {}
    for line in LINE.finditer(section):
        found.setdefault(line["shape"], {})[line["peer"]] = line["median"]
    assert found, f"no ratio was found in {RESULTS}"
    head = f"| {SAYS[lang]['shape']} | {' | '.join(PEERS.values())} |"
    rows = [f"| {shape} | {' | '.join(ratios.get(peer, '') for peer in PEERS)} |" for shape, ratios in found.items()]
    said = f"*{SAYS[lang]['with']} {versions.rstrip('.')}; {SAYS[lang]['on']} {machine}.*"
    return Markdown("\n".join([head, "|---|" + "---:|" * len(PEERS), *rows, "", said]))


def _section(text: str) -> str:
    """What stands under the heading of the benchmark."""
    _, _, rest = text.partition(f"\n## {SECTION}")
    return rest.partition("\n")[2].partition("\n## ")[0]
