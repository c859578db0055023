"""Long evidence resumes where it was killed, never mixes code, and says whether it holds."""

import json

import pytest

from truth import runner
from truth.digest import bare, code_digest
from truth.evidence import FIELDS, Result, at_least, at_most, between, index_of, is_stale, write


def claim_of(calls, files=("tests/truth/digest.py",), chunks=3, shift=0.0):
    def run(label, index):
        calls.append((label, index))
        return {"value": len(label) + index / 3 + shift}

    def sum_up(values):
        return Result((at_least("sum", sum(v["value"] for v in values["ab"]), 1.0),), {"values": values["ab"]})

    return runner.Claim(name="it", states="It.", files=files, chunks={"ab": chunks}, run=run, sum_up=sum_up)


def run(claim, tmp_path):
    return runner.run(claim, lambda _: None, tmp_path / "kept", tmp_path / "docs")


def test_a_finished_claim_runs_nothing_again(tmp_path):
    calls = []
    first = run(claim_of(calls), tmp_path)
    again = run(claim_of(calls), tmp_path)
    assert calls == [("ab", 0), ("ab", 1), ("ab", 2)]
    assert first == again


def test_a_killed_claim_goes_on_with_the_chunk_that_was_torn(tmp_path):
    calls = []
    whole = run(claim_of(calls), tmp_path)
    [journal] = (tmp_path / "kept").iterdir()
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(lines[0] + lines[1][:7])
    again = run(claim_of(calls), tmp_path)
    assert calls[3:] == [("ab", 1), ("ab", 2)]
    assert again["figures"] == whole["figures"]


def test_chunks_of_other_code_are_not_used(tmp_path):
    calls = []
    run(claim_of(calls), tmp_path)
    run(claim_of(calls, files=("tests/truth/runner.py",), shift=1.0), tmp_path)
    assert len(calls) == 6


def carried_over(tmp_path, first, second):
    """The chunks that a claim runs anew after its code has changed, and its evidence then."""
    calls = []
    run(claim_of([], chunks=12, **first), tmp_path)
    document = run(claim_of(calls, chunks=12, files=("tests/truth/runner.py",), **second), tmp_path)
    return calls, document


def test_where_a_fifth_is_the_same_with_other_code_the_rest_is_taken_over_and_that_is_said(tmp_path):
    calls, document = carried_over(tmp_path, {}, {})
    assert 2 <= len(calls) <= 3
    assert document["carried"] == {"code": code_digest(["tests/truth/digest.py"]), "again": len(calls), "of": 12}
    assert f"{len(calls)} of 12 chunks were run with this code" in index_of(tmp_path / "docs")
    assert len(document["figures"]["values"]) == 12


def test_where_one_number_differs_all_chunks_are_run_with_the_new_code(tmp_path):
    calls, document = carried_over(tmp_path, {}, {"shift": 1e-6})
    assert len(calls) == 12
    assert "carried" not in document


def test_what_was_taken_over_is_not_run_when_the_claim_is_run_again(tmp_path):
    calls, document = carried_over(tmp_path, {}, {})
    again = run(claim_of(calls, chunks=12, files=("tests/truth/runner.py",)), tmp_path)
    assert 2 <= len(calls) <= 3
    assert again == document


def test_evidence_has_its_fields_and_its_digest(tmp_path):
    run(claim_of([]), tmp_path)
    document = json.loads((tmp_path / "docs" / "it.json").read_text(encoding="utf-8"))
    assert {name: type(document[name]) for name in FIELDS} == FIELDS
    assert document["met"]
    assert not is_stale(document)
    assert is_stale(document | {"code": {"files": ["tests/truth/digest.py"], "digest": "0"}})
    assert is_stale(document | {"code": {"files": ["gone.py"], "digest": "0"}})


def test_the_index_names_every_claim_with_its_rules(tmp_path):
    run(claim_of([]), tmp_path)
    assert "## it\n\nIt." in (tmp_path / "docs" / "README.md").read_text(encoding="utf-8")
    assert "| sum | " in index_of(tmp_path / "docs")


def test_one_rule_that_is_not_met_leaves_the_claim_not_met(tmp_path):
    rules = (at_least("a", 1.0, 1.0), at_most("b", 2.0, 1.0), between("c", 0.5, 0.0, 1.0))
    document = write(claim_of([]), Result(rules, {}), "digest", 1.0, tmp_path)
    assert [rule["met"] for rule in document["rules"]] == [True, False, True]
    assert not document["met"]


def test_the_digest_sees_code_and_not_words():
    said = 'def f(x):\n    """Says."""\n    return x + 1  # why\n'
    assert bare(said) == bare("def f(x):\n    return (x + 1)\n")
    assert bare(said) != bare(said.replace("+ 1", "+ 2"))
    assert code_digest(["tests/truth/digest.py"]) != code_digest(["tests/truth/runner.py"])


@pytest.mark.parametrize("name", list(runner.claims()))
def test_every_claim_names_files_that_are_there(name):
    claim = runner.claims()[name]
    assert claim.name == name
    assert claim.chunks
    assert any(file.startswith("tests/truth/claims/") for file in claim.files)
    assert code_digest(claim.files)
