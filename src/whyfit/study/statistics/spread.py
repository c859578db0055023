"""The spread of an estimate: the part that rows set and the part that networks set, and the interval they give."""

from __future__ import annotations

import math
from dataclasses import dataclass

from whyfit.evidence.estimate import Estimate
from whyfit.study.statistics.quantiles import critical_value, two_sided_p


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """An estimate θ with its variance V in two parts.

    V = rows_variance + nets_variance; interval θ ± t(J − 1)·√V.

    Attributes
    ----------
    value
        θ: a mean loss, or a gain (positive: less error than plain). NaN where it was not measured.
    rows_variance
        V_rows, the floor: no number of networks lowers it, only more rows do.
    nets_variance
        V_nets = s²/J: falls with every further repeat.
    fits
        J, the number of (repeat, fold) pairs behind θ.
    rows
        n, the distinct scored rows, or groups of rows where rows come in groups.
    training_rows
        m, the rows each network was trained on: part of what θ is an estimate of.
    folds, repeats
        k and R.
    method
        `row_and_refit` or `nadeau_bengio`.
    most_degrees
        A bound on the degrees of freedom, where the fits say less than their number; None for J − 1.
    why_none
        Code of the reason why there is no variance; both are NaN then: `too_few_repeats`, `too_few_groups`,
        `too_few_rows`, `too_few_fits`, `one_fold`, `diverged`, `no_spread` (all losses are equal, or their differences
        cancel in every fold). `no_difference` says that both arms predicted alike everywhere: V is 0, and nothing is
        tested.

    Examples
    --------
    >>> spread = Spread(value=0.02, rows_variance=4e-5, nets_variance=1e-5, fits=15, rows=300, training_rows=192,
    ...                 folds=5, repeats=3, method="row_and_refit")
    >>> spread.estimate()
    Estimate(0.02 [0.004834, 0.03517], row_and_refit)
    >>> round(spread.p, 4)
    0.0134
    """

    value: float
    rows_variance: float
    nets_variance: float
    fits: int
    rows: int
    training_rows: int
    folds: int
    repeats: int
    method: str
    why_none: str | None = None
    most_degrees: int | None = None

    @property
    def variance(self) -> float:
        """V, of the estimate."""
        return self.rows_variance + self.nets_variance

    @property
    def fit_variance(self) -> float:
        """s², the variance of the mean of one fold."""
        return self.nets_variance * self.fits

    @property
    def standard_error(self) -> float:
        """√V; NaN where there is none."""
        return math.sqrt(self.variance)

    @property
    def degrees(self) -> int:
        """Degrees of freedom of t: J − 1, or the bound on them."""
        return self.fits - 1 if self.most_degrees is None else min(self.fits - 1, self.most_degrees)

    @property
    def p(self) -> float:
        """Two-sided p of θ = 0; 1 where nothing can be tested."""
        if self.why_none is not None:
            return 1.0
        return two_sided_p(self.value / self.standard_error, self.degrees)

    def half_width(self, level: float = 0.95) -> float:
        """t(J − 1)·√V; NaN where there is no interval."""
        return critical_value(level, self.degrees) * self.standard_error if self.degrees > 0 else math.nan

    def estimate(self, level: float = 0.95) -> Estimate:
        """θ with its interval; without one where `why_none` says so, and [0, 0] where no difference was produced."""
        silent = self.why_none is not None and self.why_none != "no_difference"
        half = 0.0 if self.why_none else self.half_width(level)
        return Estimate(
            self.value,
            None if silent else self.value - half,
            None if silent else self.value + half,
            level,
            self.method,
            self.fits,
            self.rows,
            self.training_rows,
            self.why_none,
        )
