"""0-1 error in the words of Domingos (2000) and James (2003): description beside the additive form, without intervals.

**Domingos.** With y_m the main answer (the most frequent one of all networks), every row's error is exactly::

    P(wrong) = [y_m ≠ y] + P(not y_m)·( +1 where y_m = y,  −P(right | not y_m) where y_m ≠ y )

biased rows (the main answer is wrong) gain from variance, unbiased ones lose. His own bias is the main answer against
the *optimal* one, which is unknown wherever labels are noisy; the observed label stands in its place here, so his three
plain terms are not given: they do not add up (simulated: .158 + .155 + .206, interaction −.235, error .283).

**James.** The effect of variance is error − err(main), the effect of bias err(main) − noise: with the noise unknown,
the effects of bias and noise together are err(main).

**Few networks.** The main vote of B networks is not that of infinitely many. P(not main) counted with the network's own
vote in the main answer is too small, without it too large: their mean is taken (B = 5: .133, .174, mean .153, truth
.155). err(main) is extrapolated: 2·err(B) − err(B/2). Ties count as their average.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whyfit.errors import ArgumentError
from whyfit.evidence.types import AnyArray, BoolArray, FloatArray, IntArray
from whyfit.study.statistics.losses import classes_of


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteEffects:
    """How the votes of all networks make up the 0-1 error.

    Attributes
    ----------
    error
        Of one network.
    main_error
        [y_m ≠ y] of the B networks at hand.
    unbiased_variance, biased_variance
        Over all rows: what variance adds where the main answer is right, and takes away where it is wrong;
        error = main_error + unbiased_variance − biased_variance, exactly.
    main_variance
        P(not y_m), corrected for few networks.
    bias_and_noise_effect
        James's, together: err(main) of infinitely many networks, extrapolated.
    variance_effect
        James's: error − err(main).
    networks
        B.
    """

    error: float
    main_error: float
    unbiased_variance: float
    biased_variance: float
    main_variance: float
    bias_and_noise_effect: float
    variance_effect: float
    networks: int


def vote_effects(outputs: AnyArray, target: IntArray) -> VoteEffects:
    """Describe the 0-1 error of many networks on the same rows.

    Parameters
    ----------
    outputs
        (repeats, seeds, rows, classes): out-of-fold raw outputs.
    target
        (rows,): class codes.

    Raises
    ------
    ArgumentError
        Under four networks.

    Examples
    --------
    >>> answers = np.array([[0, 0], [0, 1], [0, 1], [1, 1]])  # four networks, two rows
    >>> effects = vote_effects(np.eye(2)[answers][:, None], np.array([0, 0]))
    >>> effects.error, effects.main_error, effects.unbiased_variance, effects.biased_variance
    (0.5, 0.5, 0.125, 0.125)
    """
    answers = classes_of(outputs)
    answers = answers.reshape(-1, answers.shape[-1])  # (networks, rows)
    if answers.shape[0] < 4:
        raise ArgumentError(
            f"a main answer needs at least 4 networks, got {answers.shape[0]}.",
            advice="Train more repeats or seeds.",
        )
    votes = _counts(answers)
    main = _main(votes)  # (rows, answers): 1 for the main answer, shared among ties
    wrong = np.unique(answers)[None, :] != np.asarray(target)[:, None]
    shares = votes / answers.shape[0]
    error, main_error = float((shares * wrong).sum(axis=1).mean()), float((main * wrong).sum(axis=1).mean())
    lost = (main * ~wrong * (1.0 - shares)).sum(axis=1)
    won = ((main * wrong).sum(axis=1)) * (shares * ~wrong).sum(axis=1)
    settled = _many_networks(answers, wrong, main_error)
    return VoteEffects(
        error=error,
        main_error=main_error,
        unbiased_variance=float(lost.mean()),
        biased_variance=float(won.mean()),
        main_variance=_main_variance(votes, main),
        bias_and_noise_effect=settled,
        variance_effect=error - settled,
        networks=answers.shape[0],
    )


def _counts(answers: IntArray, among: IntArray | None = None) -> FloatArray:
    """(rows, answers): how many networks gave each answer."""
    every = np.unique(answers) if among is None else among
    return np.stack([(answers == answer).sum(axis=0) for answer in every], axis=-1).astype(np.float64)


def _main(votes: FloatArray) -> FloatArray:
    top = votes == votes.max(axis=-1, keepdims=True)
    shared: FloatArray = top / top.sum(axis=-1, keepdims=True)
    return shared


def _main_variance(votes: FloatArray, main: FloatArray) -> float:
    """The mean of P(not main) with and without a network's own vote in the main answer."""
    networks = votes.sum(axis=1)
    own = float((1.0 - (main * votes).sum(axis=1) / networks).mean())
    others = np.zeros(votes.shape[0])
    for answer in range(votes.shape[1]):  # a network that gave this answer, judged by the main answer of the others
        left = votes - np.eye(votes.shape[1])[answer]
        others += votes[:, answer] / networks * (1.0 - _main(left)[:, answer])
    return 0.5 * (own + float(others.mean()))


def _many_networks(answers: IntArray, wrong: BoolArray, main_error: float) -> float:
    """2·err(B) − err(B/2), the halves being the B runs of neighbours around the circle of networks."""
    networks, among = answers.shape[0], np.unique(answers)
    circle = np.arange(networks)
    halves = [np.roll(circle, -start)[: networks // 2] for start in circle]
    errors = [(_main(_counts(answers[half], among)) * wrong).sum(axis=1).mean() for half in halves]
    return 2.0 * main_error - float(np.mean(errors))
