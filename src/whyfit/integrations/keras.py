"""A callback for Keras 3 on the torch backend: `model.fit(..., callbacks=[WatchCallback()])`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from whyfit.doors.child import DEFAULT_SHARE
from whyfit.errors import ArgumentError
from whyfit.integrations.watching import Watching

if TYPE_CHECKING:
    from whyfit.report.live import LiveReport


class WatchCallback(keras.callbacks.Callback):  # type: ignore[misc]  # Keras is not followed by the type checker
    """Watches `model.fit`.

    Keras tells its callbacks nothing of an exception: call `end()` where one is caught and the process goes on.
    `with whyfit.watch(model): model.fit(...)` needs no such care.

    Parameters
    ----------
    overhead
        The part of the wall time that watching may take.

    Raises
    ------
    ArgumentError
        Keras computes with another backend, whose gradients cannot be seen.

    Examples
    --------
    ```python
    watching = WatchCallback()
    model.fit(x, y, callbacks=[watching])
    print(watching.report())
    ```
    """

    def __init__(self, *, overhead: float = DEFAULT_SHARE) -> None:
        super().__init__()
        backend = keras.backend.backend()
        if backend != "torch":
            raise ArgumentError(
                f"Keras must compute with the `torch` backend to be watched, got `{backend}`.",
                advice="Set KERAS_BACKEND=torch before Keras is imported.",
            )
        self._watching = Watching(overhead)

    def on_train_begin(self, logs: Any = None) -> None:
        """Begin."""
        del logs
        self._watching.begin(self.model)

    def on_train_end(self, logs: Any = None) -> None:
        """End."""
        del logs
        self.end()

    def end(self) -> None:
        """Stop watching."""
        self._watching.end()

    def report(self) -> LiveReport:
        """What was seen in the latest `fit`."""
        return self._watching.report()
