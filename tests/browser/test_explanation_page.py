"""An explanation in a real browser: nothing is loaded, nothing runs, formulas and plots are drawn, axe is content."""

import os
import shutil
from importlib.resources import files

import pytest

from whyfit.explain.answers import explained
from whyfit.report.explained.html import explanation_html

pytestmark = pytest.mark.browser

ARGUMENTS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    place = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=place, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.mark.parametrize(
    ("question", "language", "scheme"),
    [("backprop", "en", "light"), ("gradients", "zh", "dark"), ("batchnorm", "zh", "light")],
)
def test_a_page_is_drawn_alone_and_axe_finds_no_violation(browser, tmp_path, question, language, scheme):
    file = tmp_path / "page.html"
    file.write_text(explanation_html(explained(question, {}), language), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    page, said, asked = context.new_page(), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert (said, asked) == ([], [file.as_uri()])
    assert page.locator("math").first.bounding_box()["height"] > 5
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    context.close()
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]] == []
