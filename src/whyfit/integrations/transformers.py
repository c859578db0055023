"""A callback for the Hugging Face Trainer: `Trainer(..., callbacks=[WatchCallback()])` watches `train`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transformers import TrainerCallback

from whyfit.doors.child import DEFAULT_SHARE
from whyfit.integrations.watching import Watching

if TYPE_CHECKING:
    from whyfit.report.live import LiveReport


class WatchCallback(TrainerCallback):  # type: ignore[misc]  # transformers is not followed by the type checker
    """Watches `trainer.train`.

    The Trainer tells its callbacks nothing of an exception: call `end()` where one is caught and the process goes on.
    `with whyfit.watch(model): trainer.train()` needs no such care.

    Parameters
    ----------
    overhead
        The part of the wall time that watching may take.

    Examples
    --------
    ```python
    watching = WatchCallback()
    Trainer(model, arguments, train_dataset=rows, callbacks=[watching]).train()
    print(watching.report())
    ```
    """

    def __init__(self, *, overhead: float = DEFAULT_SHARE) -> None:
        self._watching = Watching(overhead)

    def on_train_begin(self, args: Any, state: Any, control: Any, **facts: Any) -> None:
        """Begin."""
        del args, state, control
        self._watching.begin(facts.get("model"))

    def on_train_end(self, args: Any, state: Any, control: Any, **facts: Any) -> None:
        """End."""
        del args, state, control, facts
        self.end()

    def end(self) -> None:
        """Stop watching."""
        self._watching.end()

    def report(self) -> LiveReport:
        """What was seen in the latest training."""
        return self._watching.report()
