"""Bias, variance and noise on a problem whose truth is known: a curve with noise, fitted by polynomials many times."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.explanation import Check, Explanation, Formula, Line, Part, Plot, Said, Table, line_of
from whyfit.evidence.question import Question
from whyfit.evidence.types import FloatArray
from whyfit.explain.asked import Asked, Value

TAKES: dict[str, Value] = {"rows": 30, "seed": 0}
NOISE = 0.3
"""Standard deviation of the noise; its square is the error that no fit gets below."""
FITS = 400
"""Training sets drawn anew: the mean of squares is then right to about 7 %."""
POINTS = np.linspace(0.05, 0.95, 91)
"""Where fits are scored; the very ends are left out, where polynomials swing beyond any scale."""
DEGREES = (1, 2, 3, 4, 5, 6, 7, 8, 9)
EXACT = 1e-10
"""The identity over the fits that were made is algebra; only rounding is left."""
SPREADS = 4.0
"""Standard errors that a fresh measurement may lie away: once in 16,000 by chance."""


def explain(asked: Asked) -> Explanation:
    """The three terms over the degree of the polynomial, and their sum against the error measured."""
    rows = asked.whole("rows", 12, 2000)
    rng = np.random.default_rng(asked.whole("seed", 0, 2**31))
    fits = {degree: _fits(degree, rows, rng) for degree in DEGREES}
    terms = {degree: _terms(values) for degree, values in fits.items()}
    fresh = {degree: _measured(values, rng) for degree, values in fits.items()}
    table = tuple((degree, *terms[degree], sum(terms[degree]), fresh[degree][0]) for degree in DEGREES)
    best = min(DEGREES, key=lambda degree: sum(terms[degree]))
    parts: list[Part] = [
        Said("answer"),
        Formula(
            r"E\bigl[(\hat f(x) - y)^2\bigr] = \bigl(E \hat f(x) - f(x)\bigr)^2 + \mathrm{Var}\, \hat f(x) + \sigma^2"
        ),
        Said("problem", {"rows": rows, "noise": NOISE, "fits": FITS}),
        Formula(r"y = \sin(2\pi x) + \varepsilon, \quad \varepsilon \sim N(0, \sigma^2)"),
        Table("terms", ("degree", "bias2", "variance", "noise", "sum", "error_measured"), table),
        Plot("terms", "degree", "error", _lines(terms)),
        Said("reading", {"best": best, "low": DEGREES[0], "high": DEGREES[-1]}),
        Check("identity", max(map(_identity, fits.values())), EXACT, {"fits": FITS}),
        Check("fresh", max(spreads for _, spreads in fresh.values()), SPREADS, {"degrees": len(DEGREES)}),
        Said("plain_bias", {"degree": 1, "bias": float(np.mean(np.abs(fits[1].mean(axis=0) - _truth(POINTS))))}),
        Said("cannot_tell"),
    ]
    return Explanation(Question.BIAS_VARIANCE, asked.plain(), tuple(parts))


def _truth(x: FloatArray) -> FloatArray:
    values: FloatArray = np.sin(2 * np.pi * x)
    return values


def _fits(degree: int, rows: int, rng: np.random.Generator) -> FloatArray:
    """(fits, points) predictions of fits to training sets drawn anew."""
    found = []
    for _ in range(FITS):
        x = (np.arange(rows) + rng.random(rows)) / rows  # one in each of equal cells: no wide gap by chance
        y = _truth(x) + NOISE * rng.standard_normal(rows)
        found.append(np.polynomial.Chebyshev.fit(x, y, degree, domain=[0, 1])(POINTS))
    return np.array(found)


def _terms(values: FloatArray) -> tuple[float, float, float]:
    """Means over the points of bias², variance and noise; the variance of the fits' own mean is taken off the bias."""
    spread = values.var(axis=0, ddof=1)
    bias2 = (values.mean(axis=0) - _truth(POINTS)) ** 2 - spread / FITS
    return float(bias2.mean()), float(spread.mean()), NOISE**2


def _identity(values: FloatArray) -> float:
    """Over these very fits: mean squared distance to the truth less bias² and variance, as a share of the distance."""
    distance = ((values - _truth(POINTS)) ** 2).mean(axis=0)
    parts = (values.mean(axis=0) - _truth(POINTS)) ** 2 + values.var(axis=0)
    return float(np.abs(distance - parts).max() / distance.max())


def _measured(values: FloatArray, rng: np.random.Generator) -> tuple[float, float]:
    """The error on fresh noisy targets, and by how many standard errors it is off the sum of the terms."""
    errors = ((values - _truth(POINTS) - NOISE * rng.standard_normal(values.shape)) ** 2).mean(axis=1)
    off = abs(float(errors.mean()) - sum(_terms(values)))
    return float(errors.mean()), off / float(errors.std(ddof=1) / FITS**0.5)


def _lines(terms: dict[int, tuple[float, float, float]]) -> tuple[Line, ...]:
    degrees = np.array(DEGREES, dtype=float)
    columns = np.array([terms[degree] for degree in DEGREES])
    named = zip(("bias2", "variance", "noise"), columns.T, strict=True)
    return (*(line_of(name, degrees, values) for name, values in named), line_of("sum", degrees, columns.sum(axis=1)))
