"""What is found in public data that comes with scikit-learn and river, and why: `examples/public_data.py` prints it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn import datasets

from whyfit.data.facts import data_facts, split_facts
from whyfit.data.load import load
from whyfit.data.splits import kfold
from whyfit.evidence.evidence import Evidence
from whyfit.exams.splits import SplitsExam

EXAMPLE = Path(__file__).parents[2] / "examples" / "public_data.py"

FOUND = {
    "iris": {"splits.copies_by_chance"},  # one pair of flowers, of three measured to a millimetre
    "wine": set(),
    "breast_cancer": set(),
    "digits": set(),
    "diabetes": set(),
    "linnerud": set(),
    "phishing": {"splits.copies_by_chance"},  # nine columns of three values: 1,587 pairs, 1,783 by chance
    "segment": {"splits.copies_by_chance"},  # patches of one sky: 226 pairs, 148 by chance
    "airline-passengers": {"splits.time_order"},  # months
    "water-flow": {"splits.time_order"},  # every ten minutes
    "trump_approval": {"splits.time_order"},  # days, counted up
    # a chick keeps its diet, so its number gives it away; the rows stand day by day, diet by diet
    "chick-weights": {"splits.target_in_disguise", "splits.time_or_sorted"},
    "sp500": set(),  # days in order, but returns do not follow each other
}


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("public_data", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    sys.modules["public_data"] = module  # where its dataclass looks for its own types
    spec.loader.exec_module(module)
    yield module
    del sys.modules["public_data"]


def test_the_example_names_every_table(example):
    assert list(example.names()) == list(FOUND)


@pytest.mark.parametrize("name", FOUND)
def test_what_is_found_in_public_data(example, name):
    row = example.examined(name)
    assert {finding.code for finding in row.findings} == FOUND[name]
    assert len(row.said) == len(row.findings)


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "digits", "diabetes"])
def test_copies_that_are_planted_in_public_data_are_told_from_those_by_chance(name):
    X, y = (np.array(part) for part in getattr(datasets, f"load_{name}")(return_X_y=True))
    noise = np.random.default_rng(0)
    to, of = noise.choice(len(y), len(y) // 12, replace=False), noise.choice(len(y), len(y) // 12)
    X[to], y[to] = X[of], y[of]
    data = load((X, y))
    found = SplitsExam().judge(Evidence(data=data_facts(data), splits=split_facts(data, kfold(data))))
    copies = next(finding for finding in found if finding.code == "splits.copies")
    assert copies.severity == "serious"
    assert copies.numbers["pairs"] > 10 * (copies.numbers["expected_by_chance"] + 0.3)
