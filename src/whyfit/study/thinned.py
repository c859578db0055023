"""Where the gain of dropout comes from: its thinned networks, looked at one by one on the scored rows.

    scaled = error of the network with nothing dropped        average = error of the mean prediction of T thinned ones

With inverted scaling the whole network stands for the mean of its thinned ones, exactly for one linear layer and
approximately else; how good the approximation is, drawing many of them shows (Srivastava et al. 2014, section 7.5).
That units lean on each other less is measured by their correlation (section 7.1 there speaks of co-adaptation).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.effects import ThinnedFacts
from whyfit.evidence.member import Member
from whyfit.evidence.outcome import Outcome
from whyfit.evidence.types import FloatArray
from whyfit.study.measure import METRICS
from whyfit.study.results import ArmResults
from whyfit.study.revisit import NOISE_SEED, kept_network
from whyfit.study.statistics.corrected import nadeau_bengio
from whyfit.study.statistics.ensemble import mean_prediction
from whyfit.study.statistics.losses import Loss, answers_of, classes_of, row_losses
from whyfit.study.statistics.weighted import weighted_mean
from whyfit.study.track import Track

if TYPE_CHECKING:
    from torch import Tensor, nn

    from whyfit.nets.network import Network
    from whyfit.training.torch_parts.rows import Rows

SWEEP = "dropout"
"""The family whose candidates are the rates."""
PASSES = 50
"""Srivastava et al. 2014, figure 11: from about fifty thinned networks on their mean is no worse than the whole one."""
MOST_FITS = 10
"""Two repeats of five folds: the fits of a first look (chosen)."""
MOST_ROWS = 1000
"""Scored rows of a fit that are passed (chosen: half a point of error at 2 %, and a tenth of a second)."""
MOST_UNITS = 256
"""Units whose correlations are taken: more pairs tell no more of their mean (chosen)."""


@dataclass(frozen=True, slots=True)
class _Fit:
    """One network's numbers."""

    single: float
    average: float
    scaled: float
    agreement: float
    correlation: float


def thinned_facts(tracks: Sequence[tuple[Track, Sequence[ArmResults]]], plain: ArmResults) -> ThinnedFacts | None:
    """Of the rate that lost least on the stop rows; None without torch, or where no network with dropout was kept."""
    arms = [arm for track, arms in tracks if track.family.name == SWEEP for arm in arms]
    arms += [plain] if isinstance(plain.arm.recipe.dropout, float) and plain.arm.recipe.dropout > 0 else []
    arms = [arm for arm in arms if any(True for _ in _kept(arm))]
    if not arms or find_spec("torch") is None or plain.data.time is not None or plain.once is not None:
        return None
    from whyfit.training.torch_parts.threads import one_torch_thread  # noqa: PLC0415  # torch only where it is needed

    arm = min(arms, key=lambda one: float(np.nan_to_num(np.mean(one.stop_losses), nan=np.inf)))
    with one_torch_thread():
        fits = [fit for pair in _kept(arm) if (fit := _fit(*pair, arm.data, arm.error_loss)) is not None]
        undropped = [_correlation_of(pair[0], *kept_network(*pair, arm.data)) for pair in _kept(plain)]
    return _facts(arm, fits, undropped) if len(fits) > 1 else None


def _facts(arm: ArmResults, fits: Sequence[_Fit], undropped: Sequence[float]) -> ThinnedFacts:
    data = arm.data
    gains = np.array([fit.scaled - fit.average for fit in fits])
    spread = nadeau_bengio(gains, scored=data.rows / arm.folds, trained=arm.training_rows, rows=data.rows)
    means = {name: float(np.mean([getattr(fit, name) for fit in fits])) for name in _Fit.__slots__}
    return ThinnedFacts(
        strength=float(arm.arm.recipe.dropout),
        metric=METRICS[arm.error_loss],
        gain=spread.estimate(),
        plain_correlation=float(np.mean(undropped)) if undropped else float("nan"),
        passes=PASSES,
        fits=len(fits),
        **means,
    )


