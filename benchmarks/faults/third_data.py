"""The third set's data, none of it in the first two: each text defines x_train and its like, and sizes."""
# the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

LONG, FLOAT = "torch.long", "torch.float32"
DIVIDED = """
x, y = torch.from_numpy(x).to(@x_kind@), torch.from_numpy(y).to(@y_kind@)
x_train, x_test = x[:@rows@], x[@rows@:]
y_train, y_test = y[:@rows@], y[@rows@:]
inputs, outputs = @inputs@, @outputs@
"""
UNIT = "x = (x - x.mean(axis=0)) / x.std(axis=0)\n"
UNIT_ANSWERS = "y = (y - y.mean(axis=0)) / y.std(axis=0)\n"


def _table(text: str, rows: int, kind: str, sizes: tuple[int, int], x_kind: str = FLOAT) -> str:
    end = DIVIDED.replace("@rows@", str(rows)).replace("@x_kind@", x_kind).replace("@y_kind@", kind)
    end = end.replace("@inputs@", str(sizes[0])).replace("@outputs@", str(sizes[1]))
    return text.strip("\n") + "\n" + end.strip("\n")


def _sk(name: str, call: str) -> str:
    return f"from sklearn.datasets import {name}\n\n{call}\n"


def _drawn(number: int, text: str) -> str:
    return f"import numpy as np\n\nrng = np.random.default_rng({number})\n{text.strip()}\n"


APPLICANTS = _table(
    _sk(
        "make_classification",
        "x, y = make_classification(1100, n_features=14, n_informative=7, n_redundant=2, n_classes=4,\n"
        "                           n_clusters_per_class=1, class_sep=1.6, flip_y=0.0, random_state=31)",
    )
    + UNIT,
    800,
    LONG,
    (14, 4),
)
CURVE = _table(
    _sk("make_s_curve", "x, y = make_s_curve(900, noise=0.05, random_state=32)\ny = y[:, None]") + UNIT + UNIT_ANSWERS,
    600,
    FLOAT,
    (3, 1),
)
PHASE = _table(
    _sk("make_friedman3", "x, y = make_friedman3(1000, noise=0.05, random_state=33)\ny = y[:, None]")
    + UNIT
    + UNIT_ANSWERS,
    720,
    FLOAT,
    (4, 1),
)
SCANS = _table(
    _sk("load_digits", "x, y = load_digits(return_X_y=True)\nx = (x.reshape(-1, 8, 8) / 16)[:1200]\ny = y[:1200]"),
    900,
    LONG,
    (8, 10),
)
HALVES = _table(
    _sk("load_digits", "pictures = load_digits().data[:1100] / 16\nx, y = pictures[:, :32], pictures[:, 32:]"),
    800,
    FLOAT,
    (32, 32),
)
STROKES = _table(
    _drawn(
        34,
        """
forms = np.array([
    [5, 6, 6.5, 6.75, 7, 7, 7, 7, 6.75, 6.5, 6, 5], [5, 3, 3, 3.4, 3.8, 4.2, 4.6, 5, 5.4, 5.8, 5, 5],
    [5, 6, 6.5, 6.5, 6, 5.25, 4.75, 4, 3.5, 3.5, 4, 5], [5, 6, 6.5, 6.5, 6, 5, 5, 6, 6.5, 6.5, 6, 5],
    [5, 4.4, 3.8, 3.2, 2.6, 2.6, 5, 5, 5, 5, 5, 5], [5, 3, 3, 3, 3, 5, 6, 6.5, 6.5, 6, 4.5, 5],
]) - 5
y = rng.integers(0, 6, size=900)
x = np.zeros((900, 1, 32))
for row, kind in enumerate(y):
    start = rng.integers(0, 7)
    x[row, 0, start : start + 24] = np.interp(np.linspace(0, 11, 24), np.arange(12), forms[kind])
x = x * rng.uniform(0.7, 1.2, size=(900, 1, 1)) + 0.15 * rng.normal(size=x.shape)
""",
    ),
    660,
    LONG,
    (1, 6),
)
FIRSTS = _table(
    _drawn(
        35,
        """
x = rng.integers(4, 12, size=(1100, 9))
y = rng.integers(0, 4, size=1100)
for row, kind in enumerate(y):
    early, late = np.sort(rng.choice(9, 2, replace=False))
    x[row, early], x[row, late] = kind, rng.integers(0, 4)
""",
    ),
    840,
    LONG,
    (12, 4),
    LONG,
)
RATINGS = _table(
    _drawn(
        36,
        """
users, films = rng.normal(size=(60, 2)), rng.normal(size=(40, 2))
pairs = rng.permutation(2400)[:2000]
x = np.stack([pairs // 40, pairs % 40], axis=1)
y = ((users[x[:, 0]] * films[x[:, 1]]).sum(axis=1) + users[x[:, 0], 0] + 0.2 * rng.normal(size=2000))[:, None]
""",
    )
    + UNIT_ANSWERS,
    1600,
    FLOAT,
    (60, 1),
    LONG,
)
REACTOR = _table(
    _drawn(
        37,
        """
fast, slow, hours = rng.uniform(0.8, 2.0, 1000), rng.uniform(0.1, 0.7, 1000), rng.uniform(0, 5, 1000)
left = np.exp(-fast * hours)
middle = fast / (slow - fast) * (np.exp(-fast * hours) - np.exp(-slow * hours))
x, y = np.stack([fast, slow, hours], axis=1), np.stack([left, middle, 1 - left - middle], axis=1)
""",
    )
    + UNIT
    + UNIT_ANSWERS,
    750,
    FLOAT,
    (3, 3),
)
PETALS = _table(
    _drawn(
        38,
        """
x = rng.uniform(-1.6, 1.6, size=(1200, 2))
angle, far = np.arctan2(x[:, 1], x[:, 0]), np.hypot(x[:, 0], x[:, 1])
y = 1.0 * (far < 1.1 + 0.45 * np.cos(3 * angle))[:, None]
""",
    ),
    850,
    FLOAT,
    (2, 1),
)
LOANS = _table(
    _drawn(
        39,
        """
amount, income = rng.lognormal(9.2, 0.6, 1100), rng.lognormal(10.3, 0.4, 1100)
age, late = rng.integers(19, 75, 1100), rng.poisson(1.2, 1100)
risk = 1.2 * np.log(amount / income) + 0.8 * late - 0.02 * age + 0.4 * rng.normal(size=1100)
x, y = np.stack([amount, income, age, late], axis=1), 1.0 * (risk > np.median(risk))[:, None]
""",
    )
    + UNIT,
    780,
    FLOAT,
    (4, 1),
)
TAGS = _table(
    _drawn(
        40,
        """
x = rng.normal(size=(1100, 10))
scores = x @ rng.normal(size=(10, 5)) / 3 + x[:, :5] * x[:, 5:]
y = 1.0 * (scores > 0.2)
""",
    ),
    800,
    FLOAT,
    (10, 5),
)
TIDES = _table(
    _drawn(
        41,
        """
hours = np.arange(1000)
level = np.sin(hours / 2) + 0.6 * np.sin(hours / 3.7 + 1) + 0.1 * rng.normal(size=1000)
x = np.stack([level[t : t + 24] for t in range(970)])
y = level[24:994, None]
""",
    ),
    700,
    FLOAT,
    (24, 1),
)
SHAPES = _table(
    _drawn(
        42,
        """
y = rng.integers(0, 3, size=700)
x = 0.15 * rng.normal(size=(700, 3, 12, 12))
down, right = np.mgrid[:12, :12]
for row, kind in enumerate(y):
    a, b, size = rng.integers(4, 8), rng.integers(4, 8), rng.integers(3, 5)
    near = (abs(down - a), abs(right - b))
    drawn = (np.hypot(*near) < size, abs(np.maximum(*near) - size) < 1, np.minimum(*near) < 1)[kind]
    x[row] += drawn * rng.uniform(0.5, 1.0, size=(3, 1, 1))
""",
    ),
    520,
    LONG,
    (3, 3),
)
SPOTS = _table(
    _drawn(
        43,
        """
down, right = np.mgrid[:12, :12]
place, size = rng.uniform(2, 10, size=(2, 500, 1, 1)), rng.uniform(2, 4, size=(500, 1, 1))
y = 1.0 * (np.hypot(down - place[0], right - place[1]) < size)[:, None]
x = y * rng.uniform(0.6, 1.2, size=(500, 1, 1, 1)) + 0.5 * rng.normal(size=y.shape)
""",
    ),
    360,
    FLOAT,
    (1, 1),
)
POINTS = _table(
    _drawn(
        44,
        """
y = rng.integers(0, 3, size=900)
turn, far = rng.uniform(0, 2 * np.pi, size=(900, 16)), np.ones((900, 16))
far[y == 1] = np.sqrt(rng.uniform(0, 1, size=(int((y == 1).sum()), 16)))
x = np.stack([far * np.cos(turn), far * np.sin(turn)], axis=2)
x[y == 2, :, 1] = 0.4 * x[y == 2, :, 1]
x = x + 0.08 * rng.normal(size=x.shape)
""",
    ),
    650,
    LONG,
    (2, 3),
)
RINGING = _table(
    _drawn(
        45,
        """
damping, tone = rng.uniform(0.03, 0.35, size=(900, 1)), rng.uniform(0.5, 1.2, size=(900, 1))
time = np.arange(16)
x = (np.exp(-damping * time) * np.cos(tone * time) + 0.05 * rng.normal(size=(900, 16)))[:, :, None]
y = damping
""",
    )
    + UNIT_ANSWERS,
    650,
    FLOAT,
    (1, 1),
)

