"""From the outcomes of the plain arm to evidence: runs, score, gap. Numbers only; exams judge."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.estimate import Estimate
from whyfit.evidence.evidence import GapFacts, Run, ScoreFacts
from whyfit.evidence.outcome import Outcome
from whyfit.evidence.types import FloatArray, IntArray
from whyfit.study.once import divided_once, division_spread
from whyfit.study.results import ArmResults, mean_of_known
from whyfit.study.seen_gap import seen_gap
from whyfit.study.statistics.blocks import forward_blocks
from whyfit.study.statistics.constant import constant_loss
from whyfit.study.statistics.corrected import nadeau_bengio
from whyfit.study.statistics.interval import score_spread
from whyfit.study.statistics.limits import error_estimate
from whyfit.study.statistics.losses import BOUNDED, Loss

ROSE_AGAIN = 0.02
"""2 % above its best: the least change that matters (the default δ of a study's verdicts)."""

METRICS: dict[Loss, str] = {
    "zero_one": "error",
    "squared_error": "squared_error",
    "cross_entropy": "cross_entropy",
    "hamming": "hamming",
    "binary_cross_entropy": "binary_cross_entropy",
}
"""What reports call a loss."""


def score_facts(results: ArmResults, level: float = 0.95) -> ScoreFacts:
    """The score on rows that neither trained nor chose the network, with its interval and the baseline."""
    loss = results.error_loss
    if results.data.time is not None:
        forward = _forward(results, results.by_fit("score_error"), level)
        return ScoreFacts(METRICS[loss], forward, baseline_error(results))
    if results.once is not None:
        estimate = divided_once(results, level)
        return ScoreFacts(METRICS[loss], estimate, baseline_error(results), _per_class(results))
    spread = score_spread(
        results.row_losses(loss),
        results.fold_of_row,
        training_rows=results.training_rows,
        baseline=constant_of(results, loss),
        groups=results.data.groups,
    )
    estimate = error_estimate(spread, bounded=loss in BOUNDED, level=level)
    return ScoreFacts(METRICS[loss], estimate, baseline_error(results), _per_class(results))


def constant_of(results: ArmResults, loss: Loss) -> float | None:
    """What a network has to beat before its narrow interval is trusted; None for 0-1 error, which is bounded."""
    return None if loss in BOUNDED else constant_loss(results.data.target, loss, results.data.weights)


def _forward(results: ArmResults, by_fit: FloatArray, level: float = 0.95) -> Estimate:
    """Over blocks forward in time: repeats differ in their seeds alone, and are averaged."""
    scored = sum(member.split.score.size for member in results.members[:: results.arm.seeds][: results.folds])
    return forward_blocks(by_fit.mean(axis=0), rows=scored, training_rows=results.training_rows, level=level)


def gap_facts(results: ArmResults) -> GapFacts:
    """Training against scored rows, both in evaluation mode with the kept weights, paired by fit."""
    by_fit = {name: results.by_fit(name) for name in ("train_loss", "train_error", "score_loss", "score_error")}
    done = [outcome for outcome in results.outcomes if outcome.status == "done"]
    onsets = [outcome.best_epoch for outcome in done if rose_again(outcome)]
    means = {name: mean_of_known(values) for name, values in by_fit.items()}
    return GapFacts(
        loss=gap_of(results, by_fit["score_loss"] - by_fit["train_loss"]),
        error=gap_of(results, by_fit["score_error"] - by_fit["train_error"]),
        **means,
        onset_epoch=float(np.median(onsets)) if onsets else None,
        rising=len(onsets),
        fits=len(done),
        seen=seen_gap(results),
    )


def runs(results: ArmResults, name: str) -> tuple[Run, ...]:
    """Each network of the arm as exams see it."""
    return tuple(
        Run(
            name=name,
            status=outcome.status,
            reason=outcome.reason,
            curves=outcome.curves,
            final=outcome.final,
            vitals=outcome.vitals,
            best_epoch=outcome.best_epoch,
            stopped_epoch=outcome.stopped_epoch,
            epochs=member.recipe.epochs,
            chance_loss=chance_loss(results.data, member.split.train),
            initializer=member.recipe.initializer,
        )
        for member, outcome in zip(results.members, results.outcomes, strict=True)
    )


def rose_again(outcome: Outcome) -> bool:
    """Whether the stop loss ended above its best: the onset of overfitting lies at the best epoch."""
    losses = outcome.curves.stop_loss
    return bool(losses.size and losses[-1] > (1 + ROSE_AGAIN) * losses.min())


def baseline_error(results: ArmResults) -> float:
    """The error of the best constant prediction, fitted on the training rows of each fit, on its scored rows."""
    splits = [member.split for member in results.members[:: results.arm.seeds]]
    return float(np.mean([_constant_error(results.data, split.train, split.score) for split in splits]))


def _constant_error(data: Dataset, train: IntArray, score: IntArray) -> float:
    known, asked = data.target[train], data.target[score]
    own = np.ones(data.rows) if data.weights is None else data.weights
    if data.task == "classification":
        wrong = asked != np.bincount(known, weights=own[train]).argmax()
        return float(np.average(wrong, weights=own[score]))
    best = np.average(known, axis=0, weights=own[train])
    if data.task == "multilabel":
        return float(np.average((asked != (best > 0.5)).mean(axis=1), weights=own[score]))
    return float(np.average(((asked - best) ** 2).mean(axis=1), weights=own[score]))


def chance_loss(data: Dataset, train: IntArray) -> float:
    """The loss of the best constant output on the training rows: entropy of the classes, or 1 for scaled targets."""
    if data.task == "regression":
        return 1.0
    own = np.ones(train.size) if data.weights is None else data.weights[train]
    if data.task == "multilabel":
        return constant_loss(data.target[train], "binary_cross_entropy", own)
    share = np.bincount(data.target[train], weights=own, minlength=len(data.classes)) / own.sum()
    return float(-(share[share > 0] * np.log(share[share > 0])).sum())


def gap_of(results: ArmResults, by_fit: FloatArray, level: float = 0.95) -> Estimate:
    """Nadeau and Bengio's interval: the gap is no mean over rows. Forward in time, the interval over blocks."""
    if results.data.time is not None:
        return _forward(results, by_fit, level)
    if results.once is not None:
        return division_spread(results, by_fit).estimate(level)
    scored = results.data.rows / results.folds
    return nadeau_bengio(by_fit, scored=scored, trained=results.training_rows, rows=results.data.rows).estimate(level)


def _per_class(results: ArmResults) -> tuple[tuple[str, int, float], ...]:
    if results.data.task != "classification":
        return ()
    by_row = results.plain_losses("zero_one").mean(axis=(0, 1))
    scored = np.isin(np.arange(results.data.rows), np.concatenate([one.split.score for one in results.members]))
    rows = [
        (name, np.flatnonzero(scored & (results.data.target == code))) for code, name in enumerate(results.data.classes)
    ]
    own = np.ones(results.data.rows) if results.data.weights is None else results.data.weights
    return tuple((name, int(of.size), float(np.average(by_row[of], weights=own[of]))) for name, of in rows if of.size)
