"""Take pictures of a report for the README: `python tools/picture.py REPORT.json FOLDER` (needs Chromium)."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Literal, TypeAlias

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from whyfit.report import read_document
from whyfit.report.html import to_html

Scheme: TypeAlias = Literal["light", "dark"]
SIZE: ViewportSize = {"width": 1180, "height": 860}
"""What a README shows without scaling text below what can be read."""
ARGUMENTS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"]


def picture(browser: Browser, page: Path, target: Path, scheme: Scheme, anchor: str) -> None:
    """One screen of the page, from an anchor on."""
    context = browser.new_context(viewport=SIZE, color_scheme=scheme, device_scale_factor=1)
    view = context.new_page()
    view.goto(page.as_uri())
    view.wait_for_selector("html[data-drawn=yes]", state="attached")
    view.evaluate(
        "anchor => document.getElementById(anchor)?.scrollIntoView({behavior: 'instant', block: 'start'})", anchor
    )
    view.screenshot(path=str(target))
    context.close()


def main(report: str, folder: str) -> None:
    """The top of the page in light, and its remedies in dark."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        page = Path(place) / "report.html"
        page.write_text(to_html(read_document(report)), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        picture(browser, page, target / "report-light.png", "light", "")
        picture(browser, page, target / "report-dark.png", "dark", "title-remedies")
        browser.close()
    for file in sorted(target.glob("report-*.png")):
        print(f"{file}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:3])
