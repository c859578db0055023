"""Every evidence file has its fields and a claim behind it, and numbers in the docs come from one."""

import json
import re
from pathlib import Path

import pytest

from truth.evidence import FIELDS, PLACE, RULE_FIELDS, index_of
from truth.marks import pages, refreshed
from truth.runner import claims

FILES = sorted(PLACE.glob("*.json"))


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


def test_marked_numbers_of_the_docs_are_those_of_the_evidence():
    """`python tests/truth --docs` brings them up to date."""
    for page in pages():
        text = page.read_text(encoding="utf-8")
        assert refreshed(text) == text, f"{page.name} says other numbers than the evidence"
