"""The second set's data, none of it in the first: each text defines x_train and its like, and sizes."""
# the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

NUMPY_HEAD = "import numpy as np\n\nrng = np.random.default_rng(@number@)\n"
"""Data sets of ours; their noise does not depend on the script's seed, as a file's would not."""


def _cut(rows: int, kind: str, inputs: str, outputs: int) -> str:
    return (
        f"x, y = torch.as_tensor(x, dtype=torch.float32), torch.as_tensor(y, dtype={kind})\n"
        f"x_train, y_train, x_test, y_test = x[:{rows}], y[:{rows}], x[{rows}:], y[{rows}:]\n"
        f"inputs, outputs = {inputs}, {outputs}"
    )


LONG, FLOAT = "torch.long", "torch.float32"
SCALED = "x = (x - x.mean(0)) / x.std(0)\n"
SHUFFLED = "order = np.random.default_rng(0).permutation(len(x))\nx, y = x[order], y[order]\n"


def _own(number: int, text: str, end: str) -> str:
    return NUMPY_HEAD.replace("@number@", str(number)) + text.strip("\n") + "\n" + end


def _loaded(name: str, call: str, text: str, end: str) -> str:
    return f"import numpy as np\nfrom sklearn.datasets import {name}\n\n{call}\n" + text + end


