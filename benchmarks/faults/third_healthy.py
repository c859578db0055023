"""The third set's healthy programs: ordinary ones over a grid of data, networks, optimisers and styles."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from case import Program
from third_awkward import awkward
from third_networks import (
    bare,
    block,
    cloud,
    factors,
    masks,
    module,
    pictures,
    seq,
    series,
    strides,
    symbols,
)
from third_styles import STYLES, script

OPTIMIZERS = {
    "adam": "optim.Adam(model.parameters(), lr=0.003)",
    "adamw": "optim.AdamW(model.parameters(), lr=0.004, weight_decay=0.02)",
    "momentum": "optim.SGD(model.parameters(), lr=0.03, momentum=0.9)",
    "plain": "optim.SGD(model.parameters(), lr=0.1)",
    "nesterov": "optim.SGD(model.parameters(), lr=0.03, momentum=0.85, nesterov=True)",
    "rmsprop": "optim.RMSprop(model.parameters(), lr=0.002, alpha=0.95)",
    "nadam": "optim.NAdam(model.parameters(), lr=0.003)",
    "radam": "optim.RAdam(model.parameters(), lr=0.006)",
    "adamax": "optim.Adamax(model.parameters(), lr=0.01)",
    "adadelta": "optim.Adadelta(model.parameters(), lr=1.0)",
    "adagrad": "optim.Adagrad(model.parameters(), lr=0.05)",
}
ADAPTIVE = ("adam", "adamw", "nadam", "radam", "adamax", "rmsprop")
"""For networks that plain steps serve badly."""
TABLES = {"applicants": "10", "curve": "18", "phase": "16", "reactor": "18", "petals": "24", "loans": "8", "tags": "8",
          "tides": "9", "halves": "14"}  # fmt: skip
"""With the epochs after which one would stop."""
NETWORKS = {
    "relu": seq(44, 44),
    "single": seq(56),
    "tanh": seq(36, 36, act="nn.Tanh()"),
    "gelu": seq(40, 40, act="nn.GELU()"),
    "leaky": seq(48, 24, act="nn.LeakyReLU(0.1)"),
    "class": module(),
    "drop": seq(72, 72, after="nn.Dropout(0.1)"),
    "norm": seq(40, 40, after="nn.BatchNorm1d(@)"),
    "bare": bare("torch.randn(b, a) * (2 / a) ** 0.5"),
    "layernorm": seq(40, 40, act="nn.SiLU()", after="nn.LayerNorm(@)"),
    "elu": module("x = F.elu(self.enter(x))\nx = F.elu(self.middle(x))\nreturn self.leave(x)"),
    "softplus": seq(40, 40, act="nn.Softplus()"),
    "residual": module("x = F.relu(self.enter(x))\nx = x + F.relu(self.middle(x))\nreturn self.leave(x)"),
}
GRID = 54
STRIDE = 29
"""Coprime to the number of pairs, so that the grid's programs lie spread over all of them."""
OTHERS = [
    ("shapes", "relu", pictures(), "8"), ("shapes", "norm", pictures(norms=True), "8"), ("shapes", "gelu", pictures(act="nn.GELU()"), "8"),
    ("strokes", "relu", strides(), "10"), ("strokes", "flat", "model = nn.Sequential(nn.Flatten(), nn.Linear(32, 48), nn.ReLU(), nn.Linear(48, outputs))", "14"),
    ("scans", "gru", series("GRU", width=32), "12"), ("scans", "lstm", series("LSTM", width=40), "14"),
    ("scans", "both", series("GRU", width=24, options=", batch_first=True, bidirectional=True").replace("nn.Linear(hidden,", "nn.Linear(2 * hidden,"), "12"),
    ("ringing", "gru", series("GRU"), "16"), ("ringing", "lstm", series("LSTM"), "20"), ("firsts", "lstm", symbols(), "14"), ("firsts", "gru", symbols("GRU"), "12"),
    ("firsts", "attention", block(), "14"), ("points", "cloud", cloud(), "10"), ("points", "mean", cloud("x.mean(dim=1)"), "10"), ("spots", "masks", masks(), "8"),
    ("ratings", "factors", factors(), "10"),
]  # fmt: skip


def programs() -> list[Program]:
    """All of them."""
    return [*_tables(), *_others(), *awkward()]


def _tables() -> list[Program]:
    pairs = [(data, name) for data in TABLES for name in NETWORKS]
    return [_one(*pairs[STRIDE * number % len(pairs)], number) for number in range(GRID)]


def _one(data: str, name: str, number: int) -> Program:
    style, rule = list(STYLES)[number % len(STYLES)], list(OPTIMIZERS)[number // 2 % len(OPTIMIZERS)]
    if data == "halves":  # the mean of small squares: plain steps would need a rate of its own
        rule = ADAPTIVE[number % len(ADAPTIVE)]
    optimizer = OPTIMIZERS[rule]
    if (name, rule) == ("layernorm", "plain"):  # forty inputs of size one bound a plain step below 2 / 80
        optimizer = "optim.SGD(model.parameters(), lr=0.015)"
    epochs = int(TABLES[data])
    source = script(f"Learn {data} with a {name} network", style, data, NETWORKS[name], optimizer=optimizer,
                    epochs=str(epochs), steps=str(20 * epochs), batch=("32", "40", "24")[number % 3])  # fmt: skip
    return Program(f"third-{style}-{data}-{name}-{rule}", source)


def _others() -> list[Program]:
    made = []
    for number, (data, name, network, epochs) in enumerate(OTHERS):
        style, rule = list(STYLES)[number * 2 % len(STYLES)], ADAPTIVE[number % len(ADAPTIVE)]
        slots = {"optimizer": OPTIMIZERS[rule]}
        if data == "ratings":
            slots = {"optimizer": "optim.Adam(model.parameters(), lr=0.02, weight_decay=1e-5)"}
        source = script(
            f"Read {data}", style, data, network, epochs=epochs, steps=str(20 * int(epochs)), batch="32", **slots
        )
        made.append(Program(f"third-{style}-{data}-{name}-{rule}", source))
    return made
