r"""Looking for leaks: CPU seconds for 10,000, 100,000 and 1,000,000 rows, and beside deepchecks and cleanlab.

Two percent of the rows are copies of others. whyfit runs all of question 1 (copies, near copies, groups, time, telling
columns, likeness of parts); deepchecks its train-test validation suite; cleanlab's Datalab near duplicates and order.
The peers need older versions of scikit-learn and numpy than we do, so they run in a Python of their own:

    python -m venv peers
    peers/bin/pip install "cleanlab[datalab]" deepchecks "scikit-learn<1.6" "numpy<2" "pandas<2.2" \
        "category_encoders<2.7" "datasets<3" "pyarrow<16" "setuptools<81"
    PEERS_PYTHON=peers/bin/python python benchmarks/leakage.py
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from functools import partial
from pathlib import Path

from common import PAIRS, QUICK_PAIRS, Side, arguments, finish, interleave, one_thread_everywhere, ratios

one_thread_everywhere()

import numpy as np  # noqa: E402  # after the environment is set

ROWS, QUICK_ROWS = (10_000, 100_000, 1_000_000), (10_000,)
PEER_ROWS = 10_000
COLUMNS, COPIES = 10, 0.02
LIMIT = 600.0
"""Seconds a peer may take."""

PEER = """
import sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np, pandas as pd
archive = np.load(sys.argv[2]); X, y = archive["X"], archive["y"]
frame = pd.DataFrame(X, columns=[f"x{i}" for i in range(X.shape[1])]).assign(y=y)
if sys.argv[1] == "deepchecks":
    from deepchecks.tabular import Dataset
    from deepchecks.tabular.suites import train_test_validation
    cut = len(frame) * 4 // 5
    parts = [Dataset(part, label="y", cat_features=[]) for part in (frame[:cut], frame[cut:])]
    work = lambda: train_test_validation().run(*parts)
else:
    from cleanlab import Datalab
    lab = Datalab({"X": X, "y": y}, label_name="y", verbosity=0)
    work = lambda: lab.find_issues(features=X, issue_types={"near_duplicate": {}, "non_iid": {}})
start = time.process_time(); work(); print("seconds", time.process_time() - start)
"""


def table(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Normal columns, a target with noise, and copies."""
    noise = np.random.default_rng(rows)
    values = noise.normal(size=(rows, COLUMNS)).astype(np.float32)
    target = (values[:, 0] + noise.normal(size=rows) > 0).astype(np.int64)
    count = round(COPIES * rows)
    to, of = noise.choice(rows, count, replace=False), noise.choice(rows, count)
    values[to], target[to] = values[of], target[of]
    return values, target


def ours(rows: int) -> float:
    """All of question 1, from arrays in memory to facts."""
    from whyfit.data.alike import alike_facts
    from whyfit.data.facts import split_facts
    from whyfit.data.load import load
    from whyfit.data.splits import kfold

    source = table(rows)
    start = time.process_time()
    data = load(source)
    splits = kfold(data)
    facts = split_facts(data, splits)
    alike_facts(data, splits[0].train, splits[0].score)
    assert facts.copies is not None
    assert facts.copies.copied_score_rows > COPIES * rows / 2
    return time.process_time() - start


def peer(name: str, python: Path, file: Path) -> float:
    """One peer in its own Python; its start is not counted."""
    done = subprocess.run(
        [str(python), "-c", PEER, name, str(file)], capture_output=True, text=True, timeout=LIMIT, check=True
    )
    return float(done.stdout.split("seconds")[-1])


def present(python: Path | None, file: Path) -> dict[str, str]:
    """Why a peer is absent, by name; empty text for one that runs."""
    found = {}
    for name in ("deepchecks", "cleanlab"):
        if python is None:
            found[name] = "absent: PEERS_PYTHON is not set"
            continue
        try:
            peer(name, python, file)
        except subprocess.CalledProcessError as error:
            found[name] = f"absent: {error.stderr.strip().splitlines()[-1][:200]}"
        except subprocess.TimeoutExpired:
            found[name] = f"absent: over {LIMIT:g} s"
        else:
            found[name] = ""
    return found


def main() -> int:
    """Run, print, write."""
    args = arguments(__doc__ or "")
    python = Path(os.environ["PEERS_PYTHON"]) if "PEERS_PYTHON" in os.environ else None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "table.npz"
        values, target = table(PEER_ROWS)
        np.savez(file, X=values, y=target)
        absent = present(python, file)
        sides = [Side(f"whyfit {rows:,} rows", partial(ours, rows)) for rows in (QUICK_ROWS if args.quick else ROWS)]
        sides += [
            Side(f"{name} {PEER_ROWS:,} rows", partial(peer, name, python, file))
            for name, why in absent.items()
            if not why and python is not None
        ]
        figures = interleave(sides, QUICK_PAIRS if args.quick else PAIRS)
    for name, why in absent.items():
        print(f"{name:44} {why or 'ran'}")
    names = {f"{name} {PEER_ROWS:,} rows": f"vs_{name}" for name in absent}
    found = ratios(figures, f"whyfit {PEER_ROWS:,} rows", names)
    return finish("leakage", figures, found, {}, args, {"unit": "CPU seconds", "absent": absent})


if __name__ == "__main__":
    raise SystemExit(main())
