"""Quantiles and tails of Student's t and of the normal distribution: the one place where scipy is asked for them."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def t_quantile(probability: float, degrees: float) -> float:
    """The value below which Student's t with so many degrees of freedom lies with that probability.

    Examples
    --------
    >>> round(t_quantile(0.975, 9), 3)
    2.262
    """
    from scipy.special import stdtrit  # noqa: PLC0415  # 0.1 s that `whyfit --help` does not pay

    return float(stdtrit(degrees, probability))


@lru_cache(maxsize=64)
def normal_quantile(probability: float) -> float:
    """The value below which a standard normal number lies with that probability.

    Examples
    --------
    >>> round(normal_quantile(0.975), 3)
    1.96
    """
    from scipy.special import ndtri  # noqa: PLC0415  # see t_quantile

    return float(ndtri(probability))


def two_sided_p(statistic: float, degrees: float) -> float:
    """How probable it is that Student's t lies at least that far from zero, on either side.

    Examples
    --------
    >>> round(two_sided_p(2.262, 9), 3)
    0.05
    """
    from scipy.special import stdtr  # noqa: PLC0415  # see t_quantile

    return float(2.0 * stdtr(degrees, -abs(statistic)))


def critical_value(level: float, degrees: float) -> float:
    """Half the width, in standard errors, of a two-sided t interval of that confidence.

    Examples
    --------
    >>> round(critical_value(0.95, 14), 3)
    2.145
    """
    return t_quantile(0.5 + level / 2.0, degrees)
