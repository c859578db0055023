"""The third set's networks: listed, as classes, by parameters; for pictures, strokes, series, symbols, points."""
# the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from case import fill

MODULE = """
class Net(nn.Module):
    def __init__(self, width=@width@):
        super().__init__()
        self.enter = nn.Linear(inputs, width)
        self.middle = nn.Linear(width, width)
        self.leave = nn.Linear(width, outputs)
        @init@

    def forward(self, x):
        @body@


model = Net()
"""
BODY = "x = F.relu(self.enter(x))\nx = F.relu(self.middle(x))\nreturn self.leave(x)"

BARE = """
class Bare(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        pairs = list(zip(sizes[:-1], sizes[1:]))
        self.weights = nn.ParameterList([nn.Parameter(@weight@) for a, b in pairs])
        self.biases = nn.ParameterList([nn.Parameter(@bias@) for _, b in pairs])

    def forward(self, x):
        for depth, (weight, bias) in enumerate(zip(self.weights, self.biases)):
            x = F.linear(x, weight, bias)
            if depth < len(self.weights) - 1:
                x = @act@(x)
        return x


model = Bare([inputs, @width@, @width@, outputs])
"""

PICTURES = """
class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(inputs, 8, 3, padding=1),
            @norm@
            @act@,
            nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3, padding=1),
            @norm2@
            @act@,
            nn.AdaptiveAvgPool2d(3),
        )
        self.classifier = nn.Sequential(@drop@nn.Linear(144, 32), @act@, nn.Linear(32, outputs)@last@)

    def forward(self, x):
        x = self.features(x)
        @flat@
        return self.classifier(x)


model = ConvNet()
"""

STRIDES = """
class Strided(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.conv_in = nn.Conv1d(inputs, width, 7, stride=2, padding=3)
        self.conv_mid = nn.Conv1d(width, width, 5, stride=2, padding=2)
        self.conv_out = nn.Conv1d(width, width, 3, padding=1)
        self.head = nn.Linear(8 * width, outputs)
        @init@

    def forward(self, x):
        @body@


model = Strided()
"""
STRIDES_BODY = (
    "x = F.relu(self.conv_in(x))\nx = F.relu(self.conv_mid(x))\nx = F.relu(self.conv_out(x))\n"
    "return self.head(x.flatten(1))"
)

SERIES = """
class Series(nn.Module):
    def __init__(self, hidden=@width@):
        super().__init__()
        self.cell = nn.@cell@(inputs, hidden@options@)
        self.readout = nn.Linear(hidden, outputs)

    def forward(self, x):
        @read@


model = Series()
"""

SYMBOLS = """
class Symbols(nn.Module):
    def __init__(self, width=@width@):
        super().__init__()
        self.table = nn.Embedding(inputs, width)
        self.reader = nn.@cell@(width, width, batch_first=True)
        self.answer = nn.Linear(width, outputs)

    def forward(self, x):
        states, _ = self.reader(self.table(x))
        @end@


model = Symbols()
"""

BLOCK = """
class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm_a, self.norm_b = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attend = nn.MultiheadAttention(width, heads, @options@)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, x):
        y = self.norm_a(x)
        x = x + self.attend(y, y, y, need_weights=False)[0]
        return x + self.mlp(self.norm_b(x))


class Transformer(nn.Module):
    def __init__(self, width=16, depth=@depth@):
        super().__init__()
        self.embed = nn.Embedding(inputs, width)
        self.position = nn.Embedding(x_train.shape[1], width)
        self.blocks = nn.Sequential(*[Block(width, 2) for _ in range(depth)])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(x_train.shape[1] * width, outputs)

    def forward(self, x):
        x = self.embed(x) + self.position(torch.arange(x.shape[1]))
        x = self.norm(self.blocks(x))
        @end@


model = Transformer()
"""

FACTORS = """
class Factors(nn.Module):
    def __init__(self, rank=4):
        super().__init__()
        self.user, self.film = nn.Embedding(60, rank), nn.Embedding(40, rank)
        self.user_bias, self.film_bias = nn.Embedding(60, 1), nn.Embedding(40, 1)
        @init@

    def forward(self, x):
        user, film = x[:, 0], x[:, 1]
        product = (self.user(user) * self.film(film)).sum(1, keepdim=True)
        return @end@


model = Factors()
"""

