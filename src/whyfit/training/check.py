"""A recipe against itself and against the data: all problems at once, before anything is trained."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

from whyfit.data.embedding import RULES
from whyfit.errors import ArgumentError, RecipeError, all_together
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.network import NetworkFile, NetworkInProcess, Perceptron, embeds
from whyfit.evidence.recipe import OWN, Recipe
from whyfit.rules.activations import activations
from whyfit.rules.augmentations import augmentations
from whyfit.rules.catalogue import Catalogue
from whyfit.rules.initializers import initializers
from whyfit.rules.losses import losses
from whyfit.rules.optimizers import optimizers
from whyfit.rules.optimizers.decay import decay_of
from whyfit.training.augmenting import NO_AUGMENTATION, misfit
from whyfit.training.bounds import COUNT, NUMBERS, OPTIONAL, SHARE, bounds_of_setting
from whyfit.training.memory import too_large
from whyfit.training.schedule import SCHEDULES

CHANGES = ("activation", "batch_norm", "dropout", "initializer")
"""Fields that a user's network may decide by itself, by the value `own`."""


CHOICES: Mapping[str, Sequence[str | bool]] = {
    "batch_norm": ("none", "before", "after", OWN),
    "decay_biases": (True, False),
    "class_weights": ("none", "balanced"),
    "schedule": tuple(SCHEDULES),
}


CATALOGUES: Mapping[str, Catalogue[Any]] = {
    "augmentation": augmentations,
    "activation": activations,
    "initializer": initializers,
    "loss": losses,
    "optimizer": optimizers,
}

SOUND = Recipe()


def check_recipe(recipe: Recipe, data: Dataset | None = None) -> None:
    """Refuse a recipe that contradicts itself or the data.

    Raises
    ------
    RecipeError
        All problems, each with argument, what was expected and what was received.

    Examples
    --------
    >>> check_recipe(Recipe())
    >>> check_recipe(Recipe(epochs=0))
    Traceback (most recent call last):
        ...
    whyfit.errors.RecipeError: recipe: `epochs` must be a whole number of at least 1, got 0.
    """
    problems = problems_of(recipe, data)
    if problems:
        raise RecipeError(all_together(problems), where="recipe")


def problems_of(recipe: Recipe, data: Dataset | None = None) -> tuple[str, ...]:
    """All that is wrong with a recipe, one sentence each; empty where nothing is."""
    odd = dict(_of_numbers(recipe)) | dict(_of_kinds(recipe))
    recipe = recipe.but(**{name: getattr(SOUND, name) for name in odd})  # so that the rest can be looked at
    own = (*odd.values(), *_of_network(recipe))
    large = too_large(recipe, data) if data is not None and not own else ()  # sizes that make no sense have no size
    return (
        *own,
        *_of_names(recipe),
        *_of_settings(recipe),
        *(sentence for about, sentence in _without_effect(recipe) if not odd.keys() & set(about)),
        *(sentence for about, sentence in _of_data(recipe, data) if about not in odd),
        *large,
    )


def _of_kinds(recipe: Recipe) -> Iterator[tuple[str, str]]:
    """(field, what is wrong with it) where a value cannot even be looked up or compared."""
    for name in (*CATALOGUES, *CHOICES):
        if not isinstance(getattr(recipe, name), Hashable):
            yield name, f"`{name}` must be one value, got {getattr(recipe, name)!r}."
    settings: Any = recipe.settings
    if not isinstance(settings, tuple) or not all(isinstance(one, tuple) and len(one) == 2 for one in settings):
        yield "settings", f"`settings` must be names and numbers, such as {{'beta1': 0.8}}, got {settings!r}."


def _of_numbers(recipe: Recipe) -> Iterator[tuple[str, str]]:
    """(field, what is wrong with it)."""
    for name, bounds in {**NUMBERS, **OPTIONAL}.items():
        value = getattr(recipe, name)
        if value is None and name in OPTIONAL:
            continue
        if not bounds.hold(value):
            yield name, f"`{name}` must be {bounds}{', or None' if name in OPTIONAL else ''}, got {value!r}."
    own = isinstance(recipe.dropout, str) and recipe.dropout == OWN
    if not own and not SHARE.hold(recipe.dropout):
        yield "dropout", f"`dropout` must be {SHARE}, got {recipe.dropout!r}."


def _of_names(recipe: Recipe) -> Iterator[str]:
    for name, allowed in CHOICES.items():
        if getattr(recipe, name) not in allowed:
            yield f"`{name}` must be one of {', '.join(map(repr, allowed))}, got {getattr(recipe, name)!r}."
    for name, catalogue in CATALOGUES.items():
        value = getattr(recipe, name)
        if (value == OWN and name in CHANGES) or (name == "augmentation" and value == NO_AUGMENTATION):
            continue
        try:
            catalogue[value]
        except ArgumentError as error:
            yield str(error)