THIRD = {
    "applicants": (APPLICANTS, "classes"),
    "curve": (CURVE, "numbers"),
    "phase": (PHASE, "numbers"),
    "scans": (SCANS, "classes"),
    "halves": (HALVES, "numbers"),
    "strokes": (STROKES, "classes"),
    "firsts": (FIRSTS, "classes"),
    "ratings": (RATINGS, "numbers"),
    "reactor": (REACTOR, "numbers"),
    "petals": (PETALS, "binary"),
    "loans": (LOANS, "binary"),
    "tags": (TAGS, "binary"),
    "tides": (TIDES, "numbers"),
    "shapes": (SHAPES, "classes"),
    "spots": (SPOTS, "binary"),
    "points": (POINTS, "classes"),
    "ringing": (RINGING, "numbers"),
}
"""Name to text and task."""
FLOORS = {
    "applicants": 0.75,
    "curve": 0.75,
    "phase": 0.6,
    "scans": 0.65,
    "halves": 0.4,
    "strokes": 0.8,
    "firsts": 0.7,
    "ratings": 0.45,
    "reactor": 0.75,
    "petals": 0.8,
    "loans": 0.78,
    "tags": 0.75,
    "tides": 0.85,
    "shapes": 0.8,
    "spots": 0.9,
    "points": 0.85,
    "ringing": 0.7,
}
"""The least score of a network that has learned the data: far above guessing, below what plain networks reach."""
