"""Every line of the table of verdicts, each beside the twin that it must not be given to."""

import pytest

from whyfit.study.statistics.looks import take_look
from whyfit.study.statistics.spread import Spread
from whyfit.study.statistics.verdict import fits_needed, floor_stops, least_gain, verdicts


def spread_of(value=0.0, floor=1.0, nets=0.01, repeats=4, **changes):
    facts = {"fits": 5 * repeats, "rows": 100, "training_rows": 80, "folds": 5, "repeats": repeats, "method": "m"}
    return Spread(value=value, rows_variance=floor, nets_variance=nets, **(facts | changes))


def verdict_of(spread, delta=0.5, **others):
    return verdicts({"it": take_look((), spread), **others}, delta)["it"]


@pytest.mark.parametrize(("value", "verdict"), [(9.0, "helps"), (-9.0, "hurts")])
def test_a_clear_gain_is_named_by_its_sign(value, verdict):
    it = verdict_of(spread_of(value))
    assert (it.verdict, it.settled, it.missing) == (verdict, True, None)


def test_a_narrow_interval_around_zero_shows_no_effect():
    it = verdict_of(spread_of(0.0, floor=1e-4, nets=1e-6))
    assert (it.verdict, it.settled) == ("no effect shown", True)


def test_a_small_but_certain_gain_still_helps():
    assert verdict_of(spread_of(0.1, floor=1e-4, nets=1e-6)).verdict == "helps"


def test_a_wide_floor_asks_for_rows():
    it = verdict_of(spread_of(1.0))
    assert (it.verdict, it.missing, it.settled) == ("not decided", "rows", True)
    assert it.to_show > 100
    assert it.to_rule_out > 100
    assert it.needed == min(it.to_show, it.to_rule_out)


def test_noisy_networks_ask_for_networks():
    it = verdict_of(spread_of(1.0, floor=0.9, nets=1.0))
    assert (it.verdict, it.missing, it.settled) == ("not decided", "networks", False)
    assert it.needed == 157  # (2.8/1)²·s² with s² = 20, fewer than 10·s²/V_rows = 223


def test_a_wide_floor_needs_no_more_networks_than_make_the_last_look():
    assert fits_needed(spread_of(0.5, floor=0.9, nets=1.0), delta=0.1) == 223  # 10·s²/V_rows


def test_without_a_floor_the_number_of_networks_is_what_shows_the_effect():
    assert verdict_of(spread_of(1.0, floor=0.0, nets=1.0)).needed == 157
    assert fits_needed(spread_of(0.0, floor=0.0), delta=0.0) == float("inf")


def test_a_gain_that_hommels_rule_does_not_let_pass_is_said_to_be_clear_alone():
    """2.5 standard errors: enough alone, not among eight."""
    spread = spread_of(2.5, repeats=32)
    others = {f"other{i}": take_look((), spread_of(0.0, repeats=32)) for i in range(7)}
    assert verdict_of(spread).verdict == "helps"
    it = verdict_of(spread, **others)
    assert (it.verdict, it.alone) == ("not decided", True)


def test_remedies_without_a_look_count_in_hommels_rule_and_get_no_verdict():
    arms = {"it": take_look((), spread_of(2.5, repeats=32)), **{f"waiting{i}": () for i in range(7)}}
    given = verdicts(arms, 0.5)
    assert list(given) == ["it"]
    assert given["it"].verdict == "not decided"


def test_arms_that_predict_alike_show_no_effect_and_say_why():
    it = verdict_of(spread_of(floor=0.0, nets=0.0, why_none="no_difference"))
    assert (it.verdict, it.why, it.settled, it.p) == ("no effect shown", "no_difference", True, 1.0)
    assert (it.gain.low, it.gain.high) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("why", "missing", "settled"),
    [
        ("diverged", None, True),
        ("too_few_repeats", "networks", False),
        ("too_few_groups", "rows", True),
        ("no_spread", "networks", False),
    ],
)
def test_without_an_interval_nothing_is_decided(why, missing, settled):
    it = verdict_of(spread_of(9.0, floor=float("nan"), nets=float("nan"), why_none=why))
    assert (it.verdict, it.why, it.missing, it.settled) == ("not decided", why, missing, settled)


def test_an_arm_without_spread_at_its_last_look_is_settled():
    silent = spread_of(0.0, floor=float("nan"), nets=float("nan"), why_none="no_spread")
    it = verdicts({"it": take_look((), silent, end=True)}, 0.5)["it"]
    assert (it.verdict, it.missing, it.settled) == ("not decided", "networks", True)


def test_a_change_of_sign_between_looks_claims_nothing():
    looks = take_look(take_look((), spread_of(40.0, nets=1.0, repeats=2)), spread_of(-0.1, nets=1.0), end=True)
    assert verdicts({"it": looks}, 0.5)["it"].verdict == "not decided"


class TestFloorStop:
    def looks(self, value, floor, nets, count=2):
        looks = ()
        for repeats in (2, 4, 8)[:count]:
            looks = take_look(looks, spread_of(value, floor, nets, repeats))
        return looks

    def test_stops_an_arm_that_networks_cannot_decide(self):
        looks = self.looks(0.1, 1.0, 0.2)
        it = verdicts({"it": looks}, 0.5)["it"]
        assert floor_stops(looks, 0.5)
        assert (it.verdict, it.missing, it.settled, it.why) == ("not decided", "rows", True, "floor")
        assert it.gain.level == pytest.approx(0.9975)

    @pytest.mark.parametrize(
        ("value", "delta", "count"),
        [(2.0, 0.5, 2), (0.1, 3.0, 2), (0.1, 0.5, 1)],
        ids=["gain above the floor", "delta above the floor", "first look"],
    )
    def test_lets_others_go_on(self, value, delta, count):
        assert not floor_stops(self.looks(value, 1.0, 0.2, count), delta)


def test_the_least_gain_is_two_percent_of_the_plain_error():
    assert least_gain(0.5) == 0.01
