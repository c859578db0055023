"""The recommended recipe as the text of a file, for the report to carry."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from whyfit.evidence.effects import RecommendedFacts
from whyfit.evidence.network import NetworkFile, NetworkInProcess


def with_toml(facts: RecommendedFacts | None) -> RecommendedFacts | None:
    """The recipe as a file; a user's network is named by its whole path, so that the file may lie anywhere."""
    if facts is None or isinstance(facts.recipe.network, NetworkInProcess):
        return facts
    from whyfit.training.recipe_file import recipe_to_toml  # noqa: PLC0415

    recipe, network = facts.recipe, facts.recipe.network
    if isinstance(network, NetworkFile):
        recipe = recipe.but(network=replace(network, path=str(Path(network.path).resolve())))
    return replace(facts, toml=recipe_to_toml(recipe))
