"""Compile the altair charts to Vega, as the report ships them: `python tools/compile_charts.py`.

A chart is compiled once, without data. When a report is drawn, words and rows are put into the compiled chart, and the
page runs it with Vega's expression interpreter; so neither altair nor a compiler is needed where reports are drawn.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import vl_convert

from whyfit.report.charts.catalogue import CHARTS
from whyfit.report.charts.kind import ChartKind
from whyfit.report.charts.palette import PAGE

VEGA_LITE = "6.4"
"""The newest that both altair writes and vl-convert reads."""
FOLDER = Path(__file__).resolve().parent.parent / "src" / "whyfit" / "report" / "assets" / "charts"


def compiled(kind: ChartKind) -> dict[str, Any]:
    """The chart in Vega, without data."""
    vega: dict[str, Any] = vl_convert.vegalite_to_vega(kind.altair(PAGE).to_dict(), vl_version=VEGA_LITE)
    return vega


def text_of(vega: dict[str, Any]) -> str:
    """As it is stored: the same text for the same chart."""
    return json.dumps(vega, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def main() -> None:
    """Write every chart, and remove those that there are no longer."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for stale in {file.stem for file in FOLDER.glob("*.json")} - {kind.name for kind in CHARTS}:
        (FOLDER / f"{stale}.json").unlink()
    for kind in CHARTS:
        text = text_of(compiled(kind))
        (FOLDER / f"{kind.name}.json").write_text(text, encoding="utf-8")
        print(f"{kind.name}: {len(text):,} bytes")


if __name__ == "__main__":
    main()
