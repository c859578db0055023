"""Which chart shows what a finding was found by: drawn in its card, so that nobody has to look for it."""

from __future__ import annotations

from collections.abc import Collection

from whyfit.evidence.question import Question

HEAD = (
    "bent_logits", "bounded_output", "broadcast", "class_numbers", "label_without_output", "log_of_zero",
    "no_logarithm", "not_exclusive", "other_head_learns", "sigmoid_twice", "softmax_on_one", "softmax_over_batch",
    "softmax_twice", "targets_outside",
)  # fmt: skip
"""Findings of the last layer and the loss, which the activation between the layers has no part in."""
BY_CODE: dict[str, tuple[str, ...]] = {
    **{f"activations.{name}": ("steps",) for name in HEAD},
    **{f"splits.{name}": ("scored_rows",) for name in ("scored_rows_trained_on", "scored_on_training_rows")},
    **{f"splits.{name}": ("scored_rows",) for name in ("scored_rows_repeat", "weights_carried", "apart")},
    **{f"optimizers.{name}": ("updates", "update_map") for name in ("rate_too_high", "rate_too_low", "no_step")},
    "optimizers.far_from_paper": ("updates", "update_map"),
    "optimizers.rate_decayed_early": ("rate_by_step",),
    "batchnorm.statistics_stale": ("norms",),
    "batchnorm.follows_last_batch": ("norms",),
    "splits.unlike": ("alike",),
    "splits.scaled_otherwise": ("alike",),
    "overfitting.remedy_helps": ("remedies",),
    "overfitting.class_weights_help": ("remedies",),
    "overfitting.recipe_recommended": ("remedies",),
    "overfitting.more_data_helps": ("learning_curve", "remedies"),
    "overfitting.seen_below_train": ("seen_gap",),
    "initialization.change_helps": ("initialization_alternatives", "initialization_remedies"),
    "gradients.change_helps": ("gradients_remedies",),
    "relu.change_helps": ("relu_alternatives", "relu_remedies"),
    "saturation.change_helps": ("saturation_alternatives", "saturation_remedies"),
    "batchnorm.change_helps": ("batchnorm_alternatives", "batchnorm_remedies"),
    "dropout.helps": ("dropout_sweep",),
    "dropout.hurts": ("dropout_sweep",),
}
"""Findings that another chart shows than their question's usual one."""
BY_QUESTION: dict[Question, tuple[str, ...]] = {
    Question.SPLITS: ("splits",),
    Question.BIAS_VARIANCE: ("decomposition", "capacity"),
    Question.OVERFITTING: ("curves", "steps"),
    Question.OPTIMIZERS: ("optimizers", "rates", "steps", "updates", "update_map"),
    Question.BACKPROP: ("gradient_arrival", "gradient_check"),
    Question.INITIALIZATION: ("symmetry", "start"),
    Question.GRADIENTS: ("gradients", "gradient_map"),
    Question.ACTIVATIONS: ("activation",),
    Question.RELU: ("dead",),
    Question.SATURATION: ("saturated",),
    Question.DROPOUT: ("dropout_passes", "dropout_modes", "dropout_sweep"),
    Question.BATCHNORM: ("batchnorm_passes", "norms", "modes", "cases"),
}
"""What shows the question's findings, the best first."""
LAST = ("steps", "curves")
"""Where nothing of that was measured: the loss, which is what everything is judged by."""


def chart_of(code: str, question: Question, there: Collection[str]) -> str | None:
    """The name of the chart for a finding, among those that the report has; None where it has none of them.

    Examples
    --------
    >>> chart_of("relu.dead", Question.RELU, {"curves", "dead"}), chart_of("relu.dead", Question.RELU, {"curves"})
    ('dead', 'curves')
    """
    wanted = (*BY_CODE.get(code, ()), *BY_QUESTION.get(question, ()), *LAST)
    return next((name for name in wanted if name in there), None)
