"""Runs long claims in chunks: each chunk is kept as it ends, so a killed run goes on where it stopped."""

import importlib
import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
    for number, job in enumerate(jobs, 1):
        if job not in done:
            done[job] = _run_one(claim, job, path)
            say(f"{claim.name}: {number} of {len(jobs)} ({job[0]}), {done[job]['seconds']:.1f} s")
    values: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for label, index in jobs:
        values[label].append(done[label, index]["values"])
    document = write(claim, claim.sum_up(values), digest, sum(done[job]["seconds"] for job in jobs), place)
    say(f"{claim.name}: {'met' if document['met'] else 'NOT MET'}")
    return document


def _run_one(claim: Claim, job: tuple[str, int], path: Path) -> dict[str, Any]:
    start = time.perf_counter()
    values = claim.run(*job)
    record = {"label": job[0], "index": job[1], "seconds": time.perf_counter() - start, "values": values}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return json.loads(json.dumps(record))  # as it will be read back


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
