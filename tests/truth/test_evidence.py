"""Every evidence file has its fields and a claim behind it, and numbers in the docs come from one."""

import json
import re
from pathlib import Path

import pytest

from truth.digest import ROOT
from truth.evidence import FIELDS, PLACE, RULE_FIELDS, index_of
from truth.runner import claims

FILES = sorted(PLACE.glob("*.json"))

MARK = re.compile(r"<!-- evidence: ([\w-]+)/([^>]*?) -->(.*?)<!-- /evidence -->", re.DOTALL)
"""A number from evidence in the docs: `<!-- evidence: NAME/figures|a|b -->95.4 %<!-- /evidence -->`."""

NUMBER = re.compile(r"-?\d+(?:[.,]\d+)*")


def read(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
class TestEvidence:
    def test_has_every_field(self, path):
        document = read(path)
        assert {name: type(document[name]) for name in FIELDS} == FIELDS
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", document["date"])
        assert document["rules"]
        assert all(set(rule) == RULE_FIELDS for rule in document["rules"])

    def test_is_met_only_where_every_rule_is(self, path):
        document = read(path)
        assert document["met"] == all(rule["met"] for rule in document["rules"])

    def test_belongs_to_a_claim_of_this_code(self, path):
        document = read(path)
        claim = claims()[document["claim"]]
        assert document["claim"] == path.stem
        assert document["code"]["files"] == sorted(claim.files)
        assert re.fullmatch(r"[0-9a-f]{16}", document["code"]["digest"])


def test_the_index_lists_the_evidence_as_it_is():
    assert (PLACE / "README.md").read_text(encoding="utf-8") == index_of()


def marked(text):
    """(evidence, path into it, what is said) of every marked number."""
    return [(name, place.strip(), said) for name, place, said in MARK.findall(text)]


def value_at(name, place):
    value = read(PLACE / f"{name}.json")
    for step in place.split("|"):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def agrees(said, value):
    """Whether the number that is said is the value, as a share or in percent, to the digits that are said."""
    number = NUMBER.search(said)
    if number is None:
        return False
    digits = number.group().replace(",", "")
    places = len(digits.partition(".")[2])
    return any(f"{value * scale:.{places}f}" == digits for scale in (1.0, 100.0))


def test_marked_numbers_of_the_docs_are_those_of_the_evidence():
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for name, place, said in marked(page.read_text(encoding="utf-8")):
            assert agrees(said, value_at(name, place)), f"{page.name}: {said!r} is not {name}/{place}"


def test_a_marked_number_is_compared_to_the_digits_that_are_said():
    [(name, place, said)] = marked("covers <!-- evidence: it/figures|mean -->95.4 %<!-- /evidence -->.")
    assert (name, place, said) == ("it", "figures|mean", "95.4 %")
    assert agrees("95.4 %", 0.95412)
    assert agrees("1.08", 1.0783)
    assert not agrees("95.5 %", 0.95412)
    assert not agrees("about", 0.95412)
