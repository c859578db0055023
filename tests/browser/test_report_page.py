"""The report in a real browser: nothing leaves the page, every chart is drawn, nothing from outside runs."""

import os
import shutil
from importlib.resources import files
from types import SimpleNamespace

import pytest

from report.samples import FINDINGS, empty, hostile, hostile_script, run, sample, watched
from whyfit.evidence.evidence import Evidence
from whyfit.report import document_of
from whyfit.report.html import to_html

pytestmark = pytest.mark.browser

ARGUMENTS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"]
NAMES = ("CHROMIUM", "chromium", "chromium-browser", "google-chrome", "chrome")


def chromium():
    """Where Chromium is: named by the environment, or found on the path."""
    places = [os.environ.get("CHROMIUM"), *(shutil.which(name) for name in NAMES[1:])]
    found = next((place for place in places if place), None)
    assert found, "Chromium is needed (Debian: apt-get install chromium), or set CHROMIUM to its place"
    return found


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


def deep():
    """A network too deep for lines, with saturating layers."""
    return sample(FINDINGS * 67, evidence=Evidence(runs=tuple(run(seed, layers=24) for seed in range(3))))


def five_layers():
    """A study of a network whose legend takes two lines on a narrow screen."""
    return sample(evidence=Evidence(runs=tuple(run(seed, layers=5) for seed in range(3))))


@pytest.fixture
def visit(browser, tmp_path):
    """Opens a report and gathers what the page says, asks for, and fails at."""
    contexts = []

    def opened(report, language="en", **options):
        file = tmp_path / "report.html"
        file.write_text(to_html(document_of(report), language), encoding="utf-8")
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | options))
        contexts.append(context)
        page = context.new_page()
        seen = SimpleNamespace(page=page, console=[], requests=[], errors=[], failed={})
        page.on("console", lambda message: seen.console.append(f"{message.type}: {message.text}"))
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on("requestfailed", lambda request: seen.failed.update({request.url: request.failure}))
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-drawn=yes]", state="attached")
        return seen

    yield opened
    for context in contexts:
        context.close()


def quiet(seen):
    asked_outside = [url for url in seen.requests if not url.startswith(("file:", "data:"))]
    return (seen.console, seen.errors, asked_outside) == ([], [], []) and len(seen.requests) <= 2


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("make", [sample, watched, deep, empty, hostile, hostile_script])
def test_the_page_is_silent_asks_for_nothing_and_draws_every_chart(visit, make, language):
    seen = visit(make(), language)
    assert quiet(seen), (seen.console, seen.errors, seen.requests)
    figures = seen.page.locator("figure[data-chart]")
    for figure in figures.all():
        assert figure.get_attribute("data-drawn") == "yes"
        marks = figure.locator("svg .mark-rect path, svg .mark-line path, svg .mark-symbol path, svg .mark-rule line")
        assert marks.count() > 0
        box = figure.locator(".chart svg").bounding_box()
        assert box["width"] > 300
        assert box["height"] > 40
    assert figures.count() == 0 if make is empty else figures.count() >= 4


def test_a_deep_network_has_its_map_and_two_hundred_findings_their_places(visit):
    seen = visit(deep())
    assert seen.page.locator(".question figure[data-chart=gradient_map]").count() == 1
    assert seen.page.locator("#findings article").count() == 67 * 3


def test_nothing_from_outside_runs_or_becomes_markup(visit):
    seen = visit(hostile())
    page = seen.page
    assert "owned" not in page.title().replace("document.tit", "")
    assert page.locator("main img, main iframe, main form, main script").count() == 0
    assert page.evaluate("document.scripts.length") == 2
    assert page.locator("article h3").first.inner_text().startswith("Class “</script>")


@pytest.mark.parametrize("width", [360, 800, 1280])
@pytest.mark.parametrize("make", [sample, hostile, hostile_script])
def test_the_page_never_scrolls_sideways(visit, make, width):
    seen = visit(make(), viewport={"width": width, "height": 800})
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


BADLY_PLACED = """
() => [...document.querySelectorAll('figure[data-chart]')].flatMap((figure) => {
  const name = figure.dataset.chart;
  const frame = figure.querySelector('.chart svg').getBoundingClientRect();
  const shown = (text) => text.textContent && getComputedStyle(text).opacity !== '0';
  const texts = [...figure.querySelectorAll('.chart svg text')].filter(shown)
    .map((text) => ({text: text.textContent.slice(0, 60), box: text.getBoundingClientRect()}))
    .filter(({box}) => box.width > 0);
  const beyond = ({box}) => Math.max(
    frame.left - box.left, box.right - frame.right, frame.top - box.top, box.bottom - frame.bottom);
  const shared = (a, b) => Math.min(
    Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
  const outside = texts.filter((one) => beyond(one) > 2).map((one) => [name, 'outside', one.text, beyond(one)]);
  const over = texts.flatMap((one, place) => texts.slice(place + 1)
    .filter((other) => shared(one.box, other.box) > 3).map((other) => [name, 'over', one.text, other.text]));
  const keys = [...figure.querySelectorAll('.legend li')].map((key) => key.getBoundingClientRect());
  const cut = keys.filter((box) => box.bottom > frame.top + 2 || box.right > document.documentElement.clientWidth)
    .map(() => [name, 'legend']);
  return [...outside, ...over, ...cut];
})
"""
"""Texts outside their chart (2 px are the sides of letters), over each other (3 px is air), or keys over the chart."""


