"""The second set's networks, written otherwise than the first's: by a function, by hand, for images, signals, words."""
# the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from case import fill

BUILD = """
def build(sizes):
    layers = [@first@]
    for a, b in zip(sizes[:-2], sizes[1:-1]):
        layers += [nn.Linear(a, b), @act@@after@]
    return nn.Sequential(*layers, nn.Linear(*sizes[-2:])@last@)


model = build([inputs, @hidden@outputs])
"""

CLASS = """
class Network(nn.Module):
    def __init__(self, n_in, n_hidden, n_out):
        super().__init__()
        self.fc1 = nn.Linear(n_in, n_hidden)
        self.fc2 = nn.Linear(n_hidden, n_hidden)
        self.out = nn.Linear(n_hidden, n_out)
        @init@

    def forward(self, x):
        @body@


model = Network(inputs, @width@, outputs)
"""
BODY = "x = torch.relu(self.fc1(x))\nx = torch.relu(self.fc2(x))\nreturn self.out(x)"

BY_HAND = """
class Affine(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.weight = nn.Parameter(@weight@)
        self.bias = nn.Parameter(torch.zeros(n_out))

    def forward(self, x):
        return x @ self.weight + self.bias


model = nn.Sequential(Affine(inputs, @width@), @act@, Affine(@width@, @width@), @act@, Affine(@width@, outputs))
"""

LENET = """
class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1)
        self.fc1 = nn.Linear(16 * (x_train.shape[-1] // 4) ** 2, 48)
        self.fc2 = nn.Linear(48, outputs)
        @init@

    def forward(self, x):
        x = F.max_pool2d(@act@(self.conv1(x)), 2)
        x = F.max_pool2d(@act@(self.conv2(x)), 2)
        @middle@
        x = @act@(self.fc1(x))
        @end@


model = LeNet()
"""

SIGNAL = """
model = nn.Sequential(
    nn.Conv1d(inputs, 12, 5, padding=2),
    @norm@
    @act@,
    nn.MaxPool1d(2),
    nn.Conv1d(12, 24, 5, padding=2),
    @norm2@
    @act@,
    nn.AdaptiveMaxPool1d(4),
    nn.Flatten(),
    nn.Linear(96, outputs),
    @last@
)
"""

MEMORY = """
class Memory(nn.Module):
    def __init__(self, width=@width@):
        super().__init__()
        self.rnn = nn.@cell@(inputs, width@options@)
        self.head = nn.Linear(width, outputs)

    def forward(self, x):
        out, _ = self.rnn(x)
        @pick@


model = Memory()
"""

WORDS = """
class Words(nn.Module):
    def __init__(self, width=12):
        super().__init__()
        self.embed = nn.Embedding(inputs, width)
        self.hidden = nn.Linear(@into@, 48)
        self.head = nn.Linear(48, outputs)

    def forward(self, x):
        x = self.embed(x)
        @body@


model = Words()
"""

ATTENTION = """
class SelfAttention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))

    def forward(self, x):
        scores = self.query(x) @ self.key(x).transpose(-2, -1) / math.sqrt(x.shape[-1])
        return @weigh@ @ self.value(x)


class Reader(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.embed = nn.Embedding(inputs, width)
        self.place = nn.Parameter(0.1 * torch.randn(x_train.shape[1], width))
        self.attend = SelfAttention(width)
        self.mlp = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 48), nn.GELU(), nn.Linear(48, width))
        self.head = nn.Linear(width, outputs)

    def forward(self, x):
        x = self.embed(x) + self.place
        x = x + self.attend(x)
        x = x + self.mlp(x)
        return self.head(x.mean(1))


model = Reader()
"""

ENCODER = """
class Encoder(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.embed = nn.Embedding(inputs, width)
        layer = nn.TransformerEncoderLayer(width, nhead=2, dim_feedforward=32, dropout=0.0@options@)
        self.encoder = nn.TransformerEncoder(layer, num_layers=1, enable_nested_tensor=False)
        self.head = nn.Linear(width, outputs)

    def forward(self, x):
        return self.head(self.encoder(self.embed(x)).mean(1))


model = Encoder()
"""


def mlp(*hidden: int | str, act: str = "nn.ReLU()", after: str = "", last: str = "", first: str = "") -> str:
    """Dense layers by a function; `after` begins with a comma and may name the width `b`."""
    sizes = "".join(f"{size}, " for size in hidden)
    return fill(BUILD, act=act, after=after, last=last, first=first, hidden=sizes)


def net(body: str = BODY, *, init: str = "", width: int = 40) -> str:
    """A class with named layers and whatever its forward does."""
    return fill(CLASS, body=body, init=init, width=str(width))


def by_hand(weight: str, *, act: str = "nn.ReLU()", width: int = 48) -> str:
    """Layers whose weights are made by hand; `weight` names `n_in` and `n_out`."""
    return fill(BY_HAND, weight=weight, act=act, width=str(width))


def lenet(
    *, act: str = "F.relu", middle: str = "x = x.flatten(1)", end: str = "return self.fc2(x)", init: str = ""
) -> str:
    """Two convolutions and two dense layers."""
    return fill(LENET, act=act, middle=middle, end=end, init=init)


def signal(*, act: str = "nn.ReLU()", norm: str = "", norm2: str = "", last: str = "") -> str:
    """Convolutions along time; norms and `last` end in a comma."""
    return fill(SIGNAL, act=act, norm=norm, norm2=norm2, last=last)


def memory(
    cell: str = "GRU",
    *,
    width: int = 24,
    options: str = ", batch_first=True",
    pick: str = "return self.head(out[:, -1])",
) -> str:
    """A recurrent layer and a head."""
    return fill(MEMORY, cell=cell, width=str(width), options=options, pick=pick)


def words(body: str = "x = x.flatten(1)\nreturn self.head(torch.tanh(self.hidden(x)))", into: str = "96") -> str:
    """An embedding and dense layers: of eight letters by default."""
    return fill(WORDS, body=body, into=into)


def attention(weigh: str = "F.softmax(scores, dim=-1)") -> str:
    """Attention written by hand."""
    return fill(ATTENTION, weigh=weigh)


def encoder(options: str = ", batch_first=True") -> str:
    """One layer of torch's own encoder."""
    return fill(ENCODER, options=options)


BAG = words("x = torch.relu(self.hidden(x)).sum(1)\nreturn self.head(x)", "12")
"""For sets of words: each is seen alone, then all are summed."""
