"""Bias and variance of a network on the digits, beside mlxtend's `bias_variance_decomp` with 200 rounds.

The same work on both sides: for each round the same bootstrap sample of the same 1,347 training rows, a perceptron
64-128-128-10 trained on it by Adam (rate 1e-3) in batches of 32 for 20 epochs, and its answers on the same 450 rows.
mlxtend is given scikit-learn's `MLPClassifier`, the perceptron that most of its users give it; the weights of both
sides start by Glorot's rule. CPU time of one core, sides interleaved, the 200 rounds in five parts. mlxtend wants a
Python of its own: see `population.py`.

Then the numbers, and why they are not those of a checkup: mlxtend's by mlxtend's formulas, with the estimator's seed
fixed as in its documentation, and free; ours by mlxtend's formulas, and by those of a checkup.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common import arguments, finish, one_thread_everywhere, ratios

one_thread_everywhere()

import numpy as np  # noqa: E402  # after the environment is set
from threadpoolctl import threadpool_limits  # noqa: E402

from ours import dataset_of  # noqa: E402
from peer_worker import PeerProcess  # noqa: E402
from whyfit.evidence.member import BlockId, Member  # noqa: E402
from whyfit.evidence.network import Perceptron  # noqa: E402
from whyfit.evidence.recipe import Recipe  # noqa: E402
from whyfit.evidence.split import Split  # noqa: E402
from whyfit.training.contract import CancelFlag, Context, Shard  # noqa: E402
from whyfit.training.engines.kernel import KernelEngine  # noqa: E402

Array = np.ndarray
ROUNDS, PARTS, EPOCHS = 200, 5, 20
QUICK_ROUNDS, QUICK_PARTS = 20, 2
HIDDEN, BATCH, TEST_ROWS = (128, 128), 32, 450
AIM = 7.0
OURS, THEIRS = "ours, CPU s a round", "mlxtend, CPU s a round"
ASKED: dict[str, Any] = {"call": "decomposition_peer", "hidden": HIDDEN, "batch": BATCH, "epochs": EPOCHS}
FIXED = 1
"""The seed that every round gets where the estimator's `random_state` is set, as mlxtend's documentation does."""


@dataclass(frozen=True)
class Rows:
    """The digits, cut once into training and test rows."""

    x: Array
    y: Array
    train: Array
    test: Array

    @classmethod
    def digits(cls) -> Rows:
        """Scaled by the training rows, so that both sides see the same."""
        from sklearn.datasets import load_digits

        x, y = load_digits(return_X_y=True)
        order = np.random.default_rng(0).permutation(len(x))
        train, test = order[TEST_ROWS:], order[:TEST_ROWS]
        return cls((x - x[train].mean(axis=0)) / np.maximum(x[train].std(axis=0), 1e-6), y, train, test)

    def bootstrap(self, part: int, rounds: int) -> list[Array]:
        """The samples of mlxtend with that `random_seed`: rows, some of them more than once."""
        noise = np.random.RandomState(part)  # mlxtend's own generator
        return [self.train[noise.choice(np.arange(len(self.train)), len(self.train))] for _ in range(rounds)]

    def write(self, place: Path) -> Path:
        """For the peer."""
        parts = {"train": self.train, "test": self.test}
        np.savez(place, **{f"{c}_{part}": getattr(self, c)[rows] for part, rows in parts.items() for c in "xy"})
        return place


class Ours:
    """Members of the kernel, one after the other."""

    def __init__(self, rows: Rows) -> None:
        self.rows, self.data, self.engine = rows, dataset_of(rows.x, rows.y), KernelEngine()
        self.recipe = Recipe(
            network=Perceptron(HIDDEN), initializer="xavier_uniform", batch_size=BATCH, epochs=EPOCHS, patience=None
        )

    def answers(self, samples: list[Array], first_seed: int) -> tuple[float, Array]:
        """CPU seconds, and (rounds, test rows) classes."""
        began = time.process_time()
        nothing, order = np.empty(0, np.int64), np.argsort(np.argsort(self.rows.test))
        found = []
        with threadpool_limits(1), CancelFlag.create() as flag:
            context = Context(lambda: self.data, flag)
            for number, sample in enumerate(samples):
                split = Split(train=sample, stop=nothing, score=self.rows.test)
                member = Member(self.recipe, split, first_seed + number, BlockId(0, 0))
                outcome = next(iter(self.engine.train(Shard((member,), ("key",)), context)))
                assert outcome.predictions is not None, "a network that diverged would make the figures lie"
                found.append(outcome.predictions.argmax(axis=1)[order])
        return time.process_time() - began, np.array(found)


@dataclass
class Answers:
    """What both sides answered, and the CPU seconds of a round; (rounds, test rows) classes each."""

    figures: dict[str, list[float]]
    kept: dict[str, list[Array]]
    absent: str | None = None

    def of(self, name: str) -> Array:
        """Of all parts."""
        return np.concatenate(self.kept[name])


def main() -> int:
    """Times, then numbers."""
    args = arguments(__doc__)
    rounds, parts = (QUICK_ROUNDS, QUICK_PARTS) if args.quick else (ROUNDS, PARTS)
    rows = Rows.digits()
    answers = interleaved(rows, rounds // parts, parts)
    truth = rows.y[rows.test]
    table = {"ours, mlxtend's formulas": mlxtends(answers.of("ours"), truth)}
    for name in ("mlxtend, seed free", "mlxtend, seed fixed"):
        if name in answers.kept:
            table[name] = mlxtends(answers.of(name), truth)
    table["ours, a checkup's formulas"] = checkups(answers.of("ours"), answers.of("ours again"), truth)
    print_why(table, answers.absent)
    found = ratios(answers.figures, OURS, {THEIRS: "vs_mlxtend"})
    notes: dict[str, Any] = {"rounds": rounds, "decomposition": table, "absent": answers.absent}
    return finish("decomposition", answers.figures, found, {"vs_mlxtend": AIM}, args, notes)


def interleaved(rows: Rows, rounds: int, parts: int) -> Answers:
    """Part by part: ours (and once more with other seeds, untimed), mlxtend's with free and with fixed seed."""
    ours, answers = Ours(rows), Answers({}, {})
    ours.answers(rows.bootstrap(0, 1), 0)  # the machine code is loaded
    peer = PeerProcess(os.environ.get("PEERS_PYTHON", sys.executable))
    with tempfile.TemporaryDirectory() as folder:
        data = str(rows.write(Path(folder) / "digits.npz"))
        for part in range(parts):
            samples = rows.bootstrap(part, rounds)
            seconds, found = ours.answers(samples, part * rounds)
            answers.figures.setdefault(OURS, []).append(seconds / rounds)
            answers.kept.setdefault("ours", []).append(found)
            answers.kept.setdefault("ours again", []).append(ours.answers(samples, ROUNDS + part * rounds)[1])
            for name, state in (("mlxtend, seed free", None), ("mlxtend, seed fixed", FIXED)):
                peer.begin(**ASKED, data=data, rounds=rounds, random_seed=part, random_state=state)
                answer = peer.end()
                if "absent" in answer:
                    answers.absent = answer["absent"]
                    continue
                answers.kept.setdefault(name, []).append(np.array(answer["predictions"]))
                if state is None:
                    answers.figures.setdefault(THEIRS, []).append(answer["cpu"] / rounds)
    peer.close()
    return answers


