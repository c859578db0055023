"""All exams of a watched run, and the causal map that puts causes before what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from whyfit.evidence.evidence import Evidence
from whyfit.evidence.exam import Answer, Exam
from whyfit.evidence.finding import Finding, Severity, most_serious_first
from whyfit.evidence.observation import Observation
from whyfit.evidence.question import Question
from whyfit.exams.watched.activations import WatchedActivationsExam
from whyfit.exams.watched.backprop import WatchedBackpropExam
from whyfit.exams.watched.batchnorm import WatchedBatchnormExam
from whyfit.exams.watched.dropout import WatchedDropoutExam
from whyfit.exams.watched.gradients import WatchedGradientsExam
from whyfit.exams.watched.initialization import WatchedInitializationExam
from whyfit.exams.watched.optimizers import WatchedOptimizersExam
from whyfit.exams.watched.overfitting import WatchedOverfittingExam
from whyfit.exams.watched.places import placed
from whyfit.exams.watched.relu import WatchedReluExam
from whyfit.exams.watched.saturation import WatchedSaturationExam
from whyfit.exams.watched.splits import WatchedSplitsExam

WATCHED_EXAMS: tuple[Exam, ...] = (
    WatchedSplitsExam(), WatchedOverfittingExam(), WatchedOptimizersExam(), WatchedBackpropExam(),
    WatchedInitializationExam(), WatchedGradientsExam(), WatchedActivationsExam(), WatchedReluExam(),
    WatchedSaturationExam(), WatchedDropoutExam(), WatchedBatchnormExam(),
)  # fmt: skip
"""In the order of the questions."""

CAUSES: tuple[str, ...] = (
    "gradients.data_not_finite",
    "activations.label_without_output",
    "splits.constant_label",
    "splits.target_in_inputs",
    "splits.label_not_trained",
    "splits.scaled_otherwise",
    "optimizers.no_step",
    "optimizers.gradients_kept",
    "optimizers.zeroed_before_step",
    "optimizers.gradients_thrown_away",
    "optimizers.uphill",
    "optimizers.loss_negated",
    "optimizers.made_anew",
    "backprop.cut_off",
    "backprop.state_cut",
    "backprop.flat_operation",
    "backprop.wrong_derivative",
    "activations.broadcast",
    "activations.softmax_on_one",
    "activations.softmax_over_batch",
    "backprop.rows_mixed",
    "activations.softmax_twice",
    "activations.sigmoid_twice",
    "activations.no_logarithm",
    "activations.bounded_output",
    "activations.targets_outside",
    "activations.class_numbers",
    "batchnorm.on_the_output",
    "activations.log_of_zero",
    "activations.none_between",
    "activations.not_exclusive",
    "activations.explosive",
    "activations.softmax_between",
    "activations.bent_logits",
    "batchnorm.never_back_to_training",
    "batchnorm.trained_in_evaluation_mode",
    "batchnorm.few_values",
    "batchnorm.follows_last_batch",
    "batchnorm.statistics_stale",
    "dropout.never_back_to_training",
    "dropout.trained_in_evaluation_mode",
    "dropout.stays_on",
    "dropout.not_rescaled",
    "dropout.drops_too_much",
    "dropout.on_the_output",
    "initialization.all_zero",
    "initialization.units_alike",
    "optimizers.unowned",
    "gradients.unscaled_targets",
    "gradients.unscaled_inputs",
    "saturation.by_inputs",
    "initialization.first_loss_far_off",
    "initialization.signal_blows_up",
    "initialization.signal_fades",
    "activations.other_head_learns",
    "saturation.by_weights",
    "optimizers.momentum_too_long",
    "optimizers.decay_dominates",
    "optimizers.penalty_dominates",
    "optimizers.rate_decayed_early",
    "optimizers.rate_too_high",
    "optimizers.tenth_learns",
    "optimizers.far_from_paper",
    "gradients.clipped_away",
    "optimizers.batch_of_one",
    "batchnorm.evaluated_in_training_mode",
    "dropout.evaluated_in_training_mode",
    "splits.scored_rows_trained_on",
    "relu.layer_dead",
    "relu.units_dead",
    "gradients.vanish_with_depth",
    "gradients.explode_with_depth",
    "gradients.fade_over_time",
    "optimizers.rate_too_low",
    "optimizers.tenfold_learns",
    "gradients.became_infinite",
    "gradients.diverges",
    "splits.batches_of_one_class",
    "overfitting.bottleneck",
    "overfitting.held_out_rises",
    "overfitting.by_heart",
    "overfitting.ended_early",
    "overfitting.nothing_generalizes",
    "overfitting.does_not_carry_over",
    "overfitting.at_chance",
    "overfitting.simple_does_better",
)
"""From what a person would mend first to what follows from it."""

OF_SCORES = frozenset(
    {
        "batchnorm.evaluated_in_training_mode",
        "dropout.evaluated_in_training_mode",
        "dropout.stays_on",
        "splits.scored_rows_trained_on",
    }
)
"""Faults of an evaluation: they make its score wrong and change no gradient, so nothing of the training follows from
them, and what keeps the network from learning is mended first."""

EFFECTS = frozenset(CAUSES[CAUSES.index("saturation.by_inputs") :]) - OF_SCORES
"""What can be the consequence of something before it. What stands earlier is a mechanism of its own: a line of the
script, the scale of the data, the start. None of these is brought about by training."""

AT_THE_END = frozenset(
    {
        "overfitting.ended_early",
        "overfitting.at_chance",
        "overfitting.nothing_generalizes",
        "overfitting.held_out_rises",
        "overfitting.by_heart",
        "overfitting.simple_does_better",
        "overfitting.does_not_carry_over",
        "optimizers.rate_too_low",
        "optimizers.rate_decayed_early",
        "optimizers.tenth_learns",
        "optimizers.tenfold_learns",
        "activations.other_head_learns",
    }
)
"""Verdicts on a run as a whole: in its middle they are true of many a network that has merely not finished."""

CANNOT_PASS = frozenset({"gradients.data_not_finite", "gradients.became_infinite"})
"""Events: once there, no later step takes them back."""

NEAREST = {"saturation.by_inputs": "gradients.unscaled_inputs"}
"""Consequences whose cause has a name of its own; where that was not found, the first cause stands for it."""


def examine_watched(seen: Observation) -> tuple[Mapping[Question, Answer], tuple[Finding, ...]]:
    """The answers to all twelve questions, and the findings, causes first."""
    evidence = Evidence(observation=seen)
    by_question = {exam.question: exam for exam in WATCHED_EXAMS}
    answers: dict[Question, Answer] = {}
    found: list[Finding] = []
    for question in Question:
        exam = by_question.get(question)
        answers[question] = exam.applies(evidence) if exam else Answer("not measured", "one_run")
        if exam is not None and answers[question].status in ("measured", "partly measured"):
            found.extend(exam.judge(evidence))
    return answers, tuple(placed(finding, seen) for finding in caused(tuple(found)))


def caused(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Link each consequence to the first cause that was found; causes first, then what is no cause of anything."""
    ranked = sorted(found, key=_place)
    causes = [finding for finding in ranked if _is_alarm(finding) and finding.code in CAUSES]
    if not causes:
        return most_serious_first(found)
    root = next((finding for finding in causes if finding.code not in OF_SCORES), None)
    if root is None:
        return tuple(ranked)
    codes = {finding.code for finding in found}
    return tuple(_linked(finding, root, codes) for finding in ranked)


def _is_alarm(finding: Finding) -> bool:
    return finding.severity.rank >= Severity.WARNING.rank


def _place(finding: Finding) -> tuple[bool, int, int]:
    """Alarms by the causal map, whatever their severity: a serious symptom does not come before its cause."""
    known = CAUSES.index(finding.code) if finding.code in CAUSES else len(CAUSES)
    return not _is_alarm(finding), known, -finding.severity.rank


def _linked(finding: Finding, root: Finding, codes: set[str]) -> Finding:
    if finding is root or not _is_alarm(finding) or finding.code not in EFFECTS:
        return finding
    nearest = NEAREST.get(finding.code)
    return replace(finding, because=nearest if nearest in codes else root.code)
