"""Bias and variance of one network on the digits: 200 rounds by mlxtend, and the same networks by whyfit.

`mlxtend.evaluate.bias_variance_decomp` trains an estimator on bootstrap samples of the training rows and takes the
votes on the test rows apart. Here both sides train the same network (64-128-128-10, ReLU, Adam at 0.001, batches of 32,
30 epochs, no penalty, no early stopping) on as many bootstrap samples of 1,437 rows, one core each, interleaved;
mlxtend's estimator is scikit-learn's `MLPClassifier`. Figures are process seconds a network.

Why the terms differ from those of a study (whyfit's networks stand in mlxtend's formulas beside its own):

- a bootstrap sample has 63 % distinct rows, so the terms are those of fewer rows than are printed;
- "bias" is the error of the main vote, which holds the noise; bias and variance do not add up to the error;
- with one seed for all rounds (`random_state` set) seed variance is counted as bias. Here whyfit has one seed a pair,
  and scikit-learn a new one a network, so its variance holds both parts.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from common import PAIRS, Side, arguments, finish, interleave, not_run, one_thread_everywhere, ratios

one_thread_everywhere()

import numpy as np  # noqa: E402  # after the number of threads is set

import whyfit  # noqa: E402
from whyfit.data.digits import digits  # noqa: E402
from whyfit.evidence.recipe import Recipe  # noqa: E402
from whyfit.evidence.split import Split  # noqa: E402

ROUNDS, QUICK_ROUNDS = 40, 4
"""Networks a pair; five pairs make the 200 rounds."""
AIM = 7.0
"""The study's own requirement."""
RECIPE = Recipe(epochs=30, patience=None)
NO_ROWS = np.empty(0, dtype=np.int64)


class Work:
    """The same rows for both sides, and the votes that each left behind."""

    def __init__(self, rounds: int) -> None:
        self.rounds, self.data = rounds, digits()
        order = np.random.default_rng(0).permutation(self.data.rows)
        cut = self.data.rows * 4 // 5
        self.train, self.test = np.sort(order[:cut]), np.sort(order[cut:])
        self.seed = 0
        self.terms: dict[str, list[tuple[float, float, float]]] = {"whyfit": [], "mlxtend": []}

    def ours(self) -> float:
        """Seconds a network."""
        self.seed += 1
        draw = np.random.default_rng(self.seed)
        samples = [draw.choice(self.train, self.train.size) for _ in range(self.rounds)]
        splits = [Split(train=sample, stop=NO_ROWS, score=self.test) for sample in samples]
        began = time.process_time()
        outcomes = whyfit.train(RECIPE, self.data, splits, seeds=self.seed, workers=1)
        spent = time.process_time() - began
        votes = np.stack([outcome.predictions.argmax(axis=1) for outcome in outcomes])
        self.terms["whyfit"].append(terms_of(votes, self.data.target[self.test]))
        return spent / self.rounds

    def theirs(self) -> float:
        """Seconds a network."""
        from mlxtend.evaluate import bias_variance_decomp
        from sklearn.neural_network import MLPClassifier

        x, y = self.data.numeric.astype(np.float32), self.data.target
        mean, std = x[self.train].mean(), x[self.train].std()
        network = MLPClassifier(
            (128, 128), alpha=0.0, batch_size=32, max_iter=RECIPE.epochs, tol=0.0, n_iter_no_change=RECIPE.epochs + 1
        )
        parts = [(x[rows] - mean) / std for rows in (self.train, self.test)]
        began = time.process_time()
        found = bias_variance_decomp(
            network, parts[0], y[self.train], parts[1], y[self.test], num_rounds=self.rounds, random_seed=self.seed
        )
        self.terms["mlxtend"].append(tuple(float(term) for term in found))
        return (time.process_time() - began) / self.rounds


def terms_of(votes: Any, target: Any) -> tuple[float, float, float]:
    """Error, bias and variance by mlxtend's formulas for 0-1 loss."""
    main = np.apply_along_axis(lambda one: np.bincount(one).argmax(), 0, votes)
    return float((votes != target).mean()), float((main != target).mean()), float((votes != main).mean())


def main() -> int:
    """Run both sides and print the ratio."""
    import warnings

    args = arguments(__doc__ or "")
    try:
        import mlxtend
    except ImportError:
        return not_run("bias_variance", "mlxtend is not installed", args)
    warnings.filterwarnings("ignore", module="sklearn")  # it has not converged: both sides stop after 30 epochs
    work = Work(QUICK_ROUNDS if args.quick else ROUNDS)
    whyfit.train(RECIPE.but(epochs=1), work.data, workers=1)  # compiled
    sides = [Side("whyfit", work.ours), Side("mlxtend", work.theirs)]
    figures = interleave(sides, 2 if args.quick else PAIRS)
    found = ratios(figures, "whyfit", {"mlxtend": "vs_mlxtend"})
    means = {name: np.mean(terms, axis=0).round(4).tolist() for name, terms in work.terms.items()}
    notes = {
        "mlxtend": mlxtend.__version__,
        "rounds a pair": work.rounds,
        "error, bias, variance by mlxtend's formulas": means,
        "seeds": "whyfit: one a pair, so seed variance is counted as bias; MLPClassifier: a new one a network",
    }
    for name, terms in means.items():
        print(f"{name:12} error {terms[0]:.4f}  bias {terms[1]:.4f}  variance {terms[2]:.4f}")
    return finish("bias_variance", figures, found, {"vs_mlxtend": AIM}, args, notes)


if __name__ == "__main__":
    sys.exit(main())
