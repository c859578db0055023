"""Steps of Keras 3's own optimisers on the torch backend: no torch optimisers, so their `apply` is followed."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable
from typing import Any

from whyfit.vitals.patches import Patches

NAMES = {"learning_rate": "lr", "momentum": "momentum", "weight_decay": "weight_decay", "nesterov": "nesterov"}
"""Keras's names of settings, and torch's."""


class KerasRule:
    """One optimiser of Keras as the observer takes optimisers: groups of parameters with their settings.

    Parameters
    ----------
    optimizer
        It is not kept alive.
    variables
        What it is applied to.
    """

    def __init__(self, optimizer: Any, variables: list[Any]) -> None:
        self.watched_name = type(optimizer).__name__
        self._optimizer = weakref.ref(optimizer)
        self.param_groups = [{"params": [v.value for v in variables if hasattr(v, "value")], **_settings(optimizer)}]

    def refresh(self) -> None:
        """Read the rate anew: a schedule may have changed it, and reading it costs as much as a small step."""
        optimizer = self._optimizer()
        if optimizer is not None:
            self.param_groups[0] |= _settings(optimizer)


class KerasSteps:
    """Stands in for `apply` once Keras has been imported by somebody.

    Parameters
    ----------
    before, after
        Called around each step with its rule.
    looking
        Whether this step is looked at.
    """

    def __init__(
        self, before: Callable[[Any], None], after: Callable[[Any], None], looking: Callable[[], bool]
    ) -> None:
        self._before, self._after, self._looking = before, after, looking
        self._patches = Patches()
        self._rules: weakref.WeakKeyDictionary[Any, KerasRule] = weakref.WeakKeyDictionary()
        self._installed = False

    def install(self) -> None:
        """Follow, where Keras has been imported and computes with torch; asked again at each look."""
        keras = sys.modules.get("keras")
        if self._installed or keras is None or not hasattr(keras, "optimizers"):
            return
        self._installed = True
        base = next((kind for kind in keras.optimizers.Optimizer.__mro__ if "apply" in vars(kind)), None)
        if base is not None and keras.backend.backend() == "torch":
            self._patches.wrap(base, "apply", self._following)

    def _following(self, apply: Any) -> Any:
        def following(optimizer: Any, grads: Any, trainable_variables: Any = None) -> Any:
            rule = self._rule(optimizer, trainable_variables)
            if rule is not None:
                self._before(rule)
            result = apply(optimizer, grads, trainable_variables)
            if rule is not None:
                self._after(rule)
            return result

        return following

    def _rule(self, optimizer: Any, variables: Any) -> KerasRule | None:
        try:
            rule = self._rules.get(optimizer)
            if rule is None and variables:
                rule = self._rules[optimizer] = KerasRule(optimizer, list(variables))
            elif rule is not None and self._looking():
                rule.refresh()
        except Exception:  # noqa: BLE001  # an optimiser of another make is not followed
            return None
        return rule

    def undo(self) -> None:
        """Give Keras its method back."""
        self._patches.undo()


def _settings(optimizer: Any) -> dict[str, Any]:
    given = {ours: getattr(optimizer, theirs, None) for theirs, ours in NAMES.items()}
    return {
        name: value if isinstance(value, bool) else float(value) for name, value in given.items() if value is not None
    }
