"""The cheap learner: a hidden layer of random ReLU units that is not trained, and a ridge on top of it.

It has what intervals must cope with (a seed, a training sample, a penalty, a size) and costs a fifth of a millisecond.
"""

from collections.abc import Mapping

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from truth.worlds import INPUTS

UNITS = 48
PENALTY = 0.02
"""Of the plain arm: small enough to overfit at 80 rows."""

ARMS: Mapping[str, tuple[int, float]] = {
    "plain": (UNITS, PENALTY),
    "penalty": (UNITS, 1.0),
    "smaller": (UNITS // 4, PENALTY),
}
"""Units and penalty of each arm."""


def outputs_of(
    x: np.ndarray, target: np.ndarray, asked: np.ndarray, seed: int, arms: Mapping[str, tuple[int, float]] = ARMS
) -> np.ndarray:
    """(arms, asked rows): outputs of each arm at the asked inputs, trained on (x, target); one seed for all arms.

    An arm is its units and its penalty. Classes are trained as −1 and 1, so that the sign of an output is the answer.
    """
    noise = np.random.default_rng(seed)
    weights, shifts = noise.normal(size=(INPUTS, UNITS)), noise.uniform(-1.0, 1.0, size=UNITS)
    goal = 2.0 * target - 1.0 if target.dtype.kind == "i" else target
    centre = goal.mean()
    train, there = (np.maximum(0.0, rows @ weights + shifts) for rows in (x, asked))
    gram, moment = train.T @ train, train.T @ (goal - centre)
    return np.stack([centre + there[:, : arm[0]] @ _solve(gram, moment, *arm) for arm in arms.values()])


def _solve(gram: np.ndarray, moment: np.ndarray, units: int, penalty: float) -> np.ndarray:
    own = gram[:units, :units] + penalty * np.eye(units)
    return cho_solve(cho_factor(own, check_finite=False), moment[:units], check_finite=False)
