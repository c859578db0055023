"""The shipped script of the page is the bundle of its sources, and of the packages that the lock names."""

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE, ASSETS = ROOT / "tools" / "page", ROOT / "src" / "whyfit" / "report" / "assets"
RECORD = json.loads((PAGE / "bundle.json").read_text(encoding="utf-8"))
LOCK = json.loads((PAGE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
FREE = {"MIT", "ISC", "BSD-3-Clause"}
"""Licences that ask for their text alone, which ships beside the bundle."""


def digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize("name", RECORD["from"])
def test_no_source_was_edited_without_bundling_anew(name):
    assert digest(PAGE / name) == RECORD["from"][name], "run tools/build_page.py"


@pytest.mark.parametrize("name", RECORD["made"])
def test_what_ships_is_what_was_bundled(name):
    assert digest(ASSETS / name) == RECORD["made"][name], "run tools/build_page.py"


def test_all_sources_and_both_products_are_on_record():
    assert set(RECORD["from"]) == {"page.js", "package.json", "package-lock.json"}
    assert set(RECORD["made"]) == {"page.js", "page.licences.txt"}


@pytest.mark.parametrize("name", RECORD["packages"])
def test_a_bundled_package_is_the_one_in_the_lock_and_its_licence_ships(name):
    bundled, locked = RECORD["packages"][name], LOCK[f"node_modules/{name}"]
    assert bundled == {key: locked[key] for key in ("version", "license", "integrity")}
    assert bundled["license"] in FREE
    assert f"{name} {bundled['version']}" in (ASSETS / "page.licences.txt").read_text(encoding="utf-8")


def test_what_the_page_asks_for_is_in_the_bundle():
    asked = json.loads((PAGE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert {name: RECORD["packages"][name]["version"] for name in asked} == asked