def _kept(arm: ArmResults) -> Iterator[tuple[Member, Outcome]]:
    """The first fits whose weights were kept, one seed of each."""
    pairs = list(zip(arm.members, arm.outcomes, strict=True))[:: arm.arm.seeds][:MOST_FITS]
    return ((member, outcome) for member, outcome in pairs if outcome.weights is not None and outcome.status == "done")


def _fit(member: Member, outcome: Outcome, data: Dataset, loss: Loss) -> _Fit | None:
    """One network, whole and thinned; None where no part of it drops anything."""
    import torch  # noqa: PLC0415  # see the head
    from torch import nn  # noqa: PLC0415

    from whyfit.training.torch_parts.evaluate import evaluating  # noqa: PLC0415

    network, rows = kept_network(member, outcome, data)
    dropping = [part for part in network.module.modules() if isinstance(part, nn.Dropout) and part.p > 0]
    if not dropping:
        return None
    index = torch.from_numpy(member.split.score[:MOST_ROWS].copy())
    features = rows.features(index)
    read = rows.own_units if rows.units is not None else _as_they_are
    with evaluating(network.module), torch.random.fork_rng(devices=[]):
        whole = read(network(features)).double().numpy()
        for part in dropping:
            part.train()
        torch.manual_seed(NOISE_SEED)
        thinned = np.stack([read(network(features)).double().numpy() for _ in range(PASSES)])
    target, own = data.target[index.numpy()], None if data.weights is None else data.weights[index.numpy()]
    average = mean_prediction(thinned[None], loss)[0]
    single, mean, scaled = (weighted_mean(row_losses(one, target, loss), own) for one in (thinned, average, whole))
    return _Fit(
        single=single,
        average=mean,
        scaled=scaled,
        agreement=_agreement(thinned, loss),
        correlation=_correlation_of(member, network, rows),
    )


def _as_they_are(outputs: Tensor) -> Tensor:
    return outputs


def _agreement(thinned: FloatArray, loss: Loss) -> float:
    """Of each thinned network with the next one."""
    if loss == "squared_error":
        each = [np.corrcoef(one.ravel(), other.ravel())[0, 1] for one, other in pairwise(thinned)]
        return float(np.mean(each))
    answers = answers_of(thinned) if loss == "hamming" else classes_of(thinned)
    return float((answers[1:] == answers[:-1]).mean())


def _correlation_of(member: Member, network: Network, rows: Rows) -> float:
    """Mean absolute correlation over scored rows of two units that the last dense layer reads; NaN where none is."""
    import torch  # noqa: PLC0415  # see the head
    from torch import nn  # noqa: PLC0415

    from whyfit.training.torch_parts.evaluate import evaluating  # noqa: PLC0415

    dense = [part for part in network.module.modules() if isinstance(part, nn.Linear)]
    if len(dense) < 2:  # the inputs themselves are no units
        return float("nan")
    seen: list[Tensor] = []

    def keep(_: nn.Module, given: tuple[Tensor, ...]) -> None:
        seen.append(given[0].detach())

    handle = dense[-1].register_forward_pre_hook(keep)
    with evaluating(network.module):
        network(rows.features(torch.from_numpy(member.split.score[:MOST_ROWS].copy())))
    handle.remove()
    return _mean_correlation(seen[-1].flatten(0, -2).double().numpy()[:, :MOST_UNITS]) if seen else float("nan")


def _mean_correlation(values: FloatArray) -> float:
    """Over pairs of units that vary.

    Examples
    --------
    >>> _mean_correlation(np.array([[0.0, 0.0, 5.0], [1.0, -1.0, 5.0], [2.0, -2.0, 5.0]]))
    1.0
    """
    alive = values[:, values.std(axis=0) > 0]
    if alive.shape[1] < 2:  # a pair
        return float("nan")
    table = np.abs(np.corrcoef(alive, rowvar=False))
    return round(float(table[np.triu_indices_from(table, k=1)].mean()), 12)
