"""From what the kernel wrote to the outcome."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.member import Member
from whyfit.evidence.outcome import OUTCOME_SCHEMA, Curves, Final, Outcome, Status
from whyfit.evidence.types import AnyArray, frozen_array
from whyfit.evidence.vitals import LayerVitals, Vitals
from whyfit.training.kernel.job import (
    BEST_EPOCH,
    CANCELLED,
    DIVERGED,
    EPOCH,
    LAYER,
    NOT_FINITE_GRADIENT,
    NOT_FINITE_LOSS,
    NOT_FINITE_VALUE,
    NOT_FINITE_WEIGHT,
    STATUS,
    STEP,
    STEPS,
    WHAT,
)
from whyfit.training.kernel.layout import WIDTH
from whyfit.training.kernel.named import layer_names, table_name, weights_of
from whyfit.training.kernel.pack import Packed
from whyfit.training.platform import platform_key

STATUSES: dict[int, Status] = {DIVERGED: "diverged", CANCELLED: "cancelled"}
WHATS = {
    NOT_FINITE_LOSS: "loss",
    NOT_FINITE_GRADIENT: "gradient",
    NOT_FINITE_WEIGHT: "weight",
    NOT_FINITE_VALUE: "activation",
}


def outcome_of(member: Member, key: str, packed: Packed, *, engine: str, why: str, seconds: float) -> Outcome:
    """What a member leaves behind."""
    facts, status = packed.written.facts, STATUSES.get(int(packed.written.facts[STATUS]), "done")
    done = status == "done"
    return Outcome(
        key=key,
        status=status,
        reason=_reason(packed) if status == "diverged" else (None if done else "cancelled"),
        curves=_curves(packed),
        final=Final(*(float(number) for number in packed.written.final)),
        best_epoch=int(facts[BEST_EPOCH]),
        stopped_epoch=int(facts[EPOCH]),
        predictions=_predictions(packed) if done and member.collect.predictions else None,
        rows=member.split.score,
        engine=engine,
        why_engine=why,
        platform=platform_key(),
        vitals=_vitals(member, packed),
        steps=int(facts[STEPS]),
        seconds=seconds,
        schema=OUTCOME_SCHEMA,
        weights=_weights(packed) if done and member.collect.weights else None,
    )


def _reason(packed: Packed) -> str:
    facts = packed.written.facts
    names = layer_names(packed.layout)
    places = [*names, *(table_name(i) for i in range(len(packed.layout.tables)))]
    layer = places[facts[LAYER] - 1] if facts[LAYER] else names[-1]
    return f"not_finite:{WHATS[int(facts[WHAT])]}:epoch={facts[EPOCH]}:step={facts[STEP]}:layer={layer}"


def _curves(packed: Packed) -> Curves:
    """As many epochs as were finished."""
    rows = packed.written.curves
    return Curves(*rows[: int(np.isfinite(rows[:, 0]).sum())].T)


def _vitals(member: Member, packed: Packed) -> tuple[Vitals, ...]:
    """Those that were taken before the member ended."""
    written, names = packed.written, layer_names(packed.layout)
    activations = [member.recipe.activation] * (len(names) - 1) + ["identity"]
    widths = [int(width) for width in packed.layout.table[1:, WIDTH]]
    return tuple(
        Vitals(
            int(epoch),
            int(step),
            tuple(
                LayerVitals(name, "dense", activation, width, *(float(number) for number in numbers))
                for name, activation, width, numbers in zip(names, activations, widths, layers, strict=True)
            ),
        )
        for epoch, step, layers in zip(written.sampled, written.vital_steps, written.vitals, strict=True)
        if step >= 0
    )


def _predictions(packed: Packed) -> AnyArray:
    """Raw outputs: logits in float32, regression in the target's own units in float64, whose offset may be large."""
    data = packed.data
    dtype = np.float64 if data.codes.size == 0 else np.float32
    own = packed.written.predictions * data.target_scale + data.target_shift
    return frozen_array(own, dtype)  # type: ignore[no-any-return]  # frozen_array gives Any


def _weights(packed: Packed) -> bytes:
    from safetensors.numpy import save  # noqa: PLC0415  # only where weights are asked for

    batches = int(packed.written.facts[BEST_EPOCH]) * -(-packed.parts[0].size // packed.numbers.batch)
    named = weights_of(packed.layout, packed.vectors.parameters, packed.vectors.moving, batches)
    return bytes(save({name: np.array(part) for name, part in named.items()}))
