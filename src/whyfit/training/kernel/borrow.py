"""The arguments of the kernel without their owners.

Numba counts who holds an array, atomically, whenever one is taken out of a tuple: a few hundred times a step here, a
tenth of the time of the smallest networks. Whoever calls the kernel holds all arrays until it is done, so inside
nobody counts.
"""

from __future__ import annotations

from whyfit.training.kernel.inline import inlined
from whyfit.training.kernel.job import Changes, Rows, Vectors, Written
from whyfit.training.kernel.memory import borrowed


@inlined
def borrow_changes(one: Changes) -> Changes:
    """All arrays of `Changes`."""
    return Changes(
        one.apply,
        one.drawn,
        one.normal,
        one.mixes,
        one.height,
        one.width,
        one.channels,
        one.strength,
        borrowed(one.columns),
        borrowed(one.spread),
        borrowed(one.partner),
        borrowed(one.share),
        borrowed(one.draws),
        borrowed(one.weights),
    )


@inlined
def borrow_rows(one: Rows) -> Rows:
    """All arrays of `Rows`."""
    return Rows(
        borrowed(one.values),
        borrowed(one.shift),
        borrowed(one.scale),
        borrowed(one.codes),
        borrowed(one.targets),
        borrowed(one.target_shift),
        borrowed(one.target_scale),
        borrowed(one.class_weights),
        borrowed(one.weights),
        one.labels,
        borrow_changes(one.changes),
        borrowed(one.tables),
    )


@inlined
def borrow_vectors(one: Vectors) -> Vectors:
    """All arrays of `Vectors`."""
    return Vectors(
        borrowed(one.parameters),
        borrowed(one.moving),
        borrowed(one.best),
        borrowed(one.best_moving),
        borrowed(one.before),
        borrowed(one.gradients),
        borrowed(one.state),
        borrowed(one.work),
        borrowed(one.masks),
        borrowed(one.wanted),
        borrowed(one.losses),
        borrowed(one.settings),
    )


@inlined
def borrow_written(one: Written) -> Written:
    """All arrays of `Written`."""
    return Written(
        borrowed(one.curves),
        borrowed(one.final),
        borrowed(one.predictions),
        borrowed(one.sampled),
        borrowed(one.vitals),
        borrowed(one.vital_steps),
        borrowed(one.sums),
        borrowed(one.alive),
        borrowed(one.order),
        borrowed(one.facts),
    )
