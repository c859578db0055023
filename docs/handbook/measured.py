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
SAME: dict[Language, dict[tuple[str, str], str]] = {
    "en": {
        ("decomposition", "mlxtend"): "bias and variance, 200 rounds",
        ("leakage", "deepchecks"): "is the division sound? 10,000 rows",
        ("leakage", "cleanlab"): "copies and order, 10,000 rows",
    },
    "zh": {
        ("decomposition", "mlxtend"): "偏差与方差，200 轮",
        ("leakage", "deepchecks"): "数据划分是否合理？10,000 行",
        ("leakage", "cleanlab"): "副本与顺序，10,000 行",
    },
}
"""What both do, by benchmark and tool."""
SAME_HEAD: dict[Language, str] = {
    "en": "| question | tool | times as long | spread |",
    "zh": "| 问题 | 工具 | 用时倍数 | 范围 |",
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


def same_question(lang: Language) -> Markdown:
    """Ratios of processor time: a median with its spread, the other tool's version where the results have it."""
    results, lines = RESULTS.read_text(encoding="utf-8"), []
    for (section, tool), asked in SAME[lang].items():
        text = _section(results, section)
        ratio = re.search(rf"^\| vs_{tool} \| ([\d.]+) \| ([\d.]+) to ([\d.]+) \|", text, re.MULTILINE)
        assert ratio is not None, f"{tool} was not measured"
        version = re.search(rf"{tool} (\d[\d.]*\d)", text)
        named = f"{tool} {version[1]}" if version else tool
        lines.append(f"| {asked} | {named} | {ratio[1]} | {ratio[2]} – {ratio[3]} |")
    return Markdown("\n".join([SAME_HEAD[lang], "|---|---|---:|---|", *lines]))


def _section(text: str, name: str = SECTION) -> str:
    """What stands under the heading of the benchmark."""
    _, _, rest = text.partition(f"\n## {name}")
    return rest.partition("\n")[2].partition("\n## ")[0]
