"""Take the pictures of the README: `tools/picture.py STUDY.json WATCHED.json FOLDER`, as `make pictures` does."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from whyfit.report import read_document
from whyfit.report.html import to_html
from whyfit.text import Language

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
    if anchor:
        view.evaluate(
            "anchor => document.getElementById(anchor).scrollIntoView({behavior: 'instant', block: 'start'})", anchor
        )
    view.screenshot(path=str(target))
    context.close()


@dataclass(frozen=True)
class Shot:
    """One picture: of which report, in which language and colours, from which place on."""

    name: str
    report: str
    language: Language
    scheme: Scheme
    anchor: str = ""


SHOTS = (
    Shot("report-light", "study", "en", "light"),
    Shot("report-dark", "study", "en", "dark", "title-remedies"),
    Shot("watch-light", "watched", "en", "light", "findings"),
    Shot("watch-dark", "watched", "zh", "dark", "gradients"),
)


def main(study: str, watched: str, folder: str) -> None:
    """Every picture; one that would show another place than its own is refused."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    documents = {"study": read_document(study), "watched": read_document(watched)}
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for shot in SHOTS:
            page = Path(place) / f"{shot.name}.html"
            page.write_text(to_html(documents[shot.report], shot.language), encoding="utf-8")
            picture(browser, page, target / f"{shot.name}.png", shot.scheme, shot.anchor)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:4])
