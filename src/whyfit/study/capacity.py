"""Bias and variance over the size of the network, and the error over the members of an ensemble, from what is there.

The sizes are those of the remedies "a smaller network" and "a larger network" beside the plain one; what each changed
in variance, and in bias and noise, is measured as for any remedy. The ensemble is made of networks that did not train
on a row.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from whyfit.evidence.effects import CapacityFacts, EnsembleFacts
from whyfit.evidence.network import Perceptron
from whyfit.study.measure import METRICS
from whyfit.study.results import ArmResults
from whyfit.study.revisit import parameters_of
from whyfit.study.statistics.changes import TermChange, term_change
from whyfit.study.statistics.decomposition import Decomposition, decompose
from whyfit.study.statistics.ensemble_curve import size_curve
from whyfit.study.track import Track

SIZES = ("smaller_network", "larger_network")
"""The remedies whose candidates are other sizes."""
LEAST_REPEATS = 2
MOST_MEMBERS = 16
"""Members that the curve reaches to: beyond it hardly falls (Lakshminarayanan et al. 2017)."""

Results = Sequence[tuple[Track, Sequence[ArmResults]]]


def capacity_facts(tracks: Results, plain: ArmResults) -> tuple[CapacityFacts, ...]:
    """Each size with its terms, from small to large; empty where no other size was trained."""
    other = [(track, arms) for track, arms in tracks if track.family.name in SIZES]
    sized = [(track.repeats, arm) for track, arms in other for arm in _scaled(arms, plain)]
    if not sized:
        return ()
    repeats = min(repeats for repeats, _ in sized)
    if repeats < LEAST_REPEATS:
        return ()
    terms = _terms(plain, repeats)
    found = [facts for _, arm in sized if (facts := _facts(arm, plain, terms, repeats))]
    return tuple(sorted((*found, _of_plain(plain, terms)), key=lambda facts: facts.parameters)) if found else ()


def _scaled(arms: Sequence[ArmResults], plain: ArmResults) -> list[ArmResults]:
    """Networks as deep as the plain one: another depth is another thing than another size."""
    depth = len(_hidden(plain))
    return [arm for arm in arms if len(_hidden(arm)) == depth]


def _hidden(arm: ArmResults) -> tuple[int, ...]:
    network = arm.arm.recipe.network
    return network.hidden if isinstance(network, Perceptron) else ()


def _terms(plain: ArmResults, repeats: int) -> Decomposition:
    data = plain.data
    return decompose(
        plain.predictions[:repeats],
        data.target,
        plain.fold_of_row[:repeats],
        loss=plain.error_loss,
        training_rows=plain.training_rows,
        groups=data.groups,
        weights=data.weights,
    )


def _facts(arm: ArmResults, plain: ArmResults, terms: Decomposition, repeats: int) -> CapacityFacts | None:
    change = term_change(
        plain.predictions[:repeats],
        arm.predictions[:repeats],
        plain.data.target,
        plain.fold_of_row[:repeats],
        decomposition=terms,
        groups=plain.data.groups,
        weights=plain.data.weights,
    )
    return None if change is None else _size(arm, plain, terms, change)


def _of_plain(plain: ArmResults, terms: Decomposition) -> CapacityFacts:
    return _size(plain, plain, terms, None)


def _size(arm: ArmResults, plain: ArmResults, terms: Decomposition, change: TermChange | None) -> CapacityFacts:
    """Plain's own terms and what the size changed in them, so that error = bias and noise + variance."""
    variance = terms.variance.value + (change.variance.value if change else 0.0)
    rest = terms.bias_plus_noise.value + (change.bias_plus_noise.value if change else 0.0)
    return CapacityFacts(
        hidden=_hidden(arm),
        parameters=parameters_of(arm.arm.recipe, plain.data),
        metric=METRICS[plain.error_loss],
        error=variance + rest,
        variance=variance,
        bias_plus_noise=rest,
        variance_change=change.variance if change else None,
        bias_change=change.bias_plus_noise if change else None,
        training_rows=plain.training_rows,
    )


def ensemble_facts(tracks: Results, plain: ArmResults) -> EnsembleFacts | None:
    """The error against the number of members, of up to sixteen networks; None where fewer than two are there."""
    ensembles = [arms[0] for track, arms in tracks if track.family.kind == "ensemble"]
    outputs = (ensembles[0] if ensembles else plain).predictions
    while outputs.shape[0] > 1 and outputs.shape[0] * outputs.shape[1] > MOST_MEMBERS:
        outputs = outputs[:-1]
    if outputs.shape[0] * outputs.shape[1] < 2 or not np.isfinite(outputs).all():
        return None
    curve = size_curve(outputs, plain.data.target, loss=plain.error_loss, weights=plain.data.weights)
    return EnsembleFacts(METRICS[plain.error_loss], tuple(curve.tolist()))
