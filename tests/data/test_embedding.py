"""How many numbers stand for a category."""

import pytest

from whyfit.data.embedding import MOST_HALF, MOST_POWER, RULES, numbers_a_place
from whyfit.evidence.network import Perceptron


@pytest.mark.parametrize(
    ("embedding", "places", "expected"),
    [("none", 100, 0), (7, 100, 7), ("half", 3, 2), ("half", 4, 2), ("half", 10**6, MOST_HALF), ("power", 3, 3)],
)
def test_each_rule_gives_its_number(embedding, places, expected):
    assert numbers_a_place(embedding, places) == expected


def test_the_power_rule_is_fastais():
    """1.6·k^0.56, rounded: 1.6·10^0.56 is 5.81, 1.6·100^0.56 is 21.09, 1.6·1000^0.56 is 76.58."""
    assert [numbers_a_place("power", places) for places in (2, 10, 100, 1000, 10**6)] == [2, 6, 21, 77, MOST_POWER]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_never_gives_less_than_one_number_or_fewer_for_more_places(rule):
    sizes = [numbers_a_place(rule, places) for places in range(1, 3000)]
    assert min(sizes) >= 1
    assert sizes == sorted(sizes)


def test_without_an_embedding_a_network_has_the_digest_that_it_always_had():
    assert Perceptron((3,)).plain() == {"kind": "mlp", "hidden": [3]}
    assert Perceptron((3,), embedding=2).plain() == {"kind": "mlp", "hidden": [3], "embedding": 2}
