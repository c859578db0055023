"""What is found in public data that comes with scikit-learn and river, and why: the handbook explains each."""

from __future__ import annotations

import gzip
import importlib.util
import zipfile
from pathlib import Path

import pytest
from sklearn import datasets

from whyfit.data.facts import data_facts, split_facts
from whyfit.data.load import load
from whyfit.data.splits import kfold
from whyfit.evidence.evidence import Evidence
from whyfit.exams.splits import SplitsExam

FOUND = {
    "iris": {"splits.copies_by_chance"},  # one pair of flowers, of three measured to a millimetre
    "wine": set(),
    "breast_cancer": set(),
    "diabetes": set(),
    "phishing": {"splits.copies_by_chance"},  # nine columns of three values: 1,587 pairs, 1,783 by chance
    "segment": {"splits.copies_by_chance"},  # patches of one sky: 226 pairs, 148 by chance
    "airline-passengers": {"splits.time_order"},  # months
    "water-flow": {"splits.time_order"},  # every ten minutes
    "trump_approval": {"splits.time_order"},  # days, counted up
    "chick-weights": {"splits.target_in_disguise"},  # a chick keeps its diet, so its number gives it away
    "sp500": set(),  # days in order, but returns do not follow each other
}


def river(name: str, folder: Path) -> Path:
    """A table of river's wheel, unpacked."""
    spec = importlib.util.find_spec("river")
    packed = next(Path(spec.submodule_search_locations[0], "datasets").glob(f"{name}.csv*"))
    path = folder / f"{name}.csv"
    if packed.suffix == ".zip":
        with zipfile.ZipFile(packed) as archive:
            path.write_bytes(archive.read(archive.namelist()[0]))
    else:
        path.write_bytes(gzip.decompress(packed.read_bytes()) if packed.suffix == ".gz" else packed.read_bytes())
    return path


@pytest.mark.parametrize("name", FOUND)
def test_what_is_found_in_public_data(name, tmp_path):
    ours = getattr(datasets, f"load_{name}", None)
    data = load(ours(return_X_y=True) if ours else river(name, tmp_path))
    evidence = Evidence(data=data_facts(data), splits=split_facts(data, kfold(data)))
    found = {finding.code for finding in SplitsExam().judge(evidence) if finding.severity != "ok"}
    assert found == FOUND[name]
