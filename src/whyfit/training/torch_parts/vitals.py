"""The vitals of one network at one moment: a full pass forward, and one batch backward."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from whyfit.evidence.vitals import NOT_MEASURED, LayerVitals, Vitals
from whyfit.nets.network import Network
from whyfit.surgery.flow import Call, Flow
from whyfit.training.schedule import MEASURED_ROWS
from whyfit.training.torch_parts.activity import Activity, Sums
from whyfit.training.torch_parts.distinct import distinct_units
from whyfit.training.torch_parts.evaluate import CHUNK_ROWS, CancelledError, evaluating
from whyfit.training.torch_parts.flowing_back import FlowBack, flow_back
from whyfit.training.torch_parts.losses import Loss
from whyfit.training.torch_parts.rows import Rows

Weights = dict[str, Tensor]


@dataclass(slots=True, eq=False)
class Observer:
    """Takes the vitals of one network; nothing stays on the network between two calls.

    Attributes
    ----------
    network, rows, loss
        See there.
    train
        The training rows.
    poll
        Whether to stop; asked before each chunk.
    """

    network: Network
    rows: Rows
    loss: Loss
    train: Tensor
    poll: Callable[[], bool]
    _before_step: Weights = field(default_factory=dict)

    def before_last_step(self) -> None:
        """Remember the weights, so that the last step of a sampled epoch can be measured."""
        self._before_step = {name: p.detach().clone() for name, p in self.network.module.named_parameters()}

    def take(self, epoch: int, step: int) -> Vitals:
        """All layers now.

        Raises
        ------
        CancelledError
            `poll` said so.
        """
        activity = self._pass()
        batch = self.train[:MEASURED_ROWS]
        targets, own = self.rows.targets(batch), self.rows.weights_of(batch)
        back = flow_back(self.network, self.loss, self.rows.features(batch), targets, own)
        updates = self._updates()
        layers = tuple(_layer(sums, back, updates) for sums in activity.layers.values())
        self._before_step = {}
        return Vitals(epoch, step, layers)

    def _pass(self) -> Activity:
        activity = Activity()
        with evaluating(self.network.module):
            for chunk in torch.split(self.train, CHUNK_ROWS):
                if self.poll():
                    raise CancelledError
                with Flow(self.network.module, activity) as flow:
                    self.network(self.rows.features(chunk))
                activity.finish(flow.calls)
        return activity

    def _updates(self) -> dict[int, float]:
        """Identity of a parameter → norm of the last step's change over the norm of the weights."""
        before = self._before_step
        named = self.network.module.named_parameters()
        return {id(p): _ratio(p.detach(), before[name]) for name, p in named if name in before}


def _layer(sums: Sums, back: FlowBack, updates: dict[int, float]) -> LayerVitals:
    call, gradient = sums.call, back.weights.get(sums.call.name)
    deltas = back.deltas.get(call.name)
    return LayerVitals(
        name=call.name,
        kind=call.kind,
        activation=call.activation,
        units=sums.width,
        pre_mean=sums.before.mean,
        pre_std=sums.before.std,
        mean=sums.after.mean,
        std=sums.after.std,
        zero_share=sums.zeros / sums.after.count if sums.after.count else NOT_MEASURED,
        dead=sums.dead,
        saturated_share=sums.saturated / sums.before.count if sums.before.count else NOT_MEASURED,
        gradient_norm=NOT_MEASURED if gradient is None else float(gradient.norm()),
        delta_std=NOT_MEASURED if not deltas else float(torch.cat([d.flatten() for d in deltas]).std(correction=0)),
        weight_norm=float(call.weight.detach().norm()),
        update_ratio=updates.get(id(call.weight), NOT_MEASURED),
        distinct_weights=_distinct(call, call.weight.detach()),
        distinct_gradients=NOT_MEASURED if gradient is None else _distinct(call, gradient),
    )


def _distinct(call: Call, like_weights: Tensor) -> float:
    """Only for layers of sums, whose units have weights of their own."""
    if call.kind not in {"dense", "conv"}:
        return NOT_MEASURED
    return distinct_units((like_weights.transpose(0, 1) if call.inputs_first else like_weights).flatten(1))


def _ratio(now: Tensor, before: Tensor) -> float:
    norm = float(now.norm())
    return float((now - before).norm()) / norm if norm > 0 else NOT_MEASURED
