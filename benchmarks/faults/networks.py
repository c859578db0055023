"""Networks as people write them, in texts that define `model`; each builder names what a fault may replace."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from collections.abc import Sequence


def sequential(*layers: str) -> str:
    """An `nn.Sequential` of the given layer expressions."""
    return "model = nn.Sequential(\n" + "".join(f"    {layer},\n" for layer in layers) + ")"


def perceptron(
    *hidden: int, activation: str = "nn.ReLU()", last: Sequence[str] = (), after: Sequence[str] = (), first: str = ""
) -> str:
    """Dense layers; `after` follows each hidden activation, `last` follows the last layer."""
    sizes = ["inputs", *map(str, hidden), "outputs"]
    layers: list[str] = [first] if first else []
    for position in range(len(sizes) - 1):
        layers.append(f"nn.Linear({sizes[position]}, {sizes[position + 1]})")
        if position < len(hidden):
            layers += [activation, *(text.replace("WIDTH", sizes[position + 1]) for text in after)]
    return sequential(*(layer for layer in [*layers, *last] if layer))


def module(width: int = 64, *, forward: str = "", init: str = "", activation: str = "F.relu") -> str:
    """A class with functional activations; `forward` replaces its body, `init` adds lines to its constructor."""
    body = forward or (
        f"hidden = {activation}(self.first(x))\nhidden = {activation}(self.second(hidden))\nreturn self.last(hidden)"
    )
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    more = "".join(f"        {line}\n" for line in init.splitlines())
    return (
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        f"        self.first = nn.Linear(inputs, {width})\n        self.second = nn.Linear({width}, {width})\n"
        f"        self.last = nn.Linear({width}, outputs)\n{more}\n    def forward(self, x):\n{lines}\n\n\nmodel = Net()"
    )


def convolutional(*, activation: str = "nn.ReLU()", norm: str = "", head: Sequence[str] = (), drop: str = "") -> str:
    """Two convolutions for 8 × 8 images."""
    layers = [
        "nn.Conv2d(inputs, 8, 3, padding=1)", norm.replace("WIDTH", "8"), activation, "nn.MaxPool2d(2)",
        "nn.Conv2d(8, 16, 3, padding=1)", norm.replace("WIDTH", "16"), activation, "nn.MaxPool2d(2)",
        "nn.Flatten()", drop, "nn.Linear(64, outputs)", *head,
    ]  # fmt: skip
    return sequential(*(layer for layer in layers if layer))


RECURRENT = """
class Reader(nn.Module):
    def __init__(self, width=@width@):
        super().__init__()
        self.cell = nn.@cell@(inputs, width, batch_first=True)
        self.head = nn.Linear(width, outputs)

    def forward(self, x):
        states, _ = self.cell(x)
        return self.head(states[:, -1])


model = Reader()
"""

EMBEDDING = """
class Words(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.table = nn.Embedding(inputs, width)
        self.hidden = nn.Linear(width, 32)
        self.head = nn.Linear(32, outputs)

    def forward(self, x):
        vectors = self.table(x)
        return self.head(torch.relu(self.hidden(vectors)).sum(dim=1))


model = Words()
"""

TRANSFORMER = """
class Attention(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.table = nn.Embedding(inputs, width)
        layer = nn.TransformerEncoderLayer(width, 2, 32, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2)
        self.head = nn.Linear(width, outputs)

    def forward(self, x):
        return self.head(self.encoder(self.table(x)).mean(dim=1))


model = Attention()
"""

RESIDUAL = """
class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.inner = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, width))

    def forward(self, x):
        return x + self.inner(self.norm(x))


model = nn.Sequential(nn.Linear(inputs, 32), Block(32), Block(32), Block(32), nn.LayerNorm(32), nn.Linear(32, outputs))
"""


def recurrent(cell: str = "LSTM", width: int = 24) -> str:
    """A recurrent layer and a dense head on its last state."""
    return RECURRENT.replace("@cell@", cell).replace("@width@", str(width))


START_LIKE_KERAS = """
for layer in model.modules():
    if isinstance(layer, (nn.Linear, nn.Conv2d)):
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)
"""