@pytest.mark.parametrize(
    ("make", "language"),
    [
        (sample, "en"),
        (sample, "zh"),
        (watched, "en"),
        (watched, "zh"),
        (five_layers, "en"),
        (deep, "en"),
        (hostile, "en"),
        (hostile_script, "zh"),
    ],
)
def test_no_text_of_a_chart_leaves_it_or_stands_over_another(visit, make, language):
    seen = visit(make(), language)
    for width in (390, 800, 1280):
        seen.page.set_viewport_size({"width": width, "height": 900})
        seen.page.reload()
        seen.page.wait_for_selector("html[data-drawn=yes]", state="attached")
        assert (width, seen.page.evaluate(BADLY_PLACED)) == (width, [])


def test_a_legend_names_what_is_drawn_and_nothing_else(visit):
    page = visit(five_layers()).page
    keys = page.locator(".question figure[data-chart=gradients] .legend li")
    assert [key.inner_text().split(" · ")[0] for key in keys.all()] == ["1", "2", "3", "4", "5"]
    colours = [key.locator("circle").evaluate("mark => getComputedStyle(mark).fill") for key in keys.all()]
    drawn = page.locator(".question figure[data-chart=gradients] svg .mark-line path")
    assert colours == [line.evaluate("path => getComputedStyle(path).stroke") for line in drawn.all()]


def test_pointing_at_a_chart_shows_its_numbers_as_text(visit):
    page = visit(sample()).page
    bar = page.locator("figure[data-chart=per_class] svg .mark-rect path").nth(3)
    bar.scroll_into_view_if_needed()
    bar.hover()
    page.wait_for_selector("#tooltip:not([hidden])")
    assert " ".join(page.locator("#tooltip").inner_text().split()) == "class or label 3 error 2.2% scored rows 180"


def test_the_table_behind_a_chart_opens_with_the_keyboard(visit):
    page = visit(sample()).page
    summary = page.locator(".question figure[data-chart=remedies] summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator(".question figure[data-chart=remedies] table").is_visible()
    assert "more data" in page.locator(".question figure[data-chart=remedies] table").inner_text()


@pytest.mark.parametrize(
    ("make", "language", "scheme"), [(sample, "en", "light"), (sample, "zh", "dark"), (hostile, "en", "light")]
)
def test_axe_finds_no_violation(visit, make, language, scheme):
    page = visit(make(), language, color_scheme=scheme).page
    page.evaluate("document.querySelector('.question figure details').open = true")  # all tables are built alike
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]] == []
    assert len(found["passes"]) > 20


def test_colours_follow_light_and_dark(visit):
    painted = {}
    for scheme in ("light", "dark"):
        page = visit(sample(), color_scheme=scheme).page
        line = page.locator("figure[data-chart=curves] svg .mark-line path").first
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        painted[scheme] = (line.evaluate("path => getComputedStyle(path).stroke"), paper)
    assert painted["light"][0] != painted["dark"][0]
    assert painted["light"][1] != painted["dark"][1]


def test_the_policy_stops_a_script_that_got_in_all_the_same(visit):
    """The second wall: even if escaping failed, nothing but our own script would run."""
    seen = visit(sample())
    seen.page.evaluate(
        """() => {
            const script = document.createElement('script');
            script.textContent = 'document.title = "owned"';
            document.body.append(script);
            const image = document.createElement('img');
            image.src = 'https://example.invalid/x.png';
            document.body.append(image);
        }"""
    )
    assert "owned" not in seen.page.title()
    assert any("Content Security Policy" in line for line in seen.console)
    assert seen.failed == {"https://example.invalid/x.png": "csp"}


def test_on_paper_the_page_is_light_and_its_tables_stay_closed(visit):
    """Whatever the screen shows: dark paper wastes ink, and hides dark text."""
    page = visit(sample(), color_scheme="dark").page
    page.emulate_media(media="print")
    root = "getComputedStyle(document.documentElement)"
    assert page.evaluate(f"{root}.colorScheme") == "light"
    assert page.evaluate(f"{root}.getPropertyValue('--ink').trim()") == "#1c2126"
    assert page.evaluate("getComputedStyle(document.querySelector('.question figure details')).display") == "none"
    assert page.locator(".question figure[data-chart=curves] .chart svg").is_visible()
