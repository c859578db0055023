"""The recipe: all that decides how one network is trained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Literal, Self

import numpy as np

from whyfit.evidence.digest import digest_of
from whyfit.evidence.network import NetworkFile, NetworkRef, Perceptron
from whyfit.evidence.types import Json, Task

OWN: Literal["own"] = "own"
"""The value of a field that a user's network decides by itself."""

DEFAULT_NETWORK = Perceptron((128, 128))


LOSSES: dict[Task, str] = {
    "classification": "cross_entropy",
    "regression": "squared_error",
    "multilabel": "binary_cross_entropy",
}
"""What is trained on unless another loss is asked for."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How one network is trained, in plain values: comparable, printable, serialisable; no callables.

    Whether the values agree with each other and with the data is checked by `whyfit.training.check`, all problems
    at once, before anything is trained.

    Attributes
    ----------
    network
        What makes the network; the units of the hidden layers, such as `(64, 32)`, make a perceptron.
    activation
        Name in `whyfit.activations`; `own` leaves a user's network as it is (so for the next three).
    batch_norm
        `none`, or where it stands: `before` or `after` the activation.
    dropout
        Probability that a hidden unit is dropped, in [0, 1); 0 is none.
    initializer
        Name in `whyfit.initializers`; biases start at zero.
    loss
        Name in `whyfit.losses`.
    label_smoothing
        Share of the target taken from the true class and spread over all classes, in [0, 1).
    class_weights
        `none`, or `balanced`: each class counts alike, whatever its number of rows.
    optimizer
        Name in `whyfit.optimizers`.
    learning_rate
        Of the first step after warm-up; per step.
    settings
        Overrides of the optimiser's defaults, such as `(("momentum", 0.9),)`; a mapping is taken too.
    schedule
        `constant`, `cosine` (to zero at the last epoch) or `step` (a tenth at 1/2 and at 3/4 of the epochs).
    warmup
        Share of all steps over which the rate rises linearly from zero, in [0, 1).
    batch_size
        Rows a step; None is the full batch.
    epochs
        Passes over the training rows, at most.
    patience
        Epochs without a better loss on the stop rows before training ends; the best weights are kept. None trains all
        epochs and keeps the last weights.
    l1, l2
        Penalties added to the gradient: l1·sign(w) and l2·w.
    weight_decay
        Decoupled: w shrinks by rate·weight_decay·w a step. None, here and in `l2`, is what belongs to the optimiser's
        name, as in torch: a decay of 0.01 for `adamw`, an L2 of 0.01 for `adam_l2`, nothing for the others. 0 is none.
    decay_biases
        Whether penalties and decay touch biases and the parameters of norms.
    clip_norm, clip_value
        Bound on the norm of the whole gradient, or on each of its entries.
    augmentation, augmentation_strength
        Name in `whyfit.augmentations` of what changes the training rows as they pass, or `none`; and how far, from 0 to
        1, in the unit of that entry. To name a flip is to declare that it leaves every row's class as it is.

    Examples
    --------
    >>> plain = Recipe()
    >>> plain.but(dropout=0.5).differences(plain)
    {'dropout': 0.5}
    >>> Recipe.from_plain(plain.plain()) == plain
    True
    >>> Recipe(network=(64, 32)).network
    Perceptron(hidden=(64, 32), embedding='none')
    """

    network: NetworkRef = DEFAULT_NETWORK
    activation: str = "relu"
    batch_norm: Literal["none", "before", "after", "own"] = "none"
    dropout: float | Literal["own"] = 0.0
    initializer: str = "he_uniform"
    loss: str = "cross_entropy"
    label_smoothing: float = 0.0
    class_weights: Literal["none", "balanced"] = "none"
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    settings: tuple[tuple[str, float], ...] = ()
    schedule: Literal["constant", "cosine", "step"] = "constant"
    warmup: float = 0.0
    batch_size: int | None = 32
    epochs: int = 30
    patience: int | None = 5
    l1: float = 0.0
    l2: float | None = None
    weight_decay: float | None = None
    decay_biases: bool = False
    clip_norm: float | None = None
    clip_value: float | None = None
    augmentation: str = "none"
    augmentation_strength: float = 0.0

    def __post_init__(self) -> None:
        """Bring numbers into the one form that compares and digests: 0 where 0.0 is meant, or one of NumPy's."""
        for field in fields(self):
            value = _number(getattr(self, field.name), real=str(field.type).startswith("float"))
            object.__setattr__(self, field.name, value)
        object.__setattr__(self, "settings", _settings(self.settings))
        network: Any = self.network
        if isinstance(network, np.ndarray):
            network = network.tolist()
        if isinstance(network, tuple | list):
            network = Perceptron(tuple(network))
        if isinstance(network, Perceptron) and isinstance(network.hidden, Iterable):
            hidden = tuple(_number(units, real=False) for units in network.hidden)
            network = Perceptron(hidden, network.embedding)
        object.__setattr__(self, "network", network)

    @classmethod
    def for_data(cls, task: Task, network: NetworkRef | None = None, **changes: Any) -> Self:
        """The default recipe for a task; a user's network keeps its own layers and its own start."""
        start: dict[str, Any] = {"loss": LOSSES[task]}
        if network is not None and not isinstance(network, Perceptron):
            start |= {"activation": OWN, "batch_norm": OWN, "dropout": OWN, "initializer": OWN}
        if network is not None:
            start["network"] = network
        return cls(**(start | changes))

    def but(self, **changes: Any) -> Self:
        """The same recipe with some fields changed."""
        return type(self)(**({field.name: getattr(self, field.name) for field in fields(self)} | changes))

    def differences(self, other: Recipe) -> dict[str, Any]:
        """The fields in which this recipe differs from another, with this one's values."""
        mine = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in mine.items() if value != getattr(other, name)}

    def plain(self) -> dict[str, Json]:
        """As plain values, for files and digests."""
        values: dict[str, Json] = {field.name: getattr(self, field.name) for field in fields(self)}
        return values | {"network": self.network.plain(), "settings": dict(self.settings)}

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Self:
        """The recipe that `plain` wrote; a network file's path must be given in its `path`."""
        return cls(**({**values} | ({"network": _network(values["network"])} if "network" in values else {})))

    @cached_property
    def digest(self) -> str:
        """Equal for equal recipes."""
        return digest_of(self.plain())


def _settings(given: Any) -> Any:
    """Sorted pairs of name and number; what is none is left, as of `_number`."""
    pairs = tuple(given.items() if isinstance(given, Mapping) else given) if isinstance(given, Iterable) else given
    if not isinstance(pairs, tuple) or not all(isinstance(pair, tuple | list) and len(pair) == 2 for pair in pairs):
        return given
    return tuple(sorted(((str(name), _number(value, real=True)) for name, value in pairs), key=lambda pair: pair[0]))


def _number(value: Any, *, real: bool) -> Any:
    """A number as Python's own; what is none is left for `whyfit.training.check` to name."""
    plain = value.item() if isinstance(value, np.generic) else value
    return float(plain) if real and type(plain) is int else plain


def _network(values: NetworkRef | Mapping[str, Any]) -> NetworkRef:
    if not isinstance(values, Mapping):
        return values
    if values["kind"] == "mlp":
        return Perceptron(tuple(values["hidden"]), values.get("embedding", "none"))
    if values["kind"] == "file":
        return NetworkFile(values["path"], values["function"], values["sha256"])
    raise ValueError(f"a network of kind {values['kind']!r} cannot be read from plain values")
