"""Eight layers of sigmoids."""

import whyfit
from handbook.case import Case
from handbook.runs import by_recipes, digits
from whyfit.evidence.network import Perceptron

DEEP = Perceptron((32,) * 8)
FAULTY = whyfit.Recipe(network=DEEP, activation="sigmoid", initializer="xavier_uniform")
REPAIRED = whyfit.Recipe(network=DEEP, activation="relu", initializer="he_uniform")


def run() -> Case:
    """On 600 of the digits."""
    return by_recipes("gradients", digits(600), FAULTY, REPAIRED)