TABLES = "for table in (self.user, self.film):\n    nn.init.normal_(table.weight, std=0.3)"

MASKS = """
class Masks(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.down = nn.Conv2d(inputs, width, 3, stride=2, padding=1)
        self.deep = nn.Conv2d(width, 2 * width, 3, padding=1)
        self.up = nn.ConvTranspose2d(2 * width, width, 2, stride=2)
        self.last = nn.Conv2d(width + inputs, outputs, 3, padding=1)

    def forward(self, x):
        low = @act@(self.down(x))
        deep = @act@(self.deep(low))
        high = torch.cat([@act@(self.up(deep)), x], dim=1)
        return @end@


model = Masks()
"""

CLOUD = """
class Cloud(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.each = nn.Sequential(nn.Linear(inputs, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU())
        self.all = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, outputs))

    def forward(self, x):
        x = self.each(x)
        return self.all(@pool@)


model = Cloud()
"""


def seq(*hidden: int | str, act: str = "nn.ReLU()", after: str = "", last: str = "", first: str = "") -> str:
    """Layers listed one by one; `after` is put behind each activation and may name the width `@`."""
    lines, before = [first] if first else [], "inputs"
    for width in hidden:
        lines += [f"nn.Linear({before}, {width}),", f"{act},"]
        lines += [after.replace("@", str(width)) + ","] if after else []
        before = str(width)
    lines += [f"nn.Linear({before}, outputs),"] + ([last] if last else [])
    return "model = nn.Sequential(\n" + "".join(f"    {line}\n" for line in lines) + ")"


def module(body: str = BODY, *, init: str = "", width: int = 44) -> str:
    """A class with three named layers and whatever its forward does."""
    return fill(MODULE, body=body, init=init, width=str(width))


def bare(weight: str, *, bias: str = "torch.zeros(b)", act: str = "F.relu", width: int = 40) -> str:
    """Bare parameters; `weight` names its sizes `b, a`."""
    return fill(BARE, weight=weight, bias=bias, act=act, width=str(width))


def pictures(
    *, act: str = "nn.ReLU()", norms: bool = False, drop: str = "", last: str = "", flat: str = "x = x.flatten(1)"
) -> str:
    """Features and a classifier, as the model zoo writes them; `drop` ends in a comma, `last` begins with one."""
    norm, norm2 = ("nn.BatchNorm2d(8),", "nn.BatchNorm2d(16),") if norms else ("", "")
    return fill(PICTURES, act=act, norm=norm, norm2=norm2, drop=drop, last=last, flat=flat)


def strides(body: str = STRIDES_BODY, init: str = "") -> str:
    """Strided convolutions along time."""
    return fill(STRIDES, body=body, init=init)


def series(cell: str = "LSTM", *, width: int = 24, options: str = ", batch_first=True", read: str = "") -> str:
    """A recurrent layer whose last output is read."""
    read = read or "out, _ = self.cell(x)\nreturn self.readout(out[:, -1, :])"
    return fill(SERIES, cell=cell, width=str(width), options=options, read=read)


def symbols(cell: str = "LSTM", *, width: int = 24, end: str = "return self.answer(states[:, -1])") -> str:
    """An embedding and a recurrent reader."""
    return fill(SYMBOLS, cell=cell, width=str(width), end=end)


def block(options: str = "batch_first=True", end: str = "return self.head(x.flatten(1))", depth: int = 1) -> str:
    """Pre-norm blocks around torch's own attention."""
    return fill(BLOCK, options=options, end=end, depth=str(depth))


def factors(init: str = TABLES, end: str = "product + self.user_bias(user) + self.film_bias(film)") -> str:
    """Users times films."""
    return fill(FACTORS, init=init, end=end)


def masks(end: str = "self.last(high)", act: str = "F.relu") -> str:
    """Down, up, and a picture of answers."""
    return fill(MASKS, end=end, act=act)


def cloud(pool: str = "x.amax(dim=1)") -> str:
    """Each point alone, then all of them."""
    return fill(CLOUD, pool=pool)
