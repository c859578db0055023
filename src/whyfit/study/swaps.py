"""Questions 6 to 12 by intervention: the start, the activation, the norm, the clipping changed, and nothing else.

Each family is one decision ("another start?") with its alternatives as candidates; the alternative is chosen inside
each fit. What each alternative did to units and gradients is kept beside its error.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whyfit.evidence.network import Perceptron
from whyfit.evidence.question import Question
from whyfit.evidence.recipe import Recipe
from whyfit.study.plan import Arm, Family

INITIALIZERS = ("zero", "normal", "xavier_uniform", "he_normal", "orthogonal")
"""Zero shows what symmetry costs; the others are those that textbooks name."""
RELATIVES = ("leaky_relu", "prelu", "elu", "gelu", "maxout")
SATURATING = ("tanh", "sigmoid")
CLIP_NORMS = (1.0, 0.1)
"""The norm of the whole gradient: 1 is the usual bound, a tenth of it bites in most steps."""
NORM_DROPOUT = 0.25
"""The rate of dropout beside batch norm."""


def swaps(recipe: Recipe) -> tuple[Family, ...]:
    """All families of questions 6 to 12 that mean something for this recipe."""
    if not isinstance(recipe.network, Perceptron) or not recipe.network.hidden:
        return (_clipping(recipe),)
    return (*_activations(recipe), _initializers(recipe), *_norms(recipe), _clipping(recipe))


def _family(name: str, question: Question, changes: dict[Any, dict[str, Any]], recipe: Recipe) -> Family:
    arms = tuple(Arm(name, recipe.but(**change), label, watched=True) for label, change in changes.items())
    return Family(name, question, arms)


def _initializers(recipe: Recipe) -> Family:
    others = {name: {"initializer": name} for name in INITIALIZERS if name != recipe.initializer}
    return _family("initializer", Question.INITIALIZATION, others, recipe)


def _activations(recipe: Recipe) -> Iterator[Family]:
    relatives = {name: {"activation": name} for name in RELATIVES if name != recipe.activation}
    saturating = {name: {"activation": name} for name in SATURATING if name != recipe.activation}
    yield _family("relative_of_relu", Question.RELU, relatives, recipe)
    yield _family("saturating_activation", Question.SATURATION, saturating, recipe)


def _norms(recipe: Recipe) -> Iterator[Family]:
    if recipe.batch_norm == "none":
        orders = {order: {"batch_norm": order} for order in ("before", "after")}
        yield _family("batch_norm", Question.BATCHNORM, orders, recipe)
    both = {
        f"{order}, dropout {NORM_DROPOUT}": {"batch_norm": order, "dropout": NORM_DROPOUT}
        for order in ("before", "after")
    }
    yield _family("batch_norm_and_dropout", Question.BATCHNORM, both, recipe)


def _clipping(recipe: Recipe) -> Family:
    return _family("clipping", Question.GRADIENTS, {norm: {"clip_norm": norm} for norm in CLIP_NORMS}, recipe)