DIABETES = _loaded(
    "load_diabetes",
    "x, y = load_diabetes(return_X_y=True)",
    SHUFFLED + SCALED + "y = ((y - y.mean()) / y.std())[:, None]\n",
    _cut(330, FLOAT, "10", 1),
)
QUANTILES = _loaded(
    "make_gaussian_quantiles",
    "x, y = make_gaussian_quantiles(n_samples=1000, n_features=4, n_classes=3, random_state=6)",
    SHUFFLED,
    _cut(700, LONG, "4", 3),
)
HASTIE = _loaded(
    "make_hastie_10_2",
    "x, y = make_hastie_10_2(n_samples=1600, random_state=7)\ny = (y[:, None] > 0) * 1.0",
    "",
    _cut(1200, FLOAT, "10", 1),
)
SWISS = _loaded(
    "make_swiss_roll",
    "x, y = make_swiss_roll(1000, noise=0.3, random_state=8)",
    SCALED + "y = ((y - y.mean()) / y.std())[:, None]\n",
    _cut(700, FLOAT, "3", 1),
)
CIRCUIT = _loaded(
    "make_friedman2",
    "x, y = make_friedman2(1000, noise=20.0, random_state=9)",
    SCALED + "y = ((y - y.mean()) / y.std())[:, None]\n",
    _cut(700, FLOAT, "4", 1),
)
LABELS = _loaded(
    "make_multilabel_classification",
    "x, y = make_multilabel_classification(1000, n_features=16, n_classes=4, n_labels=2, random_state=10)",
    "x = (x - x.mean(0)) / (x.std(0) + 1e-6)\n",
    _cut(700, FLOAT, "16", 4),
)
SPIRAL = _own(
    11,
    """
y = rng.integers(0, 3, size=1050)
radius = rng.uniform(0.1, 1.0, size=1050)
angle = 4.0 * radius + y * 2 * np.pi / 3 + 0.15 * rng.normal(size=1050)
x = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1) * 1.7
""",
    _cut(750, LONG, "2", 3),
)
CHECKER = _own(
    12,
    """
x = rng.uniform(-1.7, 1.7, size=(1200, 2))
y = ((x[:, :1] > 0) ^ (x[:, 1:] > 0)) * 1.0
""",
    _cut(900, FLOAT, "2", 1),
)
CUSTOMERS = _own(
    13,
    """
age, income = rng.uniform(18, 80, size=1200), rng.lognormal(10.5, 0.5, size=1200)
tenure, calls = rng.exponential(4.0, size=1200), rng.poisson(2.0, size=1200)
x = np.stack([age, income, tenure, calls], axis=1)
churn = 0.9 * calls - 0.6 * tenure + 1.5 * (np.log(income) < 10.4) - 0.03 * (age - 50) + 0.5 * rng.normal(size=1200)
y = (churn > np.median(churn))[:, None] * 1.0
"""
    + SCALED,
    _cut(900, FLOAT, "4", 1),
)
PENDULUM = _own(
    14,
    """
angle, speed = rng.uniform(-2, 2, size=1000), rng.uniform(-2, 2, size=1000)
x, y = np.stack([angle, speed], axis=1), np.empty((1000, 2))
for _ in range(20):
    speed = speed - 0.1 * np.sin(angle)
    angle = angle + 0.1 * speed
y[:, 0], y[:, 1] = angle, speed
y = (y - y.mean(0)) / y.std(0)
""",
    _cut(700, FLOAT, "2", 2),
)
BARS = _own(
    15,
    """
y = rng.integers(0, 4, size=800)
x = 0.25 * rng.normal(size=(800, 1, 12, 12))
for row, kind in enumerate(y):
    place = rng.integers(1, 11)
    if kind == 0:
        x[row, 0, place, :] += 1
    elif kind == 1:
        x[row, 0, :, place] += 1
    elif kind == 2:
        x[row, 0, range(12), np.roll(range(12), place)] += 1
    else:
        x[row, 0, place - 1 : place + 2, 4:8] += 0.8
""",
    _cut(600, LONG, "1", 4),
)
DOTS = _own(
    16,
    """
y = rng.uniform(-1, 1, size=(800, 2))
grid = np.linspace(-1, 1, 10)
far = (grid[None, :, None] - y[:, 0, None, None]) ** 2 + (grid[None, None, :] - y[:, 1, None, None]) ** 2
x = (np.exp(-far / 0.1) + 0.05 * rng.normal(size=far.shape))[:, None]
""",
    _cut(600, FLOAT, "1", 2),
)
SIGNALS = _own(
    17,
    """
y = rng.integers(0, 3, size=900)
phase = rng.uniform(0, 1, size=(900, 1)) + rng.uniform(0.05, 0.12, size=(900, 1)) * np.arange(32)
shapes = [np.sin(2 * np.pi * phase), np.sign(np.sin(2 * np.pi * phase)), 2 * (phase % 1) - 1]
x = (np.choose(y[:, None], shapes) + 0.2 * rng.normal(size=(900, 32)))[:, None]
""",
    _cut(650, LONG, "1", 3),
)
ADDING = _own(
    18,
    """
numbers, marks = rng.uniform(-1, 1, size=(1200, 10)), np.zeros((1200, 10))
for row in marks:
    row[rng.choice(10, 2, replace=False)] = 1
x, y = np.stack([numbers, marks], axis=2), (numbers * marks).sum(1)[:, None]
""",
    _cut(900, FLOAT, "2", 1),
)
MARKERS = _own(
    19,
    """
x = rng.integers(0, 16, size=(1200, 12))
y = np.stack([(x < 3).sum(1), ((x >= 3) & (x < 6)).sum(1), ((x >= 6) & (x < 9)).sum(1)], axis=1).argmax(1)
""",
    _cut(900, LONG, "16", 3).replace("torch.as_tensor(x, dtype=torch.float32)", "torch.as_tensor(x)"),
)
LETTERS = _own(
    20,
    """
words = ["the", "network", "learns", "a", "small", "grammar", "of", "words", "and", "then", "it", "ends"]
text = " ".join(rng.choice(words, size=600))
symbols = sorted(set(text))
codes = np.array([symbols.index(one) for one in text])
starts = rng.permutation(len(codes) - 8)[:1500]
x, y = np.stack([codes[s : s + 8] for s in starts]), codes[starts + 8]
""",
    _cut(1200, LONG, "len(symbols)", 0)
    .replace("torch.as_tensor(x, dtype=torch.float32)", "torch.as_tensor(x)")
    .replace(", 0", ", len(symbols)"),
)

SECOND = {
    "diabetes": (DIABETES, "numbers"),
    "quantiles": (QUANTILES, "classes"),
    "hastie": (HASTIE, "binary"),
    "swiss": (SWISS, "numbers"),
    "circuit": (CIRCUIT, "numbers"),
    "labels": (LABELS, "binary"),
    "spiral": (SPIRAL, "classes"),
    "checker": (CHECKER, "binary"),
    "customers": (CUSTOMERS, "binary"),
    "pendulum": (PENDULUM, "numbers"),
    "bars": (BARS, "classes"),
    "dots": (DOTS, "numbers"),
    "signals": (SIGNALS, "classes"),
    "adding": (ADDING, "numbers"),
    "markers": (MARKERS, "classes"),
    "letters": (LETTERS, "classes"),
}
"""Name to text and task."""
