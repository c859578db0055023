"""Files made by a coverage-guided fuzzer end in a dataset or in one message, 10,000 of them, and no other exception."""

import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from truth.claims.fuzzed_files import KINDS, whole_file
from truth.digest import ROOT
from truth.evidence import Result, at_least, at_most
from truth.runner import Claim

FILES, FILES_A_CHUNK, SEEDS = 10_000, 2_500, 20
TARGET = Path(__file__).parents[1] / "fuzz_loader.py"
LIMIT = 900.0
"""Seconds of a chunk; a hang is a finding, too."""
TOLD = 2000
"""Characters of what Python and libFuzzer said that are kept."""
DONE = re.compile(r"Done (\d+) (?:runs )?in|stat::number_of_executed_units:\s*(\d+)")
COVERED = re.compile(r"cov: (\d+)")


def run(label: str, index: int) -> dict[str, Any]:
    """One chunk: so many files of one kind, from whole ones."""
    if importlib.util.find_spec("atheris") is None:
        return {"files": 0, "absent": True, "crash": None, "branches": 0}
    noise = np.random.default_rng([9, KINDS.index(label), index])
    with tempfile.TemporaryDirectory() as corpus, tempfile.TemporaryDirectory() as kept:
        for number in range(SEEDS):
            (Path(corpus) / f"{number}").write_bytes(whole_file(label, noise))
        options = [f"-runs={FILES_A_CHUNK}", f"-seed={1 + index}", "-print_final_stats=1", f"-artifact_prefix={kept}/"]
        done = subprocess.run(
            [sys.executable, str(TARGET), label, corpus, *options],
            capture_output=True, text=True, cwd=ROOT, timeout=LIMIT, check=False,
        )  # fmt: skip
    counts = [int(one or other) for one, other in DONE.findall(done.stderr)]
    branches = [int(one) for one in COVERED.findall(done.stderr)]
    return {
        "files": max(counts, default=0),
        "absent": False,
        "crash": (done.stdout[-TOLD:] + done.stderr[-TOLD:]) if done.returncode else None,
        "branches": max(branches, default=0),
    }


def sum_up(values: dict[str, list[dict[str, Any]]]) -> Result:
    """Files, and what escaped."""
    chunks = [chunk for kind in values.values() for chunk in kind]
    crashes = [chunk["crash"] for chunk in chunks if chunk["crash"]]
    absent = all(chunk["absent"] for chunk in chunks)
    rules = (
        at_least("files", sum(chunk["files"] for chunk in chunks), FILES),
        at_most("kinds of files with one that ended neither in a dataset nor in one message", len(crashes), 0),
    )
    figures = {
        kind: {"files": sum(c["files"] for c in of), "branches": max(c["branches"] for c in of)}
        for kind, of in values.items()
    }
    return Result(rules, figures | {"crashes": crashes}, ("atheris is not installed",) if absent else ())


CLAIMS = (
    Claim(
        name="guided_fuzz",
        states="Files that a coverage-guided fuzzer makes end in a dataset or in one message that names them.",
        files=(
            "tests/truth/claims/guided_fuzz.py",
            "tests/truth/claims/fuzzed_files.py",
            "tests/truth/fuzz_loader.py",
            *(
                f"src/whyfit/data/{name}.py"
                for name in ("load", "encoding", "records", "delimited", "csv_file", "written")
            ),
            *(
                f"src/whyfit/data/{name}.py"
                for name in ("npz_file", "parquet_file", "parquet_pages", "thrift", "columns", "assemble", "target")
            ),
            *(f"src/whyfit/data/{name}.py" for name in ("arrays", "table", "origin", "opening")),
        ),
        chunks=dict.fromkeys(KINDS, FILES // FILES_A_CHUNK // len(KINDS)),
        run=run,
        sum_up=sum_up,
        settings={"fuzzer": "atheris (libFuzzer), coverage of whyfit.data", "seeds": f"{SEEDS} whole files a kind"},
    ),
)
