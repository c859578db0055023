"""The verdict on each remedy: helps, hurts, no effect shown, or not decided and what is missing.

With I the interval of the latest look, δ the least gain that matters, and p combined over the looks:

| verdict | when |
|---|---|
| helps, hurts | Hommel's rule over the remedies rejects at 0.05, and θ > 0, θ < 0 |
| no effect shown | I lies inside [−δ, δ] |
| not decided: networks are missing | neither, and V_nets > 0.1·V_rows |
| not decided: rows are missing | neither, and V_nets ≤ 0.1·V_rows |

**The floor stop.** An arm whose floor 1.96·√V_rows exceeds both |θ| + 2·√V_nets and δ at its second look or later gets
no more networks. That stop looks at θ, so the arm keeps its early level; it can end only as not decided: rows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from whyfit.evidence.estimate import Estimate
from whyfit.study.statistics.hommel import hommel_adjusted
from whyfit.study.statistics.looks import ENOUGH_NETWORKS, ERROR, Look, combined_p, enough_networks
from whyfit.study.statistics.power import rows_to_rule_out, rows_to_show
from whyfit.study.statistics.spread import Spread

VerdictName: TypeAlias = Literal["helps", "hurts", "no effect shown", "not decided"]
Missing: TypeAlias = Literal["networks", "rows"]

MISSING_WITHOUT_INTERVAL: dict[str, Missing | None] = {
    "too_few_repeats": "networks",
    "too_few_fits": "networks",
    "no_spread": "networks",
    "diverged": None,  # neither would help: a fit that diverged is a finding of its own
}
"""What is missing where there is no interval; for every other reason it is rows."""

LEAST_GAIN_SHARE = 0.02
"""δ, the least gain that matters, as a share of the plain error (chosen; the user can set it, and it is printed)."""

SHOWN_AT = 2.8
"""t_.975 + 0.84: the effect, in standard errors, that is shown with probability 0.8."""
LOOKS_BEFORE_FLOOR_STOP = 2
"""The floor is trusted from the second look on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyVerdict:
    """What is known of one remedy.

    Attributes
    ----------
    verdict
        See above.
    gain
        With the interval of the latest look.
    p
        Over looks and adjusted for the number of remedies.
    delta
        δ.
    missing, needed
        For `not decided`: `networks` and about how many fits, or `rows` and about how many; None where unknown.
    to_show, to_rule_out
        Rows at which this gain would be shown, and at which a gain of δ could be ruled out, with probability 0.8.
    alone
        Whether the interval is clear of zero though the rule does not reject: to be said in the line.
    settled
        Whether the arm gets no more networks.
    why
        Code: `diverged`, `no_difference`, `floor` (stopped by the floor), or why there is no interval.
    """

    verdict: VerdictName
    gain: Estimate
    p: float
    delta: float
    missing: Missing | None = None
    needed: float | None = None
    to_show: float | None = None
    to_rule_out: float | None = None
    alone: bool = False
    settled: bool = False
    why: str | None = None


def least_gain(plain_error: float) -> float:
    """δ by default: 2 % of the plain error.

    Examples
    --------
    >>> least_gain(0.25)
    0.005
    """
    return LEAST_GAIN_SHARE * plain_error


def verdicts(
    arms: Mapping[str, Sequence[Look]], delta: float, own: Mapping[str, float] | None = None
) -> dict[str, RemedyVerdict]:
    """The verdict on every remedy, together: Hommel's rule counts all of them, also those with no look yet.

    Parameters
    ----------
    arms
        The looks taken at each remedy so far, in order.
    delta
        δ, in the units of the gain.
    own
        The δ of remedies whose gain is in other units.

    Examples
    --------
    >>> from whyfit.study.statistics.looks import take_look
    >>> spread = Spread(value=0.1, rows_variance=1e-4, nets_variance=1e-5, fits=20, rows=90, training_rows=72,
    ...                 folds=5, repeats=4, method="row_and_refit")
    >>> verdicts({"dropout": take_look((), spread)}, delta=0.01)["dropout"].verdict
    'helps'
    """
    adjusted = hommel_adjusted(np.array([combined_p(looks) for looks in arms.values()]))
    return {
        name: _verdict(looks, p=float(p), delta=(own or {}).get(name, delta), remedies=len(arms))
        for (name, looks), p in zip(arms.items(), adjusted, strict=True)
        if looks
    }


