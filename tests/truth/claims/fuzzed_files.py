"""Any file ends in a dataset or in one message: 10,000 files, spoilt at random, and no other exception."""

import io
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from truth.evidence import Result, at_least, at_most
from truth.runner import Claim
from whyfit.data.load import load
from whyfit.errors import WhyfitError

FILES, FILES_A_CHUNK = 10_000, 500
KINDS = (".csv", ".tsv", ".npz", ".parquet")
TEXT = b",;\t|\"'\n\r \x00\xff\xe9\xe5\xb9\xb4-+.eE0123456789naNinfNA?%$/:TZ#()[]{}\xef\xbb\xbf"
"""Bytes that mean something to a reader of tables, among those that spoil a file."""


def whole_file(kind: str, noise: np.random.Generator) -> bytes:
    """A sound file of 5 to 40 rows."""
    rows = int(noise.integers(5, 40))
    words = np.array(
        ["yes", "no", "n/a", "1,5", "2 000", "2026-01-01", "a,b", 'say "x"', "", "年", "3.5", "-7", "1e300"]
    )
    columns: dict[str, Any] = {
        "number": noise.normal(size=rows).round(3),
        "word": words[noise.integers(0, len(words), rows)],
        "count": noise.integers(0, 5, rows),
        "y": noise.integers(0, 2, rows),
    }
    if kind == ".npz":
        buffer = io.BytesIO()
        np.savez(buffer, X=noise.normal(size=(rows, 3)), y=columns["y"], groups=columns["count"])
        return buffer.getvalue()
    frame = pl.DataFrame(columns)
    buffer = io.BytesIO()
    if kind == ".parquet":
        frame.write_parquet(buffer)
    else:
        frame.write_csv(buffer, separator="\t" if kind == ".tsv" else str(noise.choice([",", ";", "|"])))
    return buffer.getvalue()


def spoilt(content: bytes, noise: np.random.Generator) -> bytes:
    """Cut, doubled, overwritten or filled at up to four places."""
    broken = bytearray(content)
    for _ in range(int(noise.integers(1, 5))):
        at, until = sorted(noise.integers(0, len(broken) + 1, 2).tolist())
        until = min(until, at + int(noise.integers(1, 20)))
        filler = bytes(noise.choice(list(TEXT), int(noise.integers(1, 8))).tolist())
        what = noise.integers(0, 5)
        if what == 0:
            broken[at:until] = b""
        elif what == 1:
            broken[at:at] = broken[at:until]
        elif what == 2:
            broken[at:until] = filler
        elif what == 3:
            broken[at:at] = filler
        elif noise.random() < 0.2:
            broken[at:] = b""
    return bytes(broken)


def run(label: str, index: int) -> dict[str, Any]:
    """One chunk: how each file ended."""
    endings: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"data{label}"
        for number in range(FILES_A_CHUNK):
            noise = np.random.default_rng([KINDS.index(label), index, number])
            path.write_bytes(spoilt(whole_file(label, noise), noise))
            endings[_ending(path)] += 1
    return dict(endings)


def _ending(path: Path) -> str:
    try:
        load(path)
    except WhyfitError as error:
        return (
            "message" if str(error).startswith((path.name, str(path))) and "\n" not in str(error) else f"odd: {error}"
        )
    except Exception as error:  # noqa: BLE001  # what must not happen is what is counted
        return f"escaped: {type(error).__name__}: {error}"
    return "dataset"


def sum_up(values: dict[str, list[dict[str, Any]]]) -> Result:
    """How files ended, by kind."""
    by_kind = {kind: sum((Counter(chunk) for chunk in chunks), Counter()) for kind, chunks in values.items()}
    total = sum(by_kind.values(), Counter())
    fine = total["dataset"] + total["message"]
    rules = (
        at_least("files", sum(total.values()), FILES),
        at_most("files that ended neither in a dataset nor in one message", sum(total.values()) - fine, 0),
        at_least("share that is not simply refused", total["dataset"] / sum(total.values()), 0.1),
    )
    return Result(rules, {kind: dict(counts) for kind, counts in by_kind.items()})


CLAIMS = (
    Claim(
        name="fuzzed_files",
        states="A file, however spoilt, ends in a dataset or in one message that names it.",
        files=(
            "tests/truth/claims/fuzzed_files.py",
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
        chunks={".csv": 8, ".tsv": 4, ".npz": 4, ".parquet": 4},
        run=run,
        sum_up=sum_up,
        settings={"files": "5 to 40 rows, spoilt at 1 to 4 places", "seeds": "from kind, chunk and number"},
    ),
)
