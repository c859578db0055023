"""The peers of the kernel: what somebody would use instead, in the same work: equal networks, batches, steps and rule.

Nothing is evaluated while training on any side: no stopping rows, no vitals.
"""

from __future__ import annotations

import warnings
from itertools import pairwise

import numpy as np


def torch_loop(x: np.ndarray, y: np.ndarray, hidden: tuple[int, ...], batch: int, epochs: int, seed: int = 0) -> None:
    """A plain loop with the fused Adam, on one thread: what a careful user writes."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    inputs, targets = torch.from_numpy(x), torch.from_numpy(y)
    widths = (x.shape[1], *hidden)
    layers = [layer for i, o in pairwise(widths) for layer in (nn.Linear(i, o), nn.ReLU())]
    network = nn.Sequential(*layers, nn.Linear(widths[-1], int(y.max()) + 1))
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for start in range(0, len(x), batch):
            rows = order[start : start + batch]
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(network(inputs[rows]), targets[rows])
            loss.backward()
            optimizer.step()


def scikit_learn(x: np.ndarray, y: np.ndarray, hidden: tuple[int, ...], batch: int, epochs: int, seed: int = 0) -> None:
    """`MLPClassifier` with its own Adam; told not to stop early, and not to say that it did not."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier
    from threadpoolctl import threadpool_limits

    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore", ConvergenceWarning)
        MLPClassifier(
            hidden, batch_size=batch, max_iter=epochs, tol=0.0, n_iter_no_change=epochs, alpha=0.0, random_state=seed
        ).fit(x, y)
