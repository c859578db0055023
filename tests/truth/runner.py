"""Runs long claims in chunks: each chunk is kept as it ends, so a killed run goes on where it stopped."""

import importlib
import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from truth.carried import Carried, Earlier, Job, evidence_digest, run_anew, same
from truth.digest import ROOT, code_digest
from truth.evidence import PLACE, Result, write

KEPT = ROOT / ".truth"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One claim of the long evidence.

    Attributes
    ----------
    name
        Of the evidence file.
    states
        What is claimed, in a sentence.
    files
        Sources that the evidence holds for, relative to the repository; the claim's own among them.
    chunks
        How many chunks each label has.
    run
        (label, index) to plain values, the same ones whenever it is called: seeds come from label and index alone.
    sum_up
        The values of all chunks by label, in order of index, to the result.
    settings
        What the reader must know of the simulation.
    """

    name: str
    states: str
    files: tuple[str, ...]
    chunks: Mapping[str, int]
    run: Callable[[str, int], Mapping[str, Any]]
    sum_up: Callable[[Mapping[str, list[dict[str, Any]]]], Result]
    settings: Mapping[str, Any] = field(default_factory=dict)


def claims() -> dict[str, Claim]:
    """All claims, by name: every module of `truth/claims` names its own in `CLAIMS`."""
    names = sorted(path.stem for path in Path(__file__).with_name("claims").glob("*.py"))
    found = [claim for name in names for claim in importlib.import_module(f"truth.claims.{name}").CLAIMS]
    return {claim.name: claim for claim in found}


def run(claim: Claim, say: Callable[[str], None] = print, kept: Path = KEPT, place: Path = PLACE) -> dict[str, Any]:
    """Run what is left of a claim, write its evidence, and return it."""
    digest = code_digest(claim.files)
    path = _journal(claim, digest, kept)
    done = _read(path)
    jobs = [(label, index) for label, count in claim.chunks.items() for index in range(count)]

    def finish(chosen: Sequence[Job]) -> None:
        for job in chosen:
            if job not in done:
                done[job] = _run_one(claim, job, path)
                say(f"{claim.name}: {len(done)} of {len(jobs)} ({job[0]}), {done[job]['seconds']:.1f} s")

    _carry_over(claim, jobs, done, path, finish, place)
    finish(jobs)
    values: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for label, index in jobs:
        values[label].append(done[label, index]["values"])
    seconds = sum(done[job]["seconds"] for job in jobs)
    document = write(claim, claim.sum_up(values), digest, seconds, place, _carried([done[job] for job in jobs]))
    say(f"{claim.name}: {'met' if document['met'] else 'NOT MET'}")
    return document


def _carry_over(
    claim: Claim,
    jobs: Sequence[Job],
    done: dict[Job, dict[str, Any]],
    path: Path,
    finish: Callable[[Sequence[Job]], None],
    place: Path,
) -> None:
    """Take over what older code left behind, where some of it, run anew, is the same."""
    digest = evidence_digest(claim.name, place)
    old = None if digest is None else path.with_name(f"{claim.name}-{digest}.jsonl")
    if digest is None or old is None or old == path or not old.exists():
        return
    earlier = Earlier(digest, _read(old))
    sample = run_anew(jobs, earlier, path.stem.rpartition("-")[2])
    finish(sample)
    if all(same(done[job]["values"], earlier.records[job]["values"]) for job in sample):
        for job in jobs:
            if job in earlier.records and job not in done:
                done[job] = _keep({**earlier.records[job], "code": digest}, path)


def _carried(records: Sequence[Mapping[str, Any]]) -> Carried | None:
    older = [record["code"] for record in records if "code" in record]
    return Carried(older[-1], len(records) - len(older), len(records)) if older else None


def _run_one(claim: Claim, job: Job, path: Path) -> dict[str, Any]:
    start = time.perf_counter()
    values = claim.run(*job)
    return _keep({"label": job[0], "index": job[1], "seconds": time.perf_counter() - start, "values": values}, path)


def _keep(record: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Write a record down; as it will be read back."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return dict(json.loads(json.dumps(record)))


def _journal(claim: Claim, digest: str, kept: Path) -> Path:
    """The journal of this very code: chunks of other code never mix with it."""
    kept.mkdir(parents=True, exist_ok=True)
    return kept / f"{claim.name}-{digest}.jsonl"


def _read(path: Path) -> dict[tuple[str, int], dict[str, Any]]:
    records = list(_whole_lines(path)) if path.exists() else []
    return {(record["label"], record["index"]): record for record in records}


def _whole_lines(path: Path) -> Iterator[dict[str, Any]]:
    """A run killed while it wrote leaves a torn last line: it is cut off, and that chunk runs again."""
    whole = path.read_bytes()
    kept = whole[: whole.rfind(b"\n") + 1]
    if kept != whole:
        path.write_bytes(kept)
    yield from (json.loads(line) for line in kept.splitlines())
