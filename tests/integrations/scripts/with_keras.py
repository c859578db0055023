"""Trains the same network with Keras 3 on torch: bare, bare again, and with the callback."""

import hashlib
import os
import sys
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch

torch.set_num_threads(1)


def train(*callbacks):
    keras.utils.set_random_seed(3)
    x = np.random.default_rng(0).normal(size=(320, 6)).astype("float32")
    y = x[:, :3].argmax(1)
    model = keras.Sequential(
        [keras.layers.Dense(32, activation="relu"), keras.layers.Dropout(0.1), keras.layers.Dense(3)]
    )
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    history = model.fit(
        x[:256], y[:256], batch_size=32, epochs=5, validation_data=(x[256:], y[256:]), callbacks=list(callbacks),
        verbose=0,
    )  # fmt: skip
    weights = b"".join(np.asarray(w).tobytes() for w in model.get_weights())
    return hashlib.sha256(weights).hexdigest(), history.history["val_loss"][-1]


def main():
    from whyfit.integrations.keras import WatchCallback

    print(train())
    print(train())
    watching = WatchCallback(overhead=0.5)
    print(train(watching))
    watching.report().save(Path(sys.argv[1]))


main()
