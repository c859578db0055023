"""What is found in tables that come with scikit-learn and river: computed when the page is built."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from sklearn import datasets

from handbook.case import plain
from handbook.parts import escaped
from handbook.shown import Markdown
from whyfit.text import Language, words_in

EXAMPLE = Path(__file__).parents[2] / "examples" / "public_data.py"
"""It names the tables, and examines them: the page shows what the reader's own run of it prints."""

HEAD = {
    "en": "| table | from | rows | columns | what is found |\n|---|---|---:|---:|---|",
    "zh": "| 表 | 来自 | 行 | 列 | 发现 |\n|---|---|---:|---:|---|",
}
NOTHING = {"en": "nothing to say", "zh": "没有要说的"}


def table(lang: Language) -> Markdown:
    """Every table, and every finding on its division that is more than `ok`."""
    example = _example()
    return Markdown("\n".join([HEAD[lang], *(_row(example.examined(name), lang) for name in example.names())]))


def _row(row: Any, lang: Language) -> str:
    words, said = words_in(lang), []
    for found in row.findings:
        facts = plain({**dict(found.numbers), **(found.where.plain() if found.where else {})})
        sentence = words.finding(found.code, {"metric": "error", **facts})
        assert sentence is not None
        said.append(f"`{found.code}`: {escaped(sentence.summary)}")
    origin = "scikit-learn" if hasattr(datasets, f"load_{row.name}") else "river"
    what = "<br>".join(said) or NOTHING[lang]
    return f"| {row.name} | {origin} | {row.data.rows} | {len(row.data.columns)} | {what} |"


def _example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("public_data_example", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where its dataclass looks for its own types
    spec.loader.exec_module(module)
    return module
