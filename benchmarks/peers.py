"""The peers: what somebody would use instead, in the same work: equal networks, batches, epochs and rule (Adam, 1e-3).

Nothing is evaluated while training on any side: no validation rows, no early stopping, no checkpoints, no progress bar.
One exception: pytabkit always keeps validation rows, a fold each, and evaluates on them after each epoch; its RealMLP
also normalises its inputs once. The torch loop, Lightning and `skorch_fused` use the fused Adam, which few ask for;
`skorch` uses Adam as its documentation does.

Each function trains and gives the number of steps it took, counted over all networks that it trained; what it needs is
imported inside, so that one that is absent is absent alone.
"""

from __future__ import annotations

import logging
import math
import os
import warnings
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

Peer = Callable[..., int]

RATE = 1e-3
FOLDS = 8
"""Networks that pytabkit trains as one; chosen: enough that calling torch does not dominate, and folds stay large."""


def torch_loop(x: np.ndarray, y: np.ndarray, hidden: tuple[int, ...], batch: int, epochs: int, seed: int = 0) -> int:
    """A plain loop with the fused Adam, on one thread: what a careful user writes."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    inputs, targets = torch.from_numpy(x), torch.from_numpy(y)
    network = _torch_network(x, y, hidden)
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE, fused=True)
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for start in range(0, len(x), batch):
            rows = order[start : start + batch]
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(network(inputs[rows]), targets[rows])
            loss.backward()
            optimizer.step()
    return epochs * math.ceil(len(x) / batch)


def scikit_learn(x: np.ndarray, y: np.ndarray, hidden: tuple[int, ...], batch: int, epochs: int, seed: int = 0) -> int:
    """`MLPClassifier` with its own Adam; told not to stop early, and not to say that it did not."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier
    from threadpoolctl import threadpool_limits

    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore", ConvergenceWarning)
        MLPClassifier(
            hidden, batch_size=batch, max_iter=epochs, tol=0.0, n_iter_no_change=epochs, alpha=0.0, random_state=seed
        ).fit(x, y)
    return epochs * math.ceil(len(x) / batch)


def skorch(
    x: np.ndarray,
    y: np.ndarray,
    hidden: tuple[int, ...],
    batch: int,
    epochs: int,
    seed: int = 0,
    **options: Any,
) -> int:
    """`NeuralNetClassifier` with Adam, without its validation split and its printed log."""
    import torch
    from skorch import NeuralNetClassifier

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    NeuralNetClassifier(
        _torch_network(x, y, hidden),
        criterion=torch.nn.CrossEntropyLoss,
        optimizer=torch.optim.Adam,
        optimizer__lr=RATE,
        max_epochs=epochs,
        batch_size=batch,
        iterator_train__shuffle=True,
        train_split=None,
        verbose=0,
        **options,
    ).fit(x, y)
    return epochs * math.ceil(len(x) / batch)


def keras(x: np.ndarray, y: np.ndarray, hidden: tuple[int, ...], batch: int, epochs: int, seed: int = 0) -> int:
    """Keras 3 on torch, `fit` as its guides have it."""
    os.environ["KERAS_BACKEND"] = "torch"
    import keras
    import torch

    torch.set_num_threads(1)
    keras.utils.set_random_seed(seed)
    layers: list[Any] = [keras.layers.Dense(units, activation="relu") for units in hidden]
    network = keras.Sequential([keras.Input((x.shape[1],)), *layers, keras.layers.Dense(int(y.max()) + 1)])
    network.compile(keras.optimizers.Adam(RATE), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    network.fit(x, y, batch_size=batch, epochs=epochs, shuffle=True, verbose=0)
    return epochs * math.ceil(len(x) / batch)


def lightning(x: np.ndarray, y: np.ndarray, hidden: tuple[int, ...], batch: int, epochs: int, seed: int = 0) -> int:
    """A `LightningModule` and a `DataLoader` in this process; logger, checkpoints and bars are off."""
    import lightning
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)

    class Module(lightning.LightningModule):  # type: ignore[misc,unused-ignore]  # lightning may be absent where types are checked
        def __init__(self) -> None:
            super().__init__()
            self.network = _torch_network(x, y, hidden)

        def training_step(self, rows: Any) -> Any:
            return torch.nn.functional.cross_entropy(self.network(rows[0]), rows[1])

        def configure_optimizers(self) -> Any:
            return torch.optim.Adam(self.parameters(), lr=RATE, fused=True)

    loader = DataLoader(TensorDataset(torch.from_numpy(x), torch.from_numpy(y)), batch_size=batch, shuffle=True)
    off = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False, "enable_model_summary": False}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it advises worker processes, which cost more than they give here
        lightning.Trainer(accelerator="cpu", devices=1, max_epochs=epochs, **off).fit(Module(), loader)
    return epochs * math.ceil(len(x) / batch)


def pytabkit(x: np.ndarray, y: np.ndarray, hidden: tuple[int, ...], batch: int, epochs: int, seed: int = 0) -> int:
    """RealMLP over eight folds trained as one program, its own additions off where its options allow."""
    import torch
    from pytabkit import RealMLP_TD_S_Classifier

    torch.set_num_threads(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        RealMLP_TD_S_Classifier(
            device="cpu",
            random_state=seed,
            n_cv=FOLDS,
            n_refit=0,
            n_threads=1,
            verbosity=0,
            n_epochs=epochs,
            batch_size=batch,
            hidden_sizes=list(hidden),
            act="relu",
            p_drop=0.0,
            wd=0.0,
            lr=RATE,
            use_ls=False,
            add_front_scale=False,
            use_parametric_act=False,
        ).fit(x, y)
    return FOLDS * epochs * (len(x) * (FOLDS - 1) // FOLDS // batch)


PEERS: dict[str, Peer] = {
    "torch": torch_loop,
    "sklearn": scikit_learn,
    "skorch": skorch,
    "skorch_fused": partial(skorch, optimizer__fused=True),
    "keras": keras,
    "lightning": lightning,
    "pytabkit": pytabkit,
}
"""By the name under which a ratio is given."""


def _torch_network(x: np.ndarray, y: np.ndarray, hidden: tuple[int, ...]) -> Any:
    from torch import nn

    widths = (x.shape[1], *hidden)
    layers = [layer for i, o in pairwise(widths) for layer in (nn.Linear(i, o), nn.ReLU())]
    return nn.Sequential(*layers, nn.Linear(widths[-1], int(y.max()) + 1))
