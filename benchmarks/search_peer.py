"""What others give without any search, for `random_search.py`: defaults, in the peers' Python."""

from __future__ import annotations

import warnings
from typing import Any


def answer(run: dict[str, Any]) -> dict[str, Any]:
    """The error of each peer on the rows that only score, or why it is absent."""
    import numpy as np

    rows = np.load(run["data"])
    x, y, inside, outside = (rows[name] for name in ("x", "y", "inside", "outside"))
    found: dict[str, Any] = {}
    for name, make in (("sklearn", _perceptron), ("realmlp", _realmlp)):
        try:
            model = make(run["task"], run["seed"])
        except ImportError as error:
            found[name] = {"absent": f"{error}"[:200]}
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they do not converge by their own rule, and say so
            model.fit(x[inside], y[inside])
        found[name] = {"error": error_of(run["task"], np.asarray(model.predict(x[outside])).ravel(), y[outside])}
    return found


def error_of(task: str, answers: Any, truth: Any) -> float:
    """The share of wrong answers; of a regression the share of the variance that is left, 1 − R²."""
    if task == "classification":
        return float((answers != truth).mean())
    return float(((answers - truth) ** 2).mean() / truth.var())


def _perceptron(task: str, seed: int) -> Any:
    """Defaults behind a scaler: without one its defaults are no match for anybody."""
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = MLPClassifier if task == "classification" else MLPRegressor
    return make_pipeline(StandardScaler(), model(random_state=seed))


def _realmlp(task: str, seed: int) -> Any:
    from pytabkit import RealMLP_TD_Classifier, RealMLP_TD_Regressor

    model = RealMLP_TD_Classifier if task == "classification" else RealMLP_TD_Regressor
    return model(random_state=seed, device="cpu", n_threads=1)
