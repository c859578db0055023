"""A trained network as a script of plain PyTorch, with its weights beside it."""

from __future__ import annotations

import re
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from whyfit._version import __version__
from whyfit.errors import ArgumentError, RecipeError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.network import NetworkFile, NetworkInProcess, Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.types import IntArray
from whyfit.nets.activations import CLASSES, pieces_of
from whyfit.rules.activations import activations
from whyfit.training.embedding_start import features_for, shapes_of_tables
from whyfit.training.export.inputs import Inputs, inputs_of
from whyfit.training.recipe_file import write_recipe

SCRIPT, WEIGHTS, RECIPE = "predict.py", "weights.safetensors", "recipe.toml"


def export_network(folder: Path, recipe: Recipe, data: Dataset, train: IntArray, weights: bytes) -> tuple[Path, ...]:
    """Write a network into a folder: a script that predicts without whyfit, its weights, and its recipe.

    Parameters
    ----------
    folder
        Made where it is not there.
    recipe
        By which the network was trained.
    data, train
        Give the columns, and what was fitted on the training rows.
    weights
        `Outcome.weights`.

    Returns
    -------
    tuple of Path
        What was written.

    Raises
    ------
    RecipeError
        The network is a function of this process, or was changed from what its file makes.
    ArgumentError
        Something would be overwritten.
    """
    hold_writable(folder, recipe)
    folder.mkdir(parents=True, exist_ok=True)
    inputs = inputs_of(data, train, features_for(recipe, data))
    (folder / SCRIPT).write_text(_script(recipe, data, inputs), encoding="utf-8")
    (folder / WEIGHTS).write_bytes(_with_inputs(weights, inputs))
    write_recipe(recipe, folder / RECIPE)
    written = [folder / SCRIPT, folder / WEIGHTS, folder / RECIPE]
    if isinstance(recipe.network, NetworkFile):
        written.append(Path(shutil.copyfile(recipe.network.path, folder / Path(recipe.network.path).name)))
    return tuple(written)


def _is_changed(recipe: Recipe) -> bool:
    from whyfit.surgery.changes import asks_for_change  # noqa: PLC0415  # loads torch, which perceptrons do without

    return asks_for_change(recipe)


def hold_writable(folder: Path, recipe: Recipe) -> None:
    """Refuse what cannot be written, and a folder that holds an exported network already.

    Raises
    ------
    RecipeError
        The network is a function of this process, or was changed from what its file makes.
    ArgumentError
        Something would be overwritten.
    """
    hold_place(folder)
    network = recipe.network
    if isinstance(network, NetworkInProcess):
        message, advice = "its network is a function of this process.", "Put it into a file and give FILE.py:FUNCTION."
        raise RecipeError(message, where="recipe", advice=advice)
    if isinstance(network, NetworkFile) and _is_changed(recipe):
        raise RecipeError(
            "it changes what the network's own file makes, and a script would make the unchanged one.",
            where="recipe",
            advice="Make the change in the file, and train that.",
        )
    if isinstance(network, NetworkFile) and Path(network.path).name == SCRIPT:
        raise RecipeError(
            f"the network's file has the name of the script, {SCRIPT}.", where="recipe", advice="Rename it."
        )


def hold_place(folder: Path) -> None:
    """Refuse a folder that holds an exported network already.

    Raises
    ------
    ArgumentError
        Something would be overwritten.
    """
    there = [name for name in (SCRIPT, WEIGHTS, RECIPE) if (folder / name).exists()]
    if there:
        raise ArgumentError(f"{str(folder)!r} holds {', '.join(there)} already.", advice="Give a new folder.")
    if folder.exists() and not folder.is_dir():
        raise ArgumentError(f"{str(folder)!r} is a file.", advice="Give a folder.")


