"""A recipe as TOML, to be read, changed by hand, and trained again.

TOML has no word for nothing, so `"none"` stands for it; `"default"` is the penalty or decay that belongs to the
optimiser's name. Fields left out keep their defaults.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from whyfit.errors import NetworkError, RecipeError, all_together
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.network import NetworkFile, NetworkInProcess, NetworkRef, Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.types import Task
from whyfit.nets.reference import CNN, network_file, small_cnn_file
from whyfit.training.bounds import BY_RULE, OPTIONAL
from whyfit.training.check import problems_of

HEAD = '# A whyfit recipe: how one network is trained. Fields left out keep their defaults; "none" is nothing.'
NOTHING, DEFAULT = "none", "default"
TABLES = ("network", "settings")
FIELDS = tuple(field.name for field in fields(Recipe))
UNKNOWN = NetworkInProcess("unknown")
"""Stands for a network that could not be read, while the other fields are checked."""


def recipe_to_toml(recipe: Recipe) -> str:
    """The recipe as TOML; `recipe_from_toml` gives it back.

    Raises
    ------
    RecipeError
        Its network is a function of this process, which no file can name.

    Examples
    --------
    >>> text = recipe_to_toml(Recipe(dropout=0.5))
    >>> recipe_from_toml(text) == Recipe(dropout=0.5)
    True
    """
    lines = [HEAD, *(f"{name} = {_field(recipe, name)}" for name in FIELDS if name not in TABLES)]
    lines += ["", "[network]", *_network_lines(recipe.network)]
    if recipe.settings:
        lines += ["", "[settings]", *(f"{json.dumps(name)} = {_value(value)}" for name, value in recipe.settings)]
    return "\n".join([*lines, ""])


def recipe_from_toml(
    text: str,
    *,
    task: Task | None = None,
    where: str = "recipe",
    folder: Path | None = None,
    data: Dataset | None = None,
) -> Recipe:
    """The recipe that a text describes.

    Parameters
    ----------
    text
        TOML.
    task
        Gives the loss where the text names none.
    where
        Its name in messages.
    folder
        Where the path of a network file begins, if it is relative.
    data
        Gives the task, and what else the recipe must agree with.

    Raises
    ------
    RecipeError
        It is no TOML, names fields that a recipe does not have, or contradicts itself or the data: all problems at
        once.
    """
    recipe, problems = parsed_recipe(text, task=task, where=where, folder=folder, data=data)
    if problems:
        raise RecipeError(all_together(problems), where=where)
    return recipe


def parsed_recipe(
    text: str,
    *,
    task: Task | None = None,
    where: str = "recipe",
    folder: Path | None = None,
    data: Dataset | None = None,
) -> tuple[Recipe, list[str]]:
    """The recipe that a text describes as far as it can be read, and all that is wrong with it.

    Raises
    ------
    RecipeError
        It is no TOML.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"it is not TOML: {error}.", where=where, advice="Mend it there.") from None
    wrong = list(_problems_of_form(values))
    problems = [problem for _, problem in wrong]
    sound = {name: value for name, value in values.items() if name not in {field for field, _ in wrong}}
    network: NetworkRef | None = UNKNOWN if "network" in values else None
    try:
        network = _network(sound.get("network"), folder or Path(), where) or network
    except RecipeError as error:
        problems.append(f"{error.message} {error.advice}")
    given = {name: _read(name, value) for name, value in sound.items() if name != "network"}
    recipe = Recipe.for_data(task or (data.task if data is not None else "classification"), network, **given)
    return recipe, problems + list(problems_of(recipe, data))


def read_recipe(path: Path, task: Task | None = None) -> Recipe:
    """The recipe in a file; a network file's path is relative to it.

    Raises
    ------
    RecipeError
        The file cannot be read, or see `recipe_from_toml`.
    """
    return recipe_from_toml(text_of(path), task=task, where=str(path), folder=path.parent)


