"""Which chart shows what a finding says: drawn in its card, so that nobody has to look for it.

A picture of something else would look like evidence and be none: a finding that no chart shows has its numbers alone.
"""

from __future__ import annotations

from collections.abc import Collection

from whyfit.evidence.question import Question

LOSS = ("steps", "curves")
"""The loss over the training, of a script or of a study: for findings that speak of where it went."""
NONE: tuple[str, ...] = ()


def _codes(question: str, names: str, charts: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {f"{question}.{name}": charts for name in names.split()}


BY_CODE: dict[str, tuple[str, ...]] = {
    **_codes(
        "splits",
        "apart scored_rows_repeat scored_on_training_rows scored_rows_trained_on weights_carried",
        ("scored_rows",),
    ),
    **_codes("splits", "unlike unlike_new alike_new label_shift scaled_otherwise", ("alike",)),
    **_codes(
        "splits",
        "copies copies_by_chance copies_kept near_copies near_copies_kept groups_shared key_tells keyless "
        "target_in_disguise target_left_out identifier identifier_left_out scaled_inside imputed_inside "
        "selected_inside constant_label label_not_trained constant_columns target_in_inputs batches_of_one_class",
        NONE,
    ),
    **_codes("overfitting", "simple_does_better does_not_carry_over", NONE),
    **_codes("overfitting", "remedy_helps no_remedy_helps class_weights_help recipe_recommended", ("remedies",)),
    "overfitting.no_recipe_better": ("remedies",),
    "overfitting.more_data_helps": ("learning_curve", "remedies"),
    "overfitting.seen_below_train": ("seen_gap",),
    **_codes("optimizers", "rate_too_high rate_too_low no_step far_from_paper", ("updates", "update_map")),
    **_codes(
        "optimizers",
        "uphill loss_negated tenth_learns tenfold_learns decay_dominates penalty_dominates momentum_too_long "
        "batch_of_one",
        LOSS,
    ),
    **_codes(
        "optimizers",
        "bookkeeping_sound gradients_kept zeroed_before_step unowned made_anew gradients_thrown_away",
        NONE,
    ),
    "optimizers.rate_decayed_early": ("rate_by_step",),
    **_codes("backprop", "rows_mixed state_cut", NONE),
    "backprop.wrong_derivative": ("gradient_check",),
    "initialization.first_loss": LOSS,
    "initialization.first_loss_far_off": LOSS,
    **_codes("initialization", "scale signal_fades signal_blows_up", ("start",)),
    **_codes(
        "initialization", "change_helps no_change_helps", ("initialization_alternatives", "initialization_remedies")
    ),
    **_codes("gradients", "diverges unscaled_inputs unscaled_targets", LOSS),
    **_codes("gradients", "data_not_finite fade_over_time", NONE),
    "gradients.clipped_away": ("updates", "update_map"),
    **_codes("gradients", "change_helps no_change_helps", ("gradients_remedies",)),
    **_codes(
        "activations",
        "softmax_twice sigmoid_twice other_head_learns no_logarithm softmax_between class_numbers "
        "log_of_zero targets_outside",
        LOSS,
    ),
    **_codes(
        "activations",
        "bent_logits label_without_output softmax_on_one softmax_over_batch bounded_output broadcast not_exclusive "
        "head_sound",
        NONE,
    ),
    **_codes("relu", "change_helps no_change_helps", ("relu_alternatives", "relu_remedies")),
    **_codes("saturation", "change_helps no_change_helps", ("saturation_alternatives", "saturation_remedies")),
    **_codes("dropout", "helps hurts not_shown", ("dropout_sweep",)),
    **_codes("dropout", "drops_too_much not_rescaled on_the_output", NONE),
    **_codes("batchnorm", "change_helps no_change_helps", ("batchnorm_alternatives", "batchnorm_remedies")),
    **_codes("batchnorm", "statistics_stale follows_last_batch", ("norms",)),
    "batchnorm.on_the_output": NONE,
}
"""Findings that another chart shows than their question's usual one, or none."""
BY_QUESTION: dict[Question, tuple[str, ...]] = {
    Question.SPLITS: ("splits",),
    Question.BIAS_VARIANCE: ("decomposition", "capacity"),
    Question.OVERFITTING: ("curves", "steps"),
    Question.OPTIMIZERS: ("optimizers", "rates"),
    Question.BACKPROP: ("gradient_arrival", "gradient_check"),
    Question.INITIALIZATION: ("symmetry", "start"),
    Question.GRADIENTS: ("gradients", "gradient_map"),
    Question.ACTIVATIONS: ("activation",),
    Question.RELU: ("dead",),
    Question.SATURATION: ("saturated",),
    Question.DROPOUT: ("dropout_passes", "dropout_modes"),
    Question.BATCHNORM: ("batchnorm_passes", "norms", "modes", "cases"),
}
"""What shows the question's findings, the best first."""


def chart_of(code: str, question: Question, there: Collection[str]) -> str | None:
    """The name of the chart for a finding, among those that the report has; None where none shows what it says.

    Examples
    --------
    >>> chart_of("relu.dead", Question.RELU, {"curves", "dead"})
    'dead'
    >>> chart_of("relu.dead", Question.RELU, {"curves"}) is None
    True
    """
    wanted = BY_CODE.get(code, BY_QUESTION.get(question, NONE))
    return next((name for name in wanted if name in there), None)
