"""What a worker loads before any budget runs is all that its first networks need of torch."""

import subprocess
import sys

import pytest

SCRIPT = """
import sys
import numpy as np
from whyfit.data.load import load
from whyfit.data.splits import holdout
from whyfit.evidence.member import BlockId, Member
from whyfit.evidence.recipe import Recipe
from whyfit.training.contract import CancelFlag, Context, Cost
from whyfit.training.engines.single import SingleEngine
from whyfit.training.engines.stacked import StackedEngine

draw = np.random.default_rng(0)
data = load((draw.normal(size=(40, 3)), draw.integers(0, 2, 40)))
engine = {"single": SingleEngine, "stacked": StackedEngine}[sys.argv[1]]()
engine.prepare(lambda: None)
before = set(sys.modules)
members = [Member(Recipe(epochs=1), holdout(data), seed, BlockId(0, seed)) for seed in (1, 2)]
with CancelFlag.create() as flag:
    for shard in engine.shards(members, data.fingerprint, Cost(60.0, 1 << 30)):
        assert [one.status for one in engine.train(shard, Context(lambda: data, flag))]
print(len([name for name in set(sys.modules) - before if name.startswith(("torch.", "whyfit.", "numba."))]))
"""


@pytest.mark.parametrize("engine", ["single", "stacked"])
def test_the_first_networks_load_next_to_nothing(engine):
    done = subprocess.run([sys.executable, "-c", SCRIPT, engine], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 30, done.stdout