def text_of(path: Path) -> str:
    """The text of a recipe's file.

    Raises
    ------
    RecipeError
        It cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(
            f"{str(path)!r} cannot be read ({error}).", where="recipe", advice="Check the path."
        ) from None


def write_recipe(recipe: Recipe, path: Path) -> None:
    """Put a recipe into a file."""
    path.write_text(recipe_to_toml(recipe), encoding="utf-8")


def _field(recipe: Recipe, name: str) -> str:
    value = getattr(recipe, name)
    return _value(DEFAULT if value is None and name in BY_RULE else value)


def _value(value: Any) -> str:
    """One value as TOML; JSON's strings and numbers are TOML's too."""
    return json.dumps(NOTHING if value is None else value, ensure_ascii=False)


def _network_lines(network: NetworkRef) -> Iterator[str]:
    if isinstance(network, NetworkInProcess):
        raise RecipeError(
            "its network is a function of this process, which no file can name.",
            where="recipe",
            advice="Put the function into a file and give FILE.py:FUNCTION.",
        )
    if isinstance(network, Perceptron):
        yield 'kind = "mlp"'
        yield f"hidden = {list(network.hidden)}"
        if network.embedding != "none":
            yield f"embedding = {_value(network.embedding)}"
    elif network == small_cnn_file():
        yield f'kind = "{CNN}"'  # its path is another in each installation
    else:
        yield 'kind = "file"'
        yield f"path = {_value(network.path)}"
        yield f"function = {_value(network.function)}"
        yield f"sha256 = {_value(network.sha256)}"


def _problems_of_form(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(field, what is wrong with it)."""
    for name, value in values.items():
        if name not in FIELDS:
            close = get_close_matches(name, FIELDS, n=1)
            yield name, f"a recipe has no field `{name}`." + (f" Did you mean `{close[0]}`?" if close else "")
        elif name in TABLES:
            if not isinstance(value, dict):
                yield name, f"`{name}` must be a table, [{name}], got {value!r}."
        elif isinstance(value, dict | list):
            yield name, f"`{name}` must be one value, got {value!r}."
    yield from (("network", problem) for problem in _problems_of_network(values.get("network")))
    settings = values.get("settings")
    for name, value in settings.items() if isinstance(settings, dict) else ():
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield "settings", f"`settings` must be numbers, got {name} = {value!r}."


def _problems_of_network(network: Any) -> Iterator[str]:
    if not isinstance(network, dict):
        return
    kind = network.get("kind")
    if kind == "mlp":
        hidden = network.get("hidden")
        if not isinstance(hidden, list) or not all(type(units) is int for units in hidden):
            yield f"`hidden` of [network] must be a list of whole numbers, got {hidden!r}."
        if type(network.get("embedding", "none")) not in (str, int):
            yield f"`embedding` of [network] must be a name or a whole number, got {network['embedding']!r}."
    elif kind == "file":
        for name in ("path", "function"):
            if not isinstance(network.get(name), str):
                yield f"`{name}` of [network] must be a text, got {network.get(name)!r}."
    elif kind != CNN:
        yield f"`kind` of [network] must be 'mlp', 'cnn' or 'file', got {kind!r}."


def _network(values: Mapping[str, Any] | None, folder: Path, where: str) -> NetworkRef | None:
    if values is None:
        return None
    if values["kind"] == "mlp":
        return Perceptron(tuple(values["hidden"]), values.get("embedding", "none"))
    if values["kind"] == CNN:
        return small_cnn_file()
    try:
        found = network_file(f"{folder / values['path']}:{values['function']}")
    except NetworkError as error:
        raise RecipeError(error.message, where=where, advice=error.advice) from None
    return _unchanged(found, values.get("sha256"), where)


def _unchanged(found: NetworkFile, sha256: str | None, where: str) -> NetworkFile:
    if sha256 not in (None, found.sha256):
        raise RecipeError(
            f"the content of {found.path!r} is not what it was when the recipe was written.",
            where=where,
            advice="Put the file back, or leave `sha256` out to take it as it is.",
        )
    return found


def _read(name: str, value: Any) -> Any:
    """A value as the recipe has it: `none` of an optional number is None, of a penalty 0; a whole number may stand for
    a number.
    """
    if name in BY_RULE and value in (NOTHING, DEFAULT):
        return 0.0 if value == NOTHING else None
    if value == NOTHING and name in OPTIONAL:
        return None
    default = getattr(Recipe(), name)
    return float(value) if isinstance(default, float) and type(value) is int else value
