"""The gain of what was chosen, on rows that did not choose it.

In each fit (repeat r, fold f) the candidate with the least loss on *that fit's stop rows* is taken, mean over its
seeds, and scored on that fit's scored rows. Choosing is then one procedure with one gain, one interval and one
hypothesis, and it costs no network. Two uses:

- the strengths of one remedy (plain is no candidate, or a remedy could never hurt);
- the recommended recipe, over all arms and plain.

Simulated on pure noise with six candidates, the best arm's own gain is +1.26 points of error too good, and the
bootstrap correction of Tsamardinos et al. (2018) still +0.40; choosing inside the fit +0.07 ± 0.08. The price: the
stop rows are few, so the choice is noisy and gains less than the best candidate would. That is the truth about choosing
on so few rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whyfit.errors import ArgumentError
from whyfit.evidence.types import AnyArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False, slots=True)
class Choice:
    """What was chosen in each fit.

    Attributes
    ----------
    picks
        (repeats, folds): the candidate taken in each fit.
    counts
        (candidates,): in how many fits each was taken.
    """

    picks: IntArray
    counts: IntArray

    @property
    def most_often(self) -> int:
        """The candidate taken most often (the first of equals): what is written to the recipe file."""
        return int(self.counts.argmax())

    @property
    def share(self) -> float:
        """In which share of the fits that one was taken."""
        return float(self.counts.max() / self.counts.sum())

    def __repr__(self) -> str:
        return f"Choice({self.most_often} in {self.share:.0%} of {int(self.counts.sum())} fits)"


def choose(stop_losses: AnyArray) -> Choice:
    """Take in each fit the candidate with the least loss on its stop rows.

    Parameters
    ----------
    stop_losses
        (candidates, repeats, seeds, folds): mean loss on the stop rows of each fit. A candidate that diverged there
        (not finite) is never taken unless all did. Of equals the first is taken: list plain, or the weakest strength,
        first.

    Raises
    ------
    ArgumentError
        Where the shape is another.

    Examples
    --------
    >>> stop = np.array([[[[0.3, 0.2, 0.4]]], [[[0.2, 0.3, 0.3]]]])
    >>> choose(stop).picks
    array([[1, 0, 1]])
    """
    if np.ndim(stop_losses) != 4 or 0 in np.shape(stop_losses):
        raise ArgumentError(
            f"`stop_losses` must be (candidates, repeats, seeds, folds), got {np.shape(stop_losses)}.",
            advice="Give the mean loss on the stop rows of every fit of every candidate.",
        )
    means = np.asarray(stop_losses, dtype=np.float64).mean(axis=2)  # (candidates, repeats, folds)
    picks = np.where(np.isfinite(means), means, np.inf).argmin(axis=0)
    return Choice(picks, np.bincount(picks.ravel(), minlength=means.shape[0]))


def chosen_losses(choice: Choice, losses: AnyArray, folds: IntArray) -> FloatArray:
    """(repeats, seeds, rows): each row's loss by the candidate that was chosen in the fit that scores the row.

    Parameters
    ----------
    losses
        (candidates, repeats, seeds, rows), on the scored rows; or raw outputs with one more axis, which then come back
        with it.
    folds
        (repeats, rows).

    Examples
    --------
    >>> choice = choose(np.array([[[[0.3, 0.2]]], [[[0.2, 0.3]]]]))
    >>> chosen_losses(choice, np.array([[[[1.0, 2.0, 3.0]]], [[[10.0, 20.0, 30.0]]]]), np.array([[0, 1, 0]]))
    array([[[10.,  2., 30.]]])
    """
    if np.ndim(losses) not in {4, 5} or np.shape(losses)[1:4:2] != np.shape(folds):
        raise ArgumentError(
            f"`losses` must be (candidates, repeats, seeds, rows), `folds` (repeats, rows); "
            f"got {np.shape(losses)} and {np.shape(folds)}.",
            advice="Give the losses of the same candidates, in the same order, as the stop losses.",
        )
    table = np.asarray(losses, dtype=np.float64)
    picks = np.take_along_axis(choice.picks, folds, axis=1)  # (repeats, rows)
    places = picks[None, :, None, :] if table.ndim == 4 else picks[None, :, None, :, None]
    chosen: FloatArray = np.take_along_axis(table, places, axis=0)[0]
    return chosen
