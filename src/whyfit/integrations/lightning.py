"""A callback for Lightning: `Trainer(callbacks=[WatchCallback()])` watches `fit` and keeps the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from whyfit.doors.child import DEFAULT_SHARE
from whyfit.integrations.watching import Watching

if TYPE_CHECKING:
    from whyfit.report.live import LiveReport

try:
    from lightning.pytorch import Callback
except ImportError:  # the older name of the same package
    from pytorch_lightning import Callback


class WatchCallback(Callback):  # type: ignore[misc]  # Lightning is not followed by the type checker
    """Watches `trainer.fit`; nothing of it is left afterwards, also where training ends in an exception.

    Parameters
    ----------
    overhead
        The part of the wall time that watching may take.

    Examples
    --------
    ```python
    watching = WatchCallback()
    Trainer(max_epochs=3, callbacks=[watching]).fit(model, loader)
    print(watching.report())
    ```
    """

    def __init__(self, *, overhead: float = DEFAULT_SHARE) -> None:
        super().__init__()
        self._watching = Watching(overhead)

    def on_fit_start(self, trainer: Any, pl_module: Any) -> None:
        """Begin."""
        del trainer
        self._watching.begin(pl_module)

    def on_fit_end(self, trainer: Any, pl_module: Any) -> None:
        """End."""
        del trainer, pl_module
        self._watching.end()

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        """End, whatever happened."""
        del trainer, pl_module, exception
        self._watching.end()

    def report(self) -> LiveReport:
        """What was seen in the latest `fit`."""
        return self._watching.report()
