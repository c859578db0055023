"""mlxtend's side of `decomposition.py`, in the peers' Python: `bias_variance_decomp` of scikit-learn's perceptron."""

from __future__ import annotations

import time
import warnings
from typing import Any


def answer(run: dict[str, Any]) -> dict[str, Any]:
    """CPU seconds of so many rounds, and the predictions of each on the test rows; or why it is absent."""
    import numpy as np

    try:
        from mlxtend.evaluate import bias_variance_decomp
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.neural_network import MLPClassifier
    except ImportError as error:
        return {"absent": f"{error}"[:200]}

    class Recording(MLPClassifier):  # type: ignore[misc,unused-ignore]  # scikit-learn has no types
        """Keeps what it predicted: mlxtend returns averages alone."""

        kept: list[Any] = []  # noqa: RUF012  # one list for all rounds is what is wanted

        def predict(self, X: Any) -> Any:
            found = super().predict(X)
            self.kept.append(found)
            return found

    rows = np.load(run["data"])
    network = Recording(
        tuple(run["hidden"]),
        batch_size=run["batch"],
        max_iter=run["epochs"],
        tol=0.0,
        n_iter_no_change=run["epochs"],
        alpha=0.0,
        random_state=run["random_state"],
    )
    names = ("x_train", "y_train", "x_test", "y_test")
    began = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        bias_variance_decomp(
            network,
            *(rows[name] for name in names),
            loss="0-1_loss",
            num_rounds=run["rounds"],
            random_seed=run["random_seed"],
        )
    return {"cpu": time.process_time() - began, "predictions": np.array(Recording.kept).tolist()}
