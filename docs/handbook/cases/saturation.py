"""tanh units whose weights start far too large."""

import whyfit
from handbook.case import Case
from handbook.runs import by_recipes, digits

FAULTY = whyfit.Recipe(activation="tanh", initializer="unit_normal")
REPAIRED = whyfit.Recipe(activation="tanh", initializer="xavier_uniform")


def run() -> Case:
    """On 600 of the digits."""
    return by_recipes("saturation", digits(600), FAULTY, REPAIRED)
