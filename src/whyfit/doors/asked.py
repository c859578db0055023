"""What a user asked to be trained: the recipe and its network, with all that is wrong with them said at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whyfit.errors import ArgumentError, NetworkError, RecipeError, all_together
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.network import NetworkRef, Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.training.device import CPU, device_for

if TYPE_CHECKING:
    from whyfit.study.crew import Crew

Model = str | Callable[..., Any]


def network_asked(model: Any) -> NetworkRef:
    """A network by `FILE.py:FUNCTION`, by the word `cnn`, or by a function of this process; nothing is executed.

    Raises
    ------
    ArgumentError
        It is a network itself, or no function: each member needs a fresh network, with a start of its own.
    """
    from whyfit.nets.reference import network_file  # noqa: PLC0415  # only where somebody has a network
    from whyfit.nets.registry import register  # noqa: PLC0415  # see above

    made = hasattr(model, "state_dict") and not isinstance(model, type)
    if not isinstance(model, str) and (made or not callable(model)):
        got = f"a {type(model).__name__}, which is one network" if made else repr(model)
        advice = "Write `def make(): return ...`, and give `make`."
        raise ArgumentError(f"`model` must be a function that returns a fresh network, got {got}.", advice=advice)
    return network_file(model) if isinstance(model, str) else register(model)


def recipe_asked(
    data: Dataset, model: Model | None, recipe: Path | None, device: str | None
) -> tuple[Recipe, str, list[str]]:
    """The recipe, the device, and what is wrong with the recipe.

    Without a network of the user's it is whyfit's perceptron; for images on an accelerator its small convolutional
    network, which on a processor costs ten times the perceptron.

    Raises
    ------
    InputError
        There is nothing that could be trained: a file is missing, or two networks are asked for.
    """
    if recipe is not None:
        return _recipe_file(data, model, recipe, device)
    if model is not None:
        where = device_for(device, torch_is_needed=True)
        return Recipe.for_data(data.task, network_asked(model)), where, []
    where = device_for(device, torch_is_needed=data.shape is not None)
    on_images = where != CPU and data.shape is not None
    return Recipe.for_data(data.task, network_asked("cnn") if on_images else Perceptron()), where, []


def _recipe_file(data: Dataset, model: Model | None, path: Path, device: str | None) -> tuple[Recipe, str, list[str]]:
    if model is not None:
        advice = "The recipe names its network: leave `--model` out, or the network out of the recipe."
        raise ArgumentError("`--model` and `--recipe` both name a network.", advice=advice)
    from whyfit.training.recipe_file import parsed_recipe, text_of  # noqa: PLC0415  # loads the catalogues

    asked, problems = parsed_recipe(text_of(path), where=str(path), folder=path.parent, data=data)
    where = device_for(device, torch_is_needed=not isinstance(asked.network, Perceptron))
    return asked, where, [f"{path}: {problem}" for problem in problems]


def hold_trainable(recipes: Iterable[Recipe], crew: Crew, problems: Sequence[str] = ()) -> None:
    """Refuse recipes with problems together with what a small batch shows of their networks.

    Raises
    ------
    RecipeError
        Some problem is of a recipe.
    NetworkError
        All are of networks.
    """
    from whyfit.training.recipe_file import UNKNOWN  # noqa: PLC0415  # loads the catalogues

    networks: list[Any] = [recipe.network for recipe in recipes]
    named = [network for network in networks if isinstance(network, NetworkRef)]
    shown = crew.problems_of(network for network in named if network != UNKNOWN)
    if problems:
        raise RecipeError(all_together([*problems, *shown]), advice="Nothing was trained.")
    if shown:
        raise NetworkError(all_together(shown))
