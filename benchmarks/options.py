"""What each option of a recipe costs over the plain network: 64-128-128-10, batch 32, ReLU, Adam.

Every option is trained beside the plain network, in turn, on one core by CPU time, and compared pair by pair; a cost of
0.1 is a tenth more time. Vitals are measured beside training that validates, too. Two options are dearer by what they
are, and are stated apart: Maxout at equal units has twice the weights of a layer, so it is measured at equal weights
too; Muon makes each matrix orthogonal at every step by products of matrices, many times the work of the step itself.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any

from common import PAIRS, QUICK_PAIRS, Side, Spread, arguments, finish_within, interleave, one_thread_everywhere

one_thread_everywhere()

import numpy as np  # noqa: E402  # after the environment is set

HIDDEN, BATCH, EPOCHS = (128, 128), 32, 16
RULE, DROPOUT, NORMS, AUGMENTATION = 0.15, 0.25, 0.35, 0.2
"""At most: another activation, optimiser or penalty, and vitals; dropout; batch norm in both layers; an augmentation
(chosen, below dropout's: it changes one layer's inputs, not each layer's outputs)."""

APART = {
    "activation maxout": "at equal units it has twice the weights of each hidden layer",
    "validation": "a forward pass over 22 stop rows to 100 trained ones, each epoch, as early stopping asks for it",
    "vitals and validation": "both together, over training without either",
    "optimizer muon": "63 million multiplications and additions a step, where forward and backward pass have 4",
}
OVER = {"vitals, validation included": {"validation": True}}
"""What is measured over other training than plain: the bound on vitals is of the training time, validation included."""
EQUAL = (84, 84)
"""Units at which Maxout of two pieces has as many weights as the plain network: 2h² + 138h = 25,704, of 25,856."""
TRAINING = 0.82
"""Of the digits: the stop rows beside them are to them as in the default division, 15 to 70."""
PENALTIES: Mapping[str, Mapping[str, Any]] = {
    "l1": {"l1": 1e-5},
    "l2": {"l2": 1e-4},
    "l1 and l2": {"l1": 1e-5, "l2": 1e-4},
    "weight_decay": {"weight_decay": 1e-2},
    "clip_norm": {"clip_norm": 1.0},
    "clip_value": {"clip_value": 0.1},
    "label_smoothing": {"label_smoothing": 0.1},
    "cosine with warm-up": {"schedule": "cosine", "warmup": 0.1},
}


def options() -> Iterator[tuple[str, Mapping[str, Any], float | None]]:
    """Name, what it changes in the recipe, and the most that it may cost; None for what is stated apart."""
    from whyfit.rules.activations import activations
    from whyfit.rules.augmentations import augmentations
    from whyfit.rules.optimizers import optimizers

    for field, catalogue, own in (("activation", activations, "relu"), ("optimizer", optimizers, "adam")):
        for name in catalogue:
            if name != own:
                full = f"{field} {name}"
                yield full, {field: name}, None if full in APART else RULE
    yield "activation maxout, equal weights", {"activation": "maxout", "network": EQUAL}, RULE
    for name, changes in PENALTIES.items():
        yield name, changes, RULE
    yield "vitals", {"vitals": 8}, RULE
    yield "vitals, validation included", {"vitals": 8, "validation": True}, RULE
    yield "validation", {"validation": True}, None
    yield "vitals and validation", {"vitals": 8, "validation": True}, None
    yield "dropout", {"dropout": 0.5}, DROPOUT
    for place in ("before", "after"):
        yield f"batch norm {place}", {"batch_norm": place}, NORMS
    yield "batch norm after and dropout", {"batch_norm": "after", "dropout": 0.5}, NORMS + DROPOUT
    for name, entry in augmentations.items():
        changes = {"augmentation": name, "augmentation_strength": entry.strengths[-1]}
        yield f"augmentation {name}", changes, AUGMENTATION


class Population:
    """Members of the plain network or of one option of it, on the digits in whole batches."""

    def __init__(self, epochs: int, members: int) -> None:
        from sklearn.datasets import load_digits

        from whyfit.evidence.dataset import Column, Dataset
        from whyfit.evidence.split import Split
        from whyfit.training.engines.kernel import KernelEngine

        x, y = load_digits(return_X_y=True)
        rows = len(x) // BATCH * BATCH
        self.data = Dataset(
            columns=tuple(Column(f"x{i}", "numeric") for i in range(x.shape[1])),
            numeric=x[:rows],
            codes=np.empty((rows, 0)),
            target=y[:rows],
            task="classification",
            classes=tuple(str(k) for k in range(10)),
            shape=(8, 8),
        )
        training = int(TRAINING * rows) // BATCH * BATCH
        nothing, trained, others = np.empty(0, np.int64), np.arange(training), np.arange(training, rows)
        self.split, self.validated = Split(trained, nothing, nothing), Split(trained, others, nothing)
        self.engine = KernelEngine()
        self.epochs, self.members, self.steps = epochs, members, members * epochs * training // BATCH

    def train(self, changes: Mapping[str, Any]) -> float:
        """Microseconds of processor time a step and network; a diverged one would make the figures lie."""
        from threadpoolctl import threadpool_limits

        from whyfit.evidence.member import BlockId, Collect, Member
        from whyfit.evidence.network import Perceptron
        from whyfit.evidence.recipe import Recipe
        from whyfit.training.contract import CancelFlag, Context, Shard

        fields = {name: value for name, value in changes.items() if name not in ("vitals", "validation")}
        split = self.validated if changes.get("validation") else self.split
        collect = Collect(vitals=changes.get("vitals", 0), predictions=False)
        recipe = Recipe(network=Perceptron(HIDDEN), batch_size=BATCH, epochs=self.epochs, patience=None).but(**fields)
        members = [Member(recipe, split, seed, BlockId(0, 0), collect) for seed in range(self.members)]
        shard = Shard(tuple(members), ("key",) * self.members)
        with threadpool_limits(1), CancelFlag.create() as flag:
            context, start = Context(lambda: self.data, flag), time.thread_time()
            outcomes = list(self.engine.train(shard, context))
            seconds = time.thread_time() - start
        assert all(outcome.status == "done" for outcome in outcomes)
        return seconds / self.steps * 1e6


def main() -> int:
    """Every option beside the plain network."""
    args = arguments(__doc__ or "")
    pairs, scale = (QUICK_PAIRS, 1) if args.quick else (PAIRS + 4, 2)
    population, figures, costs, limits = Population(30 if args.quick else EPOCHS * scale, 1), {}, {}, {}
    for name, changes, limit in options():
        beside, base = ("validation", OVER[name]) if name in OVER else ("plain", {})
        sides = [
            Side(beside, lambda c=base: population.train(c)),
            Side(name, lambda c=changes: population.train(c)),
        ]
        both = interleave(sides, pairs)
        figures |= {name: both[name]} | {beside: [*figures.get(beside, []), *both[beside]]}
        costs[name] = Spread.of([b / a - 1.0 for a, b in zip(both[beside], both[name], strict=True)])
        if limit is not None:
            limits[name] = limit
    return finish_within("options", figures, costs, limits, args, {"apart": APART})


if __name__ == "__main__":
    sys.exit(main())