def floor_stops(looks: Sequence[Look], delta: float) -> bool:
    """Whether no number of networks could decide: 1.96·√V_rows > max(|θ| + 2·√V_nets, δ), from the second look on."""
    if len(looks) < LOOKS_BEFORE_FLOOR_STOP or looks[-1].last or looks[-1].spread.why_none is not None:
        return False
    spread = looks[-1].spread
    reach = abs(spread.value) + 2.0 * math.sqrt(spread.nets_variance)
    return 1.96 * math.sqrt(spread.rows_variance) > max(reach, delta)


def _verdict(looks: Sequence[Look], *, p: float, delta: float, remedies: int) -> RemedyVerdict:
    look = looks[-1]
    gain = look.estimate
    if look.spread.why_none is not None:
        return _without_interval(look, p, delta)
    if p <= ERROR and _one_sign(looks):
        verdict: VerdictName = "helps" if gain.value > 0 else "hurts"
        return RemedyVerdict(verdict=verdict, gain=gain, p=p, delta=delta, settled=True)
    if _inside(gain, delta):
        return RemedyVerdict(verdict="no effect shown", gain=gain, p=p, delta=delta, settled=True)
    return _not_decided(looks, p=p, delta=delta, remedies=remedies)


def _not_decided(looks: Sequence[Look], *, p: float, delta: float, remedies: int) -> RemedyVerdict:
    look, spread = looks[-1], looks[-1].spread
    stopped = floor_stops(looks, delta)
    missing: Missing = "rows" if stopped or enough_networks(spread) else "networks"
    show = rows_to_show(spread, alpha=look.alpha, remedies=remedies)
    rule_out = rows_to_rule_out(spread, delta, alpha=look.alpha)
    return RemedyVerdict(
        verdict="not decided",
        gain=look.estimate,
        p=p,
        delta=delta,
        missing=missing,
        needed=_finite(min(show, rule_out) if missing == "rows" else _more_fits(spread, delta)),
        to_show=_finite(show),
        to_rule_out=_finite(rule_out),
        alone=_clear_of_zero(look.estimate),
        settled=stopped or look.last,
        why="floor" if stopped else None,
    )


def fits_needed(spread: Spread, delta: float) -> float:
    """About how many fits decide: the fewer of two numbers; infinite where neither is finite.

    - J* = 10·s²/V_rows, at which V_nets is a tenth of V_rows and the last look is taken;
    - (2.8/e)²·s², e = max(|θ|, δ), at which networks alone would show an effect of that size with probability 0.8.
      Where the floor is nearly 0, J* is astronomical, and no verdict waits for it.

    Examples
    --------
    >>> spread = Spread(value=0.02, rows_variance=1e-30, nets_variance=1e-5, fits=10, rows=300, training_rows=192,
    ...                 folds=5, repeats=2, method="row_and_refit")
    >>> fits_needed(spread, delta=0.01)
    2
    """
    floor, effect = ENOUGH_NETWORKS * spread.rows_variance, max(abs(spread.value), delta)
    last = spread.fit_variance / floor if floor > 0.0 else math.inf
    shown = spread.fit_variance * (SHOWN_AT / effect) ** 2 if effect > 0.0 else math.inf
    fewest = min(last, shown)
    return math.ceil(fewest) if math.isfinite(fewest) else math.inf


def _more_fits(spread: Spread, delta: float) -> float:
    """What to ask for: never less than the next look takes, which is after twice the fits of this one."""
    return max(fits_needed(spread, delta), 2.0 * spread.fits)


def _without_interval(look: Look, p: float, delta: float) -> RemedyVerdict:
    why, gain = look.spread.why_none, look.estimate
    if why == "no_difference":
        return RemedyVerdict(verdict="no effect shown", gain=gain, p=p, delta=delta, settled=True, why=why)
    missing = MISSING_WITHOUT_INTERVAL.get(str(why), "rows")
    settled = look.last or missing != "networks"
    return RemedyVerdict(verdict="not decided", gain=gain, p=p, delta=delta, missing=missing, settled=settled, why=why)


def _one_sign(looks: Sequence[Look]) -> bool:
    """Whether the look that decided and the latest one agree on the direction; else nothing is claimed."""
    decisive = min(looks, key=lambda look: look.p)
    return decisive.spread.value * looks[-1].spread.value > 0.0


def _inside(gain: Estimate, delta: float) -> bool:
    return gain.low is not None and gain.high is not None and -delta <= gain.low and gain.high <= delta


def _clear_of_zero(gain: Estimate) -> bool:
    return gain.low is not None and gain.high is not None and (gain.low > 0.0 or gain.high < 0.0)


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
