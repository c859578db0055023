"""Healthy programs: ordinary ones over a grid, and the awkward ones that cry for a false alarm."""
# the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from awkward import awkward
from case import Program
from loops import script
from networks import EMBEDDING, RESIDUAL, START_LIKE_KERAS, TRANSFORMER, convolutional, module, perceptron, recurrent

ADAM = "torch.optim.Adam(model.parameters(), lr=0.005)"
OPTIMIZERS = {
    "adam": ADAM,
    "adamw": "torch.optim.AdamW(model.parameters(), lr=0.003, weight_decay=0.01)",
    "sgd": "torch.optim.SGD(model.parameters(), lr=0.1)",
    "momentum": "torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-4)",
    "nesterov": "torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9, nesterov=True)",
    "rmsprop": "torch.optim.RMSprop(model.parameters(), lr=0.002)",
    "adagrad": "torch.optim.Adagrad(model.parameters(), lr=0.05)",
    "nadam": "torch.optim.NAdam(model.parameters(), lr=0.003)",
    "adadelta": "torch.optim.Adadelta(model.parameters(), lr=1.0)",
    "radam": "torch.optim.RAdam(model.parameters(), lr=0.005)",
}
NETWORKS = {
    "relu": perceptron(64),
    "deep": perceptron(64, 64),
    "tanh": perceptron(32, 32, activation="nn.Tanh()"),
    "sigmoid": perceptron(48, activation="nn.Sigmoid()"),
    "gelu": module(48, activation="F.gelu"),
    "leaky": perceptron(48, 48, activation="nn.LeakyReLU(0.1)"),
    "selu": perceptron(32, 32, 32, activation="nn.SELU()"),
    "class": module(64),
    "drop": perceptron(96, 96, after=["nn.Dropout(0.2)"]),
    "norm": perceptron(64, 64, after=["nn.BatchNorm1d(WIDTH)"]),
    "silu": perceptron(48, 48, activation="nn.SiLU()"),
    "layernorm": perceptron(48, 48, after=["nn.LayerNorm(WIDTH)"]),
    "inplace": perceptron(48, 48, activation="nn.ReLU(inplace=True)"),
    "residual": RESIDUAL,
    "wide": perceptron(256),
    "linear": perceptron(),
}
TABLES = ("digits", "iris", "wine", "blobs", "moons", "circles", "cancer", "friedman", "wave")
CURVED = ("moons", "circles", "wave", "friedman")
FEW_ROWS = ("iris", "wine")
STYLES = ("loader", "full", "slices", "trainer")
GRID = 100
STRIDE = 37
"""Coprime to the number of combinations: the grid's programs lie spread over all of them."""


def programs() -> list[Program]:
    """All healthy programs."""
    return [*_grid(), *_others(), *awkward()]


def _grid() -> list[Program]:
    pairs = [(data, net) for data in TABLES for net in NETWORKS if not (net == "linear" and data in CURVED)]
    chosen = [(STRIDE * i) % len(pairs) for i in range(min(GRID, len(pairs)))]
    return [_ordinary(*pairs[index], number) for number, index in enumerate(chosen)]


def _ordinary(data: str, net: str, number: int) -> Program:
    style = STYLES[number % len(STYLES)]
    rule = list(OPTIMIZERS)[(number // 2) % len(OPTIMIZERS)]
    if net == "sigmoid" and data in CURVED:
        rule = "adam"  # plain descent needs thousands of steps to bend a sigmoid
    epochs = "60" if data in FEW_ROWS else "20"
    source = script(
        f"A {net} network on {data}.", style, data, NETWORKS[net],
        optimizer=OPTIMIZERS[rule], epochs=epochs, steps="400", batch="32" if number % 3 else "64",
        extra=START_LIKE_KERAS if number % 5 == 0 else "",
    )  # fmt: skip
    return Program(f"healthy-{style}-{data}-{net}-{rule}", source)


def _others() -> list[Program]:
    made = [
        ("images", convolutional(), "loader"),
        ("images", convolutional(norm="nn.BatchNorm2d(WIDTH)"), "slices"),
        ("images", convolutional(drop="nn.Dropout(0.3)"), "trainer"),
        ("images", convolutional(activation="nn.ELU()"), "slices"),
        ("images", convolutional(activation="nn.ReLU(inplace=True)", norm="nn.BatchNorm2d(WIDTH)"), "loader"),
        ("sequences", recurrent("LSTM"), "loader"),
        ("sequences", recurrent("GRU"), "slices"),
        ("sequences", recurrent("RNN"), "trainer"),
        ("sequences", recurrent("LSTM", 48), "trainer"),
        ("tokens", EMBEDDING, "loader"),
        ("tokens", EMBEDDING, "slices"),
        ("tokens", TRANSFORMER, "loader"),
        ("tokens", TRANSFORMER, "trainer"),
    ]
    return [
        Program(
            f"healthy-{style}-{data}-{number}",
            script(f"Learn {data}.", style, data, network, epochs="12", optimizer=ADAM.replace("0.005", "0.003")),
        )
        for number, (data, network, style) in enumerate(made)
    ]
