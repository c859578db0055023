"""The twelve answers by question, and the one call that gives one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from whyfit.errors import ArgumentError
from whyfit.evidence.explanation import Explanation
from whyfit.evidence.question import Question
from whyfit.explain import (
    activations,
    backprop,
    batchnorm,
    bias_variance,
    dropout,
    gradients,
    initialization,
    optimizers,
    overfitting,
    relu,
    saturation,
    splits,
)
from whyfit.explain.asked import Asked, Value


@dataclass(frozen=True, slots=True)
class Answer:
    """The options of a question with their defaults, and what computes its answer."""

    takes: Mapping[str, Value]
    explain: Callable[[Asked], Explanation]


ANSWERS: Mapping[Question, Answer] = {
    Question.SPLITS: Answer(splits.TAKES, splits.explain),
    Question.BIAS_VARIANCE: Answer(bias_variance.TAKES, bias_variance.explain),
    Question.OVERFITTING: Answer(overfitting.TAKES, overfitting.explain),
    Question.OPTIMIZERS: Answer(optimizers.TAKES, optimizers.explain),
    Question.BACKPROP: Answer(backprop.TAKES, backprop.explain),
    Question.INITIALIZATION: Answer(initialization.TAKES, initialization.explain),
    Question.GRADIENTS: Answer(gradients.TAKES, gradients.explain),
    Question.ACTIVATIONS: Answer(activations.TAKES, activations.explain),
    Question.RELU: Answer(relu.TAKES, relu.explain),
    Question.SATURATION: Answer(saturation.TAKES, saturation.explain),
    Question.DROPOUT: Answer(dropout.TAKES, dropout.explain),
    Question.BATCHNORM: Answer(batchnorm.TAKES, batchnorm.explain),
}


def explained(question: str, given: Mapping[str, Value]) -> Explanation:
    """Compute the answer to a question.

    Parameters
    ----------
    question
        Its name, such as `backprop`.
    given
        Options by name; None for one that was not given.

    Raises
    ------
    ArgumentError
        There is no such question, an option has no effect on it, or a value has no meaning.

    Examples
    --------
    >>> explained("dropout", {"rate": 0.2}).holds
    True
    """
    if question not in set(Question):
        close = get_close_matches(question.lower(), [one.value for one in Question], n=1)
        names = ", ".join(one.value for one in Question)
        advice = f"Did you mean {close[0]!r}?" if close else f"There are {names}."
        raise ArgumentError(f"`explain` needs one of the twelve questions, got {question!r}.", advice=advice)
    answer = ANSWERS[Question(question)]
    return answer.explain(Asked.of(Question(question), answer.takes, given))
