"""Searching a large memory for the networks is done once, and takes no look away."""

from whyfit.vitals.governor import FIRST_SECONDS, Governor


def test_what_is_done_once_is_told_and_takes_no_look_away():
    governor = Governor(0.03)
    governor.met(10 * FIRST_SECONDS)
    assert governor.once == 10 * FIRST_SECONDS
    assert governor.wants(0)


def test_looks_themselves_are_bounded():
    governor = Governor(0.03)
    governor.paid(10 * FIRST_SECONDS)
    assert not governor.wants(0)
