"""The README: its pictures are there and small, and its example is as faulty as it says."""

import re
import runpy
from pathlib import Path

import whyfit

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MOST_BYTES = 200_000
"""Of one picture: what a page of a repository loads without being noticed."""


def test_every_picture_and_every_link_leads_somewhere():
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert len(links) > 6
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_pictures_are_small_and_are_those_that_the_tool_takes():
    tool = (ROOT / "tools" / "picture.py").read_text(encoding="utf-8")
    taken = set(re.findall(r'Shot\("([\w-]+)"', tool))
    shown = {Path(link).stem for link in re.findall(r"docs/pictures/[\w-]+\.png", README)}
    assert shown == taken == {path.stem for path in (ROOT / "docs" / "pictures").glob("*.png")}
    assert all(path.stat().st_size < MOST_BYTES for path in (ROOT / "docs" / "pictures").iterdir())


def test_the_example_is_found_to_lose_its_gradient_before_anything_else(capsys):
    with whyfit.watch(overhead=0.5) as watch:
        runpy.run_path(str(ROOT / "examples" / "fading.py"))
    capsys.readouterr()
    first, *rest = watch.report().findings
    assert first.code == "gradients.vanish_with_depth"
    assert {one.because for one in rest if one.severity.rank >= first.severity.rank} == {first.code}