def mlxtends(answers: Array, truth: Array) -> dict[str, float]:
    """Error, bias and variance by mlxtend's formulas (Domingos's, without his noise and without his signs)."""
    main_answer = np.array([np.bincount(column).argmax() for column in answers.T])
    return {
        "error": float((answers != truth).mean()),
        "bias": float((main_answer != truth).mean()),
        "variance": float((answers != main_answer).mean()),
    }


def checkups(first: Array, second: Array, truth: Array) -> dict[str, float]:
    """Kohavi and Wolpert's terms (1996), which add up; the variance apart into seed and sample.

    Two networks of one sample differ by their seed; two of different samples by both. Half the share of rows on which
    they disagree is the variance of an answer.
    """
    seed = 0.5 * float((first != second).mean())
    pairs = [(first != np.roll(second, shift, axis=0)).mean() for shift in range(1, len(first))]
    variance = 0.5 * float(np.mean(pairs))
    error = float((np.concatenate([first, second]) != truth).mean())
    return {
        "error": error,
        "bias": error - variance,
        "variance": variance,
        "variance_seed": seed,
        "variance_sample": variance - seed,
    }


def print_why(table: dict[str, dict[str, float]], absent: str | None) -> None:
    """The numbers side by side, and why they differ."""
    print(f"{'':28} {'error':>8} {'bias':>8} {'variance':>8} {'sum':>8}")
    for name, row in table.items():
        terms = (row["error"], row["bias"], row["variance"], row["bias"] + row["variance"])
        print(f"{name:28} " + " ".join(f"{term:8.4f}" for term in terms))
    last = table["ours, a checkup's formulas"]
    print(f"{'':28} variance: {last['variance_seed']:.4f} by the seed, {last['variance_sample']:.4f} by the sample")
    print("""
Why they differ:
- With the estimator's seed fixed, what the seed does is the same in every round: mlxtend counts it as bias.
- mlxtend's bias and variance of 0-1 loss do not add up to the error: where the main answer is wrong, a network that
  disagrees with it may be right, and still counts as variance. Kohavi and Wolpert's terms add up.
- A label that is wrong counts as bias in both: without repeated inputs bias and noise cannot be told apart.
- A checkup trains on folds, not on bootstrap samples, whose rows are 63 % distinct: its terms hold for 80 % of the
  rows, and it gives each an interval; here are none.""")
    if absent is not None:
        print(f"mlxtend is absent: {absent}")


if __name__ == "__main__":
    raise SystemExit(main())
