"""All weights start at the same constant."""

import whyfit
from handbook.case import Case
from handbook.runs import by_recipes, digits

FAULTY = whyfit.Recipe(initializer="constant")
REPAIRED = whyfit.Recipe(initializer="he_uniform")


def run() -> Case:
    """On 600 of the digits."""
    return by_recipes("initialization", digits(600), FAULTY, REPAIRED)
