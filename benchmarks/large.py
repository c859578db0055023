"""Ten million rows: CPU seconds and peak memory to read a CSV and a Parquet file, divide it, and examine it.

Each file is taken by a process of its own, whose peak memory is read from the system. No peer: none of those known
examines a file of this size without holding it whole. With --quick a hundredth of the rows.

    python benchmarks/large.py [--quick] [--json FILE]
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from common import arguments, finish, one_thread_everywhere

one_thread_everywhere()

import numpy as np  # noqa: E402  # after the environment is set
import polars as pl  # noqa: E402  # the same

ROWS, QUICK_ROWS = 10_000_000, 100_000
BLOCK = 1_000_000
PAIRS = 1
"""A file of 700 MB is read once a format: minutes matter more than the last percent."""

WORK = """
import json, resource, sys, time
from pathlib import Path
start, wall = time.process_time(), time.perf_counter()
from whyfit.data.load import load
data = load(Path(sys.argv[1]), target="y")
read = time.process_time() - start
from whyfit.data.facts import split_facts
from whyfit.data.splits import kfold
splits = kfold(data)
divided = time.process_time() - start - read
facts = split_facts(data, splits)
examined = time.process_time() - start - read - divided
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
held = (data.numeric.nbytes + data.codes.nbytes + data.target.nbytes) / 1e6
print(json.dumps({"read": read, "divided": divided, "examined": examined, "peak_mb": peak, "held_mb": held,
    "rows": data.rows, "copies": facts.copies.copied_score_rows, "wall": time.perf_counter() - wall}))
"""


def write(folder: Path, rows: int) -> dict[str, Path]:
    """The same table as CSV and as Parquet: four numbers, a count, a level, a date, a class; 1 % copies."""
    paths = {"csv": folder / "large.csv", "parquet": folder / "large.parquet"}
    noise = np.random.default_rng(0)
    blocks = [_block(noise, min(BLOCK, rows - begin)) for begin in range(0, rows, BLOCK)]
    with paths["csv"].open("wb") as file:
        for number, block in enumerate(blocks):
            block.write_csv(file, include_header=number == 0)
    pl.concat(blocks).write_parquet(paths["parquet"])
    return paths


def _block(noise: np.random.Generator, rows: int) -> pl.DataFrame:
    values = noise.normal(size=(rows, 4)).round(4)
    to, of = noise.choice(rows, rows // 100, replace=False), noise.choice(rows, rows // 100)
    columns = {f"x{i}": values[:, i] for i in range(4)}
    columns |= {
        "count": noise.poisson(3.0, rows),
        "city": np.array(["Oslo", "Rome", "Lima"])[noise.integers(0, 3, rows)],
    }
    columns["day"] = np.datetime64("2020-01-01") + noise.integers(0, 2000, rows)
    columns["y"] = (values[:, 0] + noise.normal(size=rows) > 0).astype(int)
    for name in columns:
        columns[name][to] = columns[name][of]
    return pl.DataFrame(columns)


def measured(path: Path) -> dict[str, float]:
    """Read, divide and examine one file in a process of its own."""
    done = subprocess.run([sys.executable, "-c", WORK, str(path)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> int:
    """Run, print, write."""
    args = arguments(__doc__ or "")
    rows = QUICK_ROWS if args.quick else ROWS
    with tempfile.TemporaryDirectory(prefix="whyfit-large-") as folder:
        paths = write(Path(folder), rows)
        sizes = {kind: path.stat().st_size / 1e6 for kind, path in paths.items()}
        found = {kind: measured(path) for kind, path in paths.items()}
    figures = {
        f"{kind}: {what}": [value]
        for kind, one in found.items()
        for what, value in one.items()
        if what in ("read", "divided", "examined", "peak_mb")
    }
    notes = {"unit": "CPU seconds; MB", "rows": rows, "file_mb": sizes, "found": found}
    return finish("large", figures, {}, {}, args, notes)


if __name__ == "__main__":
    raise SystemExit(main())
