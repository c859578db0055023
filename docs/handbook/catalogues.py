"""The reference of whyfit's catalogues: every entry, as the package has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import whyfit
from handbook.parts import escaped
from handbook.shown import Markdown
from whyfit.text import Language
from whyfit.text.names import plain_name

HEADS: dict[str, dict[Language, tuple[str, ...]]] = {
    "optimizers": {
        "en": ("name", "title", "default rate", "settings", "source"),
        "zh": ("名称", "标题", "默认学习率", "设置", "出处"),
    },
    "activations": {
        "en": ("name", "range", "largest derivative", "source"),
        "zh": ("名称", "值域", "最大导数", "出处"),
    },
    "initializers": {"en": ("name", "suits", "source"), "zh": ("名称", "适合", "出处")},
    "augmentations": {"en": ("name", "for", "strength", "source"), "zh": ("名称", "用于", "强度", "出处")},
    "losses": {"en": ("name", "tasks", "last layer", "source"), "zh": ("名称", "任务", "最后一层", "出处")},
}


def table(name: str, lang: Language) -> Markdown:
    """One catalogue, an entry a row."""
    head = HEADS[name][lang]
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(escaped(plain_name(cell, 300)) for cell in row)} |" for row in _rows(name)]
    return Markdown("\n".join(lines))


def _rows(name: str) -> Iterator[tuple[Any, ...]]:
    for entry in getattr(whyfit, name).values():
        if name == "optimizers":
            yield entry.name, entry.title, entry.rate, ", ".join(one.name for one in entry.settings), entry.paper
        elif name == "activations":
            low, high = entry.range
            yield entry.name, f"{low:.4g} … {high:.4g}", f"{entry.largest_derivative:.4g}", entry.paper
        elif name == "initializers":
            yield entry.name, entry.suits, entry.paper
        elif name == "augmentations":
            yield entry.name, entry.fits, entry.unit, entry.paper
        else:
            yield entry.name, ", ".join(entry.tasks), entry.link, entry.paper
