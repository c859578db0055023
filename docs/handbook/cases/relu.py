"""A learning rate fifty times too high kills ReLU units."""

import whyfit
from handbook.case import Case
from handbook.runs import by_recipes, digits

FAULTY = whyfit.Recipe(learning_rate=0.05)
REPAIRED = whyfit.Recipe(learning_rate=0.001)


def run() -> Case:
    """On 600 of the digits."""
    return by_recipes("relu", digits(600), FAULTY, REPAIRED)