def _of_network(recipe: Recipe) -> Iterator[str]:
    network: Any = recipe.network
    if not isinstance(network, Perceptron | NetworkFile | NetworkInProcess):
        yield f"`network` must be the units of hidden layers, such as (128, 128), got {network!r}. A module is `model`."
    if not isinstance(network, Perceptron):
        return
    hidden: Any = network.hidden
    if not isinstance(hidden, tuple):
        yield f"`network` must be a Perceptron of the units of each hidden layer, such as (32,), got {hidden!r}."
    elif not all(COUNT.hold(units) for units in hidden):
        yield f"`network` must have a whole number of at least 1 unit in each hidden layer, got {list(hidden)}."
    if network.embedding not in ("none", *RULES) and not COUNT.hold(network.embedding):
        yield f"`embedding` must be 'none', {', '.join(map(repr, RULES))} or {COUNT}, got {network.embedding!r}."
    for name in CHANGES:
        if getattr(recipe, name) == OWN:
            yield f"`{name}` must not be 'own' for a perceptron, which has none of its own. Name one."


def _of_settings(recipe: Recipe) -> Iterator[str]:
    if recipe.optimizer not in optimizers:
        return
    entry = optimizers[recipe.optimizer]
    settings: tuple[tuple[str, Any], ...] = recipe.settings
    unread = [f"{name}={value!r}" for name, value in settings if not isinstance(value, float)]
    if unread:
        yield f"`settings` must be numbers, got {', '.join(unread)}."
        return
    names = [name for name, _ in settings]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        yield f"`settings` must name each setting once, got {', '.join(twice)} more than once."
    try:
        entry.settings_array(recipe.settings)
    except ArgumentError as error:
        yield str(error)
    known = {one.name for one in entry.settings}
    for name, value in recipe.settings:
        if not math.isfinite(value):
            yield f"`settings` must be finite, got {name}={value!r}."
        elif name in known and not (bounds := bounds_of_setting(entry.name, name)).hold(value):
            yield f"`settings` must have {name} as {bounds}, got {value!r}."


def _without_effect(recipe: Recipe) -> Iterator[tuple[tuple[str, ...], str]]:
    """(fields that it is about, sentence): an argument without effect is a misunderstanding, and is said."""
    decays, augmenting = ("l1", "l2", "weight_decay"), ("augmentation", "augmentation_strength")
    if recipe.decay_biases and recipe.optimizer in optimizers and not any(decay_of(recipe)):
        yield (
            ("decay_biases", "optimizer", *decays),
            "`decay_biases` has no effect without `l1`, `l2` or `weight_decay`. Give one of them, or leave it out.",
        )
    if recipe.augmentation == NO_AUGMENTATION and recipe.augmentation_strength:
        yield augmenting, "`augmentation_strength` has no effect without `augmentation`. Name one."
    if recipe.augmentation != NO_AUGMENTATION and not recipe.augmentation_strength:
        what = f"`augmentation` {recipe.augmentation!r} has no effect at strength 0."
        yield augmenting, f"{what} Give `augmentation_strength`."
    if embeds(recipe.network) and recipe.augmentation in augmentations and augmentations[recipe.augmentation].mixes:
        what = f"`augmentation` {recipe.augmentation!r} mixes rows; embedded categories cannot be mixed."
        yield ("augmentation",), f"{what} Leave one out."
    yield from _without_hidden_layers(recipe)
    if recipe.batch_norm in ("before", "after") and recipe.batch_size == 1:
        what = "`batch_norm` takes every unit to zero in batches of one row."
        yield ("batch_norm", "batch_size"), f"{what} Give a larger `batch_size`, or no norm."


def _without_hidden_layers(recipe: Recipe) -> Iterator[tuple[tuple[str, ...], str]]:
    """What works on hidden units alone, see `_without_effect`."""
    if not isinstance(recipe.network, Perceptron) or recipe.network.hidden:
        return
    if recipe.dropout not in (0.0, OWN):
        yield ("dropout",), "`dropout` has no effect without a hidden layer: hidden units are what is dropped."
    if recipe.batch_norm in ("before", "after"):
        yield ("batch_norm",), "`batch_norm` has no effect without a hidden layer: hidden units are what is normed."


def _of_data(recipe: Recipe, data: Dataset | None) -> Iterator[tuple[str, str]]:
    """(field that it is about, sentence)."""
    if data is None:
        return
    fitting = [name for name in losses if data.task in losses[name].tasks]
    if recipe.loss in losses and recipe.loss not in fitting:
        yield "loss", f"`loss` must fit {data.task} ({', '.join(fitting)}), got {recipe.loss!r}."
    if embeds(recipe.network) and not any(column.kind == "categorical" for column in data.columns):
        yield "network", "`embedding` has no effect without a categorical column. Leave it out."
    for name, nothing in (("label_smoothing", 0.0), ("class_weights", "none")):
        if data.task != "classification" and getattr(recipe, name) != nothing:
            yield name, f"`{name}` needs classes, and the task is {data.task}. Leave it out."
    lacking = misfit(augmentations[recipe.augmentation], data) if recipe.augmentation in augmentations else None
    if lacking:
        fitting = [name for name, entry in augmentations.items() if misfit(entry, data) is None]
        needs = f"got {recipe.augmentation!r}, which needs {lacking}"
        yield "augmentation", f"`augmentation` must fit the data ({', '.join(fitting)}), {needs}."
