"""The purses of error, when a look is the last, and the false claims of the whole rule."""

import math

import numpy as np
import pytest

from whyfit.errors import ArgumentError
from whyfit.study.statistics.looks import (
    EARLY_PURSE,
    ERROR,
    LAST_PURSE,
    PLANNED_EARLY,
    REPEATS_AT_LOOKS,
    combined_p,
    enough_networks,
    take_look,
)
from whyfit.study.statistics.spread import Spread


def spread_of(value=0.0, floor=1.0, nets=1.0, repeats=4, **changes):
    facts = {"fits": 5 * repeats, "rows": 100, "training_rows": 80, "folds": 5, "repeats": repeats, "method": "m"}
    return Spread(value=value, rows_variance=floor, nets_variance=nets, **(facts | changes))


def test_the_purses_add_up_to_the_error():
    assert pytest.approx(ERROR) == EARLY_PURSE + LAST_PURSE


def test_an_early_look_spends_its_share_and_prints_its_level():
    [look] = take_look((), spread_of())
    assert (look.last, look.alpha) == (False, EARLY_PURSE / PLANNED_EARLY)
    assert look.estimate.level == pytest.approx(0.9975)


def test_enough_networks_make_the_last_look():
    [look] = take_look((), spread_of(nets=0.1))
    assert (look.last, look.alpha, look.estimate.level) == (True, LAST_PURSE, 0.96)


def test_the_end_of_the_budget_makes_the_last_look():
    assert take_look((), spread_of(), end=True)[-1].last


@pytest.mark.parametrize("facts", [{"repeats": 2}, {"repeats": 4, "fits": 12, "folds": 3}])
def test_too_few_fits_stay_early_even_at_the_end(facts):
    assert not take_look((), spread_of(nets=0.01, **facts), end=True)[-1].last


def test_whether_it_is_the_last_never_depends_on_the_estimate():
    for floor, nets in ((1.0, 0.05), (1.0, 0.5)):
        lasts = {take_look((), spread_of(value, floor, nets))[-1].last for value in (-9.0, 0.0, 0.1, 99.0)}
        assert len(lasts) == 1


def test_no_look_is_free():
    looks = ()
    for _ in range(PLANNED_EARLY):
        looks = take_look(looks, spread_of())
    with pytest.raises(ArgumentError, match="4 early looks were planned"):
        take_look(looks, spread_of(repeats=2))
    assert take_look(looks, spread_of())[-1].last


def test_no_look_follows_the_last():
    with pytest.raises(ArgumentError, match="after the last"):
        take_look(take_look((), spread_of(nets=0.01)), spread_of())


def test_the_combined_p_is_the_least_after_its_price():
    first = take_look((), spread_of(value=6.0))
    looks = take_look(first, spread_of(value=2.0), end=True)
    early, last = (0.05 / look.alpha * look.spread.p for look in looks)
    assert combined_p(looks) == pytest.approx(min(early, last))
    assert combined_p(()) == 1.0


def test_an_arm_without_a_difference_is_never_significant():
    none = spread_of(floor=0.0, nets=0.0, why_none="no_difference")
    assert combined_p(take_look((), none)) == 1.0
    assert not enough_networks(none)


@pytest.mark.parametrize("floor", [0.0, 0.1, 1.0])
def test_false_claims_stay_under_the_error(floor):
    """The whole rule where the truth is 0: V_nets from the fits, the floor from 100 degrees of freedom."""
    noise = np.random.default_rng(int(100 * floor))
    claims = sum(_one_study(noise, floor) for _ in range(1500))
    assert claims / 1500 <= 0.062  # 0.05 and two standard errors


def _one_study(noise, floor):
    rows = noise.normal() * math.sqrt(floor)
    fits = noise.normal(size=160)
    seen = floor * noise.chisquare(100) / 100
    looks = ()
    for repeats in REPEATS_AT_LOOKS:
        used = fits[: 5 * repeats]
        spread = spread_of(rows + used.mean(), seen, used.var(ddof=1) / used.size, repeats)
        looks = take_look(looks, spread, end=repeats == REPEATS_AT_LOOKS[-1])
        if combined_p(looks) <= ERROR or looks[-1].last:
            break
    return combined_p(looks) <= ERROR
