"""The second set's healthy programs: ordinary ones over a grid of data, networks, optimisers and styles."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from case import Program
from second_awkward import awkward
from second_networks import BAG, attention, by_hand, encoder, lenet, memory, mlp, net, signal, words
from second_styles import STYLES, script

OPTIMIZERS = {
    "adam": "torch.optim.Adam(model.parameters(), lr=0.004)",
    "adamw": "torch.optim.AdamW(model.parameters(), lr=0.006, weight_decay=0.05)",
    "momentum": "torch.optim.SGD(model.parameters(), lr=0.04, momentum=0.9)",
    "nesterov": "torch.optim.SGD(model.parameters(), lr=0.03, momentum=0.9, nesterov=True, weight_decay=1e-4)",
    "rmsprop": "torch.optim.RMSprop(model.parameters(), lr=0.0015)",
    "nadam": "torch.optim.NAdam(model.parameters(), lr=0.004)",
    "adamax": "torch.optim.Adamax(model.parameters(), lr=0.008)",
    "amsgrad": "torch.optim.Adam(model.parameters(), lr=0.005, amsgrad=True, betas=(0.85, 0.99))",
    "radam": "torch.optim.RAdam(model.parameters(), lr=0.008)",
    "adagrad": "torch.optim.Adagrad(model.parameters(), lr=0.04)",
}
TABLES = ("quantiles", "hastie", "swiss", "circuit", "labels", "spiral", "checker", "customers", "pendulum", "diabetes")
NOISY = {"diabetes": "5", "labels": "6", "customers": "8", "hastie": "20"}
"""Data whose noise a network would learn by heart: fewer epochs, and a smaller network, as one would."""
NETWORKS = {
    "relu": mlp(40, 40),
    "single": mlp(64),
    "tanh": mlp(32, 32, act="nn.Tanh()"),
    "gelu": net("x = F.gelu(self.fc1(x))\nx = F.gelu(self.fc2(x))\nreturn self.out(x)"),
    "leaky": mlp(48, 24, act="nn.LeakyReLU(0.05)"),
    "class": net(width=56),
    "drop": mlp(80, 80, after=", nn.Dropout(0.1)"),
    "norm": mlp(48, 48, after=", nn.BatchNorm1d(b)"),
    "hand": by_hand("torch.randn(n_in, n_out) * (2 / n_in) ** 0.5"),
    "layernorm": mlp(40, 40, act="nn.SiLU()", after=", nn.LayerNorm(b)"),
    "elu": mlp(32, 32, 32, act="nn.ELU()"),
    "mish": mlp(40, 40, act="nn.Mish(inplace=True)"),
    "prelu": mlp(40, 40, act="nn.PReLU()"),
    "celu": mlp(36, 36, act="nn.CELU()"),
}
LITTLE = {"relu": mlp(16), "tanh": mlp(12, act="nn.Tanh()"), "class": net(width=16), "drop": mlp(32, after=", nn.Dropout(0.2)"), "norm": mlp(16, after=", nn.BatchNorm1d(b)")}  # fmt: skip
OTHERS = [
    ("bars", "relu", lenet()), ("bars", "elu", lenet(act="F.elu")), ("dots", "leaky", lenet(act="F.leaky_relu")), ("dots", "silu", lenet(act="F.silu")),
    ("bars", "norm", lenet(init="self.norm = nn.BatchNorm2d(8)").replace("F.relu(self.conv1(x))", "F.relu(self.norm(self.conv1(x)))")),
    ("dots", "drop", lenet(middle="x = F.dropout(x.flatten(1), 0.05, self.training)")),
    ("signals", "relu", signal()), ("signals", "gelu", signal(act="nn.GELU()")), ("signals", "norm", signal(norm="nn.BatchNorm1d(12),", norm2="nn.BatchNorm1d(24),")),
    ("signals", "group", signal(norm="nn.GroupNorm(3, 12),", norm2="nn.GroupNorm(3, 24),")), ("signals", "tanh", signal(act="nn.Tanh()")),
    ("adding", "gru", memory()), ("adding", "lstm", memory("LSTM", width=32)), ("adding", "both", memory(options=", batch_first=True, bidirectional=True", width=16).replace("nn.Linear(width,", "nn.Linear(2 * width,")),
    ("markers", "bag", BAG), ("markers", "attention", attention()), ("markers", "encoder", encoder()), ("letters", "tanh", words()),
    ("letters", "relu", words("x = x.flatten(1)\nreturn self.head(torch.relu(self.hidden(x)))")),
    ("letters", "gru", words("x, _ = self.read(x)\nreturn self.head(x[:, -1])").replace("self.hidden = nn.Linear(96, 48)", "self.read = nn.GRU(width, 48, batch_first=True)")),
]  # fmt: skip
GRID = 110
STRIDE = 41
"""Coprime to the number of pairs, so that the grid's programs lie spread over all of them."""


def programs() -> list[Program]:
    """All of them."""
    return [*_tables(), *_shapes(), *awkward()]


def _tables() -> list[Program]:
    pairs = [(data, name) for data in TABLES for name in (LITTLE if data in NOISY else NETWORKS)]
    return [_one(*pairs[STRIDE * i % len(pairs)], i) for i in range(min(GRID, len(pairs)))]


def _one(data: str, name: str, number: int) -> Program:
    style, rule = list(STYLES)[number % len(STYLES)], list(OPTIMIZERS)[number // 3 % len(OPTIMIZERS)]
    network = (LITTLE if data in NOISY else NETWORKS)[name]
    epochs = NOISY.get(data, "20")
    source = script(f"Fit {data} by a {name} network.", style, data, network, optimizer=OPTIMIZERS[rule], epochs=epochs,
                    steps=str(24 * int(epochs) + 60), batch=("25", "48", "16")[number % 3])  # fmt: skip
    return Program(f"second-{style}-{data}-{name}-{rule}", source)


def _shapes() -> list[Program]:
    made = []
    for number, (data, name, network) in enumerate(OTHERS):
        for turn in range(2):
            style = list(STYLES)[(number + 2 * turn + number // 4) % len(STYLES)]
            rule = ("adam", "adamw", "nadam", "amsgrad", "rmsprop")[(number + turn) % 5]
            source = script(
                f"Read {data}.", style, data, network, optimizer=OPTIMIZERS[rule], epochs="10", steps="300", batch="32"
            )
            made.append(Program(f"second-{style}-{data}-{name}-{rule}", source))
    return made
