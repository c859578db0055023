"""Small data that needs no network access: each text defines x_train, y_train, x_test, y_test, inputs and outputs."""
# the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

SPLIT = """
x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.3, random_state=0)
"""

SCALE = """
center, spread = x_train.mean(axis=0), x_train.std(axis=0) + 1e-6
x_train, x_test = (x_train - center) / spread, (x_test - center) / spread
"""

TENSORS = """
x_train, x_test = torch.tensor(x_train, dtype=torch.float32), torch.tensor(x_test, dtype=torch.float32)
y_train, y_test = torch.tensor(y_train, dtype=@kind@), torch.tensor(y_test, dtype=@kind@)
inputs, outputs = x_train.shape[1], @outputs@
"""


def _table(load: str, kind: str, outputs: int, *, scale: bool = True) -> str:
    parts = [load, SPLIT, SCALE if scale else ""]
    parts.append(TENSORS.replace("@kind@", kind).replace("@outputs@", str(outputs)))
    return "\n".join(part.strip("\n") for part in parts if part)


def _sk(names: str, call: str) -> str:
    return f"from sklearn.datasets import {names}\nfrom sklearn.model_selection import train_test_split\n\n{call}"


DIGITS = _table(_sk("load_digits", "x, y = load_digits(return_X_y=True)"), "torch.long", 10)
IRIS = _table(_sk("load_iris", "x, y = load_iris(return_X_y=True)"), "torch.long", 3)
WINE = _table(_sk("load_wine", "x, y = load_wine(return_X_y=True)"), "torch.long", 3)
BLOBS = _table(
    _sk("make_blobs", "x, y = make_blobs(900, centers=4, n_features=5, cluster_std=3.0, random_state=3)"),
    "torch.long",
    4,
)
MOONS = _table(
    _sk("make_moons", "x, y = make_moons(800, noise=0.2, random_state=1)\ny = y[:, None]"), "torch.float32", 1
)
CIRCLES = _table(
    _sk("make_circles", "x, y = make_circles(800, noise=0.08, factor=0.5, random_state=1)\ny = y[:, None]"),
    "torch.float32",
    1,
)
CANCER = _table(
    _sk("load_breast_cancer", "x, y = load_breast_cancer(return_X_y=True)\ny = y[:, None]"), "torch.float32", 1
)
FRIEDMAN = _table(
    _sk(
        "make_friedman1",
        "x, y = make_friedman1(1200, n_features=8, noise=0.5, random_state=2)\ny = (y[:, None] - y.mean()) / y.std()",
    ),
    "torch.float32",
    1,
)
WAVE = """
import numpy as np

rng = np.random.default_rng(5)
x = rng.uniform(-1, 1, size=(900, 2))
y = np.sin(3 * x[:, :1]) + x[:, 1:] ** 2 + 0.1 * rng.normal(size=(900, 1))
x_train, x_test = torch.tensor(x[:600], dtype=torch.float32), torch.tensor(x[600:], dtype=torch.float32)
y_train, y_test = torch.tensor(y[:600], dtype=torch.float32), torch.tensor(y[600:], dtype=torch.float32)
inputs, outputs = 2, 1
"""
IMAGES = DIGITS.replace(SCALE.strip("\n"), "x_train, x_test = x_train / 16 - 0.3, x_test / 16 - 0.3") + (
    "\nx_train, x_test = x_train.reshape(-1, 1, 8, 8), x_test.reshape(-1, 1, 8, 8)\ninputs = 1"
)
SEQUENCES = """
import numpy as np

rng = np.random.default_rng(7)
start, speed = rng.uniform(0, 6, size=(900, 1)), rng.uniform(0.2, 0.9, size=(900, 1))
x = np.sin(start + speed * np.arange(12)) + 0.1 * rng.normal(size=(900, 12))
y = (speed[:, 0] > 0.55).astype(int)
x_train, x_test = torch.tensor(x[:600, :, None]).float(), torch.tensor(x[600:, :, None]).float()
y_train, y_test = torch.tensor(y[:600]), torch.tensor(y[600:])
inputs, outputs = 1, 2
"""
TOKENS = """
import numpy as np

rng = np.random.default_rng(8)
x = rng.integers(0, 20, size=(1200, 10))
y = (np.isin(x, [3, 5, 7]).sum(axis=1) >= 2).astype(int)
x_train, x_test = torch.tensor(x[:900]), torch.tensor(x[900:])
y_train, y_test = torch.tensor(y[:900]), torch.tensor(y[900:])
inputs, outputs = 20, 2
"""
HOUSES = _table(
    _sk(
        "make_regression",
        "x, y = make_regression(900, n_features=6, noise=10.0, random_state=4)\ny = 200000 + 900 * y[:, None]",
    ),
    "torch.float32",
    1,
)

TASKS = {
    "digits": "classes",
    "iris": "classes",
    "wine": "classes",
    "blobs": "classes",
    "images": "classes",
    "sequences": "classes",
    "tokens": "classes",
    "moons": "binary",
    "circles": "binary",
    "cancer": "binary",
    "friedman": "numbers",
    "wave": "numbers",
}
DATA = {
    "digits": DIGITS,
    "iris": IRIS,
    "wine": WINE,
    "blobs": BLOBS,
    "images": IMAGES,
    "sequences": SEQUENCES,
    "tokens": TOKENS,
    "moons": MOONS,
    "circles": CIRCLES,
    "cancer": CANCER,
    "friedman": FRIEDMAN,
    "wave": WAVE,
}
LOSSES = {"classes": "nn.CrossEntropyLoss()", "binary": "nn.BCEWithLogitsLoss()", "numbers": "nn.MSELoss()"}
FUNCTIONAL_LOSSES = {
    "classes": "F.cross_entropy",
    "binary": "F.binary_cross_entropy_with_logits",
    "numbers": "F.mse_loss",
}
SCORES = {
    "classes": "(output.argmax(dim=1) == target).float().mean().item()",
    "binary": "((output > @threshold@) == (target > 0.5)).float().mean().item()",
    "numbers": "1 - ((output - target) ** 2).mean().item() / target.var().item()",
}
