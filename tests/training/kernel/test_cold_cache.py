"""The process that compiles the kernel gives the same bits as one that loads it from the cache."""

import json
import os
import subprocess
import sys

TRAIN = """
import hashlib, json
from functools import partial
import numpy as np
from whyfit.data.load import load
from whyfit.data.splits import holdout
from whyfit.evidence.member import BlockId, Collect, Member
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.study.crew import itself
from whyfit.training.contract import CancelFlag, Context, Cost
from whyfit.training.engines.kernel import KernelEngine

draw = np.random.default_rng(0)
x = draw.normal(size=(200, 9))
classes, numbers = load((x, (x[:, 0] > 0).astype(int))), load((x, x[:, 0] + draw.normal(size=200)))
plain = Recipe(network=Perceptron((16, 16)), epochs=3)
other = Recipe.for_data("regression").but(network=Perceptron((16,)), epochs=3)
recipes = {
    "plain": (plain, classes),
    "norm before, dropout": (plain.but(batch_norm="before", dropout=0.3, optimizer="nadam"), classes),
    "norm after": (plain.but(batch_norm="after", activation="tanh"), classes),
    "maxout, penalties": (plain.but(activation="maxout", l1=1e-4, l2=1e-3, clip_norm=0.5), classes),
    "mixup": (plain.but(augmentation="mixup", augmentation_strength=0.3), classes),
    "full batch": (plain.but(batch_size=None, optimizer="rprop"), classes),
    "huber": (other.but(loss="huber", activation="gelu", optimizer="adamw", weight_decay=0.1), numbers),
}
digests = {}
for name, (recipe, data) in recipes.items():
    member = Member(recipe=recipe, split=holdout(data), seed=1, block=BlockId(0, 0), collect=Collect(vitals=2))
    engine = KernelEngine()
    with CancelFlag.create() as cancel:
        shard = next(engine.shards([member], data.fingerprint, Cost(1e9, 1 << 40)))
        outcome = next(engine.train(shard, Context(partial(itself, data), cancel)))
    seen = outcome.predictions.tobytes() + repr(outcome.vitals).encode()
    digests[name] = hashlib.sha256(seen).hexdigest()
print(json.dumps(digests))
"""


def digests(cache):
    alone = os.environ | {"NUMBA_CACHE_DIR": str(cache)}
    done = subprocess.run([sys.executable, "-c", TRAIN], capture_output=True, text=True, check=True, env=alone)
    return json.loads(done.stdout)


def test_compiling_and_loading_from_the_cache_give_the_same_bits(tmp_path):
    cold, warm = digests(tmp_path), digests(tmp_path)
    assert [name for name in cold if cold[name] != warm[name]] == []
