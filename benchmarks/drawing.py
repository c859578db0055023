"""The report: how large the page of a full study is, how long drawing it takes, and when the browser first paints it.

The document is that of a made-up study with everything in it that a page can hold: forty networks with curves and
vitals, every remedy, the race, a hundred layers, two hundred findings. Seconds are of the processor for drawing, and of
the wall, as Chromium tells them, for the first paint of the file from disk. A browser that is not there is told as
absent.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from common import PAIRS, QUICK_PAIRS, Side, Spread, arguments, finish_within, interleave, timed

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from report.samples import FINDINGS, WATCHED, run, sample
from whyfit.report import document_of
from whyfit.report.html import to_html

LIMITS = {"seconds_to_draw": 1.0, "seconds_to_first_paint": 1.0, "megabytes": 1.5}
"""What the report promises of itself."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"]
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


def full() -> object:
    """The document of a full study."""
    report = sample(FINDINGS * 40)
    deep = tuple(run(seed, layers=100, epochs=200, stopped=200) for seed in range(5))
    evidence = type(report.evidence)(
        **{**vars(report.evidence), "runs": (*report.evidence.runs[:35], *deep), "observation": WATCHED}
    )
    return document_of(sample(FINDINGS * 40, evidence=evidence))


def first_paints(page: Path, count: int) -> list[float]:
    """Seconds from the start of loading to the first words on the screen; empty where there is no browser."""
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        return []
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=ARGUMENTS)
        found = [_first_paint(chromium.new_page(), page) for _ in range(count + 1)]
        chromium.close()
    return found[1:]  # the first one starts the renderer


def _first_paint(view: object, page: Path) -> float:
    view.goto(page.as_uri())
    view.wait_for_function(f"({PAINTED}) > 0")
    seconds = float(view.evaluate(PAINTED)) / 1000
    view.close()
    return seconds


def main() -> int:
    """Draw, weigh, open."""
    args = arguments(__doc__ or "")
    pairs = QUICK_PAIRS if args.quick else PAIRS
    document = full()
    html = to_html(document)
    draw = Side("draw", lambda: timed(lambda: to_html(document), time.process_time))
    figures = interleave([draw], pairs)
    size = len(html.encode()) / 1e6
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        page.write_text(html, encoding="utf-8")
        figures["first paint"] = first_paints(page, pairs)
    found = {"seconds_to_draw": Spread.of(figures["draw"]), "megabytes": Spread.of([size])}
    if figures["first paint"]:
        found["seconds_to_first_paint"] = Spread.of(figures["first paint"])
    limits = {name: limit for name, limit in LIMITS.items() if name in found}
    absent = sorted(set(LIMITS) - set(limits))
    notes = {"absent": absent, "unit": "seconds"}
    return finish_within("drawing", figures, found, limits, args, notes)


if __name__ == "__main__":
    sys.exit(main())