def _with_inputs(weights: bytes, inputs: Inputs) -> bytes:
    """The weights, and beside them what was fitted on the training rows."""
    from safetensors.numpy import load, save  # noqa: PLC0415  # only where something is exported

    together = load(weights) | {f"inputs.{name}": np.ascontiguousarray(array) for name, array in inputs.arrays.items()}
    return bytes(save(together))


def _script(recipe: Recipe, data: Dataset, inputs: Inputs) -> str:
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415  # only where something is exported

    template = files("whyfit.training.export").joinpath(f"{SCRIPT}.jinja").read_text(encoding="utf-8")
    # The script is Python, not HTML: values come in as literals (`repr`), so no text of the data can become code.
    environment = Environment(  # noqa: S701  # see the line above
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    return environment.from_string(template).render(_facts(recipe, data, inputs))


def _facts(recipe: Recipe, data: Dataset, inputs: Inputs) -> dict[str, Any]:
    from whyfit.data.written import MISSING_SIGNS, MISSING_WORDS, TRUTH_WORDS  # noqa: PLC0415  # loads polars

    common = {
        "target": re.sub(r"[^\w .,%()-]", "_", data.target_name),
        "version": __version__,
        "numeric": repr(list(inputs.numeric)),
        "may_miss": repr(list(inputs.may_miss)),
        "levels": repr([(name, list(levels)) for name, levels in inputs.levels]),
        "classes": repr(list(data.classes)),
        "missing": repr(sorted(MISSING_WORDS | MISSING_SIGNS)),
        "true_words": repr([true for true, _ in TRUTH_WORDS]),
        "false_words": repr([false for _, false in TRUTH_WORDS]),
        "labelled": bool(data.classes),
        "several": data.task == "multilabel",
        "features": inputs.features,
        "outputs": data.outputs,
    }
    own = _of_perceptron if isinstance(recipe.network, Perceptron) else _of_file
    return common | own(recipe, data, inputs)


def _of_perceptron(recipe: Recipe, data: Dataset, inputs: Inputs) -> dict[str, Any]:
    assert isinstance(recipe.network, Perceptron)
    shapes = shapes_of_tables(recipe, data)
    wide = inputs.features + sum(numbers - 1 for _, numbers in shapes)
    return {
        "user_file": "",
        "image": "",
        "one_logit": False,
        "tables": repr(list(shapes)) if shapes else "",
        "widths": repr([wide, *recipe.network.hidden, data.outputs]),
        "maxout": recipe.activation == "maxout",
        "pieces": pieces_of(recipe.activation),
        "activation": _written(recipe.activation),
        "batch_norm": recipe.batch_norm,
        "dropout": repr(recipe.dropout) if recipe.dropout else "",
    }


def _written(activation: str) -> str:
    """The activation as an expression."""
    if activation == "maxout":
        return "Maxout()"
    name, options = CLASSES[activation]
    slope = activations[activation].slope
    given = options if slope is None else {"init": slope}
    return f"nn.{name}({', '.join(f'{key}={value!r}' for key, value in given.items())})"


def _of_file(recipe: Recipe, data: Dataset, inputs: Inputs) -> dict[str, Any]:
    from whyfit.nets.check import check_network  # noqa: PLC0415  # loads torch
    from whyfit.nets.network import image_of  # noqa: PLC0415  # see above
    from whyfit.nets.user_code import arguments_of, function_of  # noqa: PLC0415  # see above

    assert isinstance(recipe.network, NetworkFile)
    facts, image = check_network(recipe.network, data), image_of(data.shape)
    given = arguments_of(function_of(recipe.network), inputs.features, data.outputs)
    named = [f"{name}={value}" for name, value in given.items()] if isinstance(given, dict) else map(str, given)
    path = Path(recipe.network.path)
    return {
        "tables": "",
        "user_file": path.name,
        "user_module": path.stem,
        "user_function": recipe.network.function,
        "user_call": f"{recipe.network.function}({', '.join(named)})",
        "image": ", ".join(map(str, image)) if image and facts.takes == "images" else "",
        "one_logit": facts.one_logit,
    }
