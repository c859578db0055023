"""Beside the loss: the usual metrics, those of the user's own, and the error of each class; all with intervals."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from whyfit.errors import ArgumentError
from whyfit.evidence.evidence import ClassFacts, MetricFacts, ScoreFacts
from whyfit.evidence.types import AnyArray, Task
from whyfit.study.results import ArmResults
from whyfit.study.statistics.by_class import ClassScore, class_scores
from whyfit.study.statistics.losses import answers_of, classes_of
from whyfit.study.statistics.metrics import METRICS, Metric, metric_spread, own_metric
from whyfit.study.statistics.proportion import zero_one_estimate
from whyfit.study.statistics.refit import row_and_refit
from whyfit.study.statistics.weighted import weighed

log = logging.getLogger(__name__)

ANSWERS: dict[Task, Callable[[AnyArray], AnyArray]] = {
    "classification": classes_of,
    "multilabel": answers_of,
    "regression": np.asarray,
}
"""What a user's metric sees of raw outputs."""

Own = Callable[..., float]
"""A metric of the user's: (target, answers) to a number, as scikit-learn's are. For classification both are codes of
classes, 0 to C − 1 in their order; of several labels (rows, labels) of 1 and 0; else values, (rows,) or (rows,
outputs). Where rows have weights it is called with `sample_weight` besides."""

MOST_REPEATS = 8
"""Repeats that other metrics are computed on: their intervals hardly narrow beyond, and AUC takes a while."""


def own_metrics(
    asked: Own | Mapping[str, Own] | None,
    task: Task,
    target: AnyArray | None = None,
    weights: AnyArray | None = None,
) -> tuple[Metric, ...]:
    """The metrics that a user gave: one function, or several by name.

    Parameters
    ----------
    target
        Where given, each is tried on it with the answers all right: what fails there is refused before any training.
        Where one fails later, on the rows of a fold, it is not defined there.
    weights
        Of the rows, where they do not count alike: each metric must take them as `sample_weight`.

    Raises
    ------
    ArgumentError
        It is neither, a name is taken, or it fails.

    Examples
    --------
    >>> def worst(target, answers): return float(abs(answers - target).max())
    >>> [metric.name for metric in own_metrics(worst, "regression")]
    ['worst']
    """
    if asked is None:
        return ()
    named = asked if isinstance(asked, Mapping) else {getattr(asked, "__name__", "metric"): asked}
    if not named or not all(isinstance(name, str) and callable(one) for name, one in named.items()):
        raise ArgumentError(
            f"`metric` must be a function of (target, answers), or functions by name, got {asked!r}.",
            advice="Try `metric=sklearn.metrics.matthews_corrcoef`, or `metric={'mcc': matthews_corrcoef}`.",
        )
    if target is not None:
        for name, one in named.items():
            _try(name, one, target, weights)
    return tuple(own_metric(name, task, _on_answers(one, task), higher=True) for name, one in named.items())


def _try(name: str, function: Own, target: AnyArray, weights: AnyArray | None) -> None:
    known = np.array(target[:, 0] if target.ndim == 2 and target.shape[1] == 1 else target)
    try:
        float(_called(function, known, known, weights))
    except Exception as error:
        how = "(target, answers)" if weights is None else "(target, answers, sample_weight=...), as rows have weights,"
        raise ArgumentError(
            f"`metric` {name!r} failed: {type(error).__name__}: {error}.",
            advice=f"It is called with {how} of one fold and must give one number.",
        ) from error


def _called(function: Own, target: AnyArray, answers: AnyArray, weights: AnyArray | None) -> float:
    return function(target, answers) if weights is None else function(target, answers, sample_weight=weights)


def _on_answers(function: Own, task: Task) -> Callable[..., float]:
    """The function on classes or values instead of raw outputs; NaN where it fails."""

    def of(outputs: AnyArray, target: AnyArray, weights: AnyArray | None = None) -> float:
        known = np.asarray(target)
        answers = ANSWERS[task](outputs)
        if task == "regression" and answers.shape[1] == 1:
            known, answers = known[:, 0], answers[:, 0]
        try:
            return float(_called(function, known, answers, weights))
        except Exception:  # whatever a user's function raises: on these rows it is not defined
            log.debug("a metric of the user's failed on %d rows", known.shape[0], exc_info=True)
            return math.nan

    return of


def with_metrics(score: ScoreFacts, results: ArmResults, own: Sequence[Metric] = ()) -> ScoreFacts:
    """The score with the other metrics and the classes; as it is where rows are divided once or forward in time."""
    if results.data.time is not None or results.once is not None:
        return score
    return replace(score, others=tuple(_others(results, own)), classes=tuple(_classes(results)))


def _others(results: ArmResults, own: Sequence[Metric]) -> Iterator[MetricFacts]:
    task, data = results.data.task, results.data
    usual = [metric for metric in METRICS.values() if metric.task == task]
    outputs, folds = results.predictions[:MOST_REPEATS], results.fold_of_row[:MOST_REPEATS]
    finite = np.isfinite(outputs).all()
    for metric in (*usual, *own) if finite else ():
        spread = metric_spread(
            metric,
            outputs,
            data.target,
            folds,
            training_rows=results.training_rows,
            groups=data.groups,
            weights=data.weights,
        )
        if math.isfinite(spread.value) or metric in own:
            yield MetricFacts(metric.name, None if metric in own else metric.better, spread.estimate())


def _classes(results: ArmResults) -> Iterator[ClassFacts]:
    data = results.data
    if data.task == "multilabel":
        yield from _labels(results)
    if data.task != "classification":
        return
    scores = class_scores(
        results.plain_losses("zero_one"),
        data.target,
        results.fold_of_row,
        training_rows=results.training_rows,
        groups=data.groups,
        weights=data.weights,
    )
    yield from (_class(score, data.classes, data.target) for score in scores)


def _labels(results: ArmResults) -> Iterator[ClassFacts]:
    """The error of each label over all rows; `rows` counts those that have it."""
    data = results.data
    wrong = answers_of(results.predictions) != data.target
    for code, name in enumerate(data.target_names):
        spread = row_and_refit(
            weighed(wrong[..., code], data.weights),
            results.fold_of_row,
            training_rows=results.training_rows,
            groups=data.groups,
        )
        yield ClassFacts(name, int(data.target[:, code].sum()), zero_one_estimate(spread), None)


def _class(score: ClassScore, names: Sequence[str], target: Any) -> ClassFacts:
    return ClassFacts(names[score.code], int((target == score.code).sum()), score.error, score.needed)
