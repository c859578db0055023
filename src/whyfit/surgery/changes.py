"""All that a recipe asks of a user's network, in the order in which the parts depend on each other."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from whyfit.evidence.recipe import OWN, Recipe
from whyfit.rules.initializers import Draw
from whyfit.surgery.activations import swap_activations
from whyfit.surgery.dropout import set_dropout
from whyfit.surgery.initialize import initialize_module
from whyfit.surgery.modules import Run
from whyfit.surgery.norms import set_batch_norm
from whyfit.surgery.reached import Reached


def change_network(module: nn.Module, recipe: Recipe, draw_of: Callable[[int], Draw], run: Run) -> tuple[Reached, ...]:
    """Make a network what a recipe says, in place; fields that say `own` leave it as it is.

    Activations come first, as norms and dropout stand beside them; the start comes last, as it is made for what follows
    each layer.

    Returns
    -------
    tuple of Reached
        One for each field that does not say `own`.
    """
    done = []
    if recipe.activation != OWN:
        done.append(swap_activations(module, recipe.activation, run))
    if recipe.batch_norm != OWN:
        done.append(set_batch_norm(module, recipe.batch_norm, run))
    if recipe.dropout != OWN:
        done.append(set_dropout(module, recipe.dropout, run))
    if recipe.initializer != OWN:
        done.append(initialize_module(module, recipe.initializer, draw_of, run))
    return tuple(done)


def asks_for_change(recipe: Recipe) -> bool:
    """Whether a recipe wants a user's network to be another than it is."""
    return any(getattr(recipe, name) != OWN for name in ("activation", "batch_norm", "dropout", "initializer"))
