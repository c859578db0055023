"""An outcome as bytes and back: `.npz` without pickle, plain values in a JSON header. Nothing read is executed."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, fields
from typing import Any

import numpy as np

from whyfit.evidence.outcome import Curves, Final, Outcome
from whyfit.evidence.types import AnyArray
from whyfit.evidence.vitals import LAYER_NUMBERS, LayerVitals, Vitals

CURVES = tuple(field.name for field in fields(Curves))
PLAIN = (
    "key",
    "status",
    "reason",
    "best_epoch",
    "stopped_epoch",
    "engine",
    "why_engine",
    "platform",
    "steps",
    "seconds",
    "schema",
)


def encode(outcome: Outcome) -> bytes:
    """The outcome as `.npz` bytes."""
    header = {name: getattr(outcome, name) for name in PLAIN} | {
        "final": asdict(outcome.final),
        "vitals": [
            [v.epoch, v.step, [[x.name, x.kind, x.activation, x.units] for x in v.layers]] for v in outcome.vitals
        ],
    }
    arrays: dict[str, AnyArray] = {"header": np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)}
    arrays |= {name: getattr(outcome.curves, name) for name in CURVES} | {"rows": outcome.rows}
    if outcome.predictions is not None:
        arrays["predictions"] = outcome.predictions
    if outcome.weights is not None:
        arrays["weights"] = np.frombuffer(outcome.weights, dtype=np.uint8)
    if outcome.vitals:
        arrays["vitals"] = _numbers(outcome.vitals)
    target = io.BytesIO()
    np.savez(target, **arrays)  # type: ignore[arg-type]  # the stub takes allow_pickle among the arrays
    return target.getvalue()


def decode(blob: bytes) -> Outcome:
    """The outcome that `encode` wrote.

    Raises
    ------
    ValueError, KeyError, OSError, zipfile.BadZipFile
        The bytes are not what `encode` wrote; the store turns this into one message.
    """
    with np.load(io.BytesIO(blob), allow_pickle=False) as arrays:
        header: dict[str, Any] = json.loads(arrays["header"].tobytes())
        names = set(arrays.files)
        return Outcome(
            **{name: header[name] for name in PLAIN},
            curves=Curves(**{name: arrays[name] for name in CURVES}),
            final=Final(**header["final"]),
            predictions=arrays["predictions"] if "predictions" in names else None,
            rows=arrays["rows"],
            vitals=_vitals(header["vitals"], arrays["vitals"]) if "vitals" in names else (),
            weights=arrays["weights"].tobytes() if "weights" in names else None,
        )


def _numbers(vitals: tuple[Vitals, ...]) -> AnyArray:
    """(layers of all samples, numbers) float64."""
    return np.array([[getattr(x, name) for name in LAYER_NUMBERS] for v in vitals for x in v.layers], dtype=np.float64)


def _vitals(described: list[Any], numbers: AnyArray) -> tuple[Vitals, ...]:
    rows = iter(numbers.tolist())
    return tuple(
        Vitals(
            epoch,
            step,
            tuple(LayerVitals(*what, **dict(zip(LAYER_NUMBERS, next(rows), strict=True))) for what in layers),
        )
        for epoch, step, layers in described
    )
