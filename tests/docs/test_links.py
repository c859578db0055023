"""Every link of the handbook leads somewhere: to a page, to a heading of it, or to a well-formed address outside."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
ROOT = DOCS.parent
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
OUTSIDE = re.compile(r"https://[a-z0-9.-]+\.[a-z]{2,}(/\S*)?")
DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")


def links(page):
    return LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8")))


def anchors(page):
    """Of its headings, as they are made of them: small letters, spaces to hyphens, marks left out."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def test_pages_link_to_each_other():
    assert sum(len(links(page)) for page in PAGES) > 30


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page):
    for link in links(page):
        if "://" in link:
            assert OUTSIDE.fullmatch(link), link
            assert "doi.org" not in link or DOI.search(link), link
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link
