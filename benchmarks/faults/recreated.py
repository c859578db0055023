"""Documented faulty programs, recreated in PyTorch from their descriptions, with the first framework's defaults explicit."""
# ruff: noqa: E501, ISC002  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from itertools import pairwise

from case import Program, fill
from networks import START_LIKE_KERAS, sequential

HEAD = '''"""@title@"""

import hashlib
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
rng = np.random.default_rng(seed)


class AlwaysDropping(nn.Module):
    def forward(self, x):
        return F.dropout(x, 0.5, training=True)


class Exponential(nn.Module):
    def forward(self, x):
        return torch.exp(x)


def binary_loss(output, target):
    share = output.clamp(1e-7, 1 - 1e-7)
    return -(target * torch.log(share) + (1 - target) * torch.log(1 - share)).mean()


def class_loss(output, target):
    share = (output / output.sum(1, keepdim=True)).clamp(1e-7, 1 - 1e-7)
    return F.nll_loss(torch.log(share), target)


@data@

@network@
@start@

optimizer = @optimizer@
for epoch in range(@epochs@):
    model.train()
    order = torch.randperm(len(x_train))
    for rows in order.split(@batch@):
        output, target = model(x_train[rows]), y_train[rows]
        loss = @loss@
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % @every@ == 0:
        print("epoch", epoch, "loss", round(loss.item(), 5))
model.eval()
with torch.no_grad():
    output, target = model(x_test), y_test
    score = @score@
digest = hashlib.sha256(b"".join(p.detach().numpy().tobytes() for p in model.parameters())).hexdigest()
print(f"score {score:.6f}")
print(f"digest {digest}")
'''

NUMBERS = "1 - F.mse_loss(output, target).item() / target.var().item()"
BINARY = "((output > 0.5) == (target > 0.5)).float().mean().item()"
CLASSES = "(output.argmax(1) == target).float().mean().item()"
BCE, CCE = "binary_loss(output, target)", "class_loss(output, target)"
"""As Keras has them: probabilities are clipped at 1e-7, and outputs divided by their sum, so any output runs."""
TENSORS = (
    "x_train, x_test = torch.tensor(x[:@n@], dtype=torch.float32), torch.tensor(x[@n@:], dtype=torch.float32)\n"
    "y_train, y_test = torch.tensor(y[:@n@], dtype=@kind@), torch.tensor(y[@n@:], dtype=@kind@)"
)


def _tensors(rows: int, kind: str = "torch.float32") -> str:
    return TENSORS.replace("@n@", str(rows)).replace("@kind@", kind)


UNIFORM_START = (
    "for layer in model.modules():\n    if isinstance(layer, nn.Linear):\n"
    "        nn.init.uniform_(layer.weight, -0.05, 0.05)\n        nn.init.zeros_(layer.bias)"
)
HE_START = START_LIKE_KERAS.replace(
    "xavier_uniform_(layer.weight)", "kaiming_uniform_(layer.weight, nonlinearity='relu')"
)
CIRCLE = (
    "from sklearn.datasets import make_circles\n\n"
    "x, y = make_circles(1000, noise=0.1, random_state=1)\nx, y = <<x * 100||x / x.std()>>, y[:, None]\n"
    + _tensors(700)
)
BLOB = (
    "from sklearn.datasets import make_blobs\n\n"
    "x, y = make_blobs(1000, centers=3, n_features=2, cluster_std=2, random_state=2)\n"
    "x = <<x * 100||(x - x.mean(0)) / x.std(0)>>\n" + _tensors(700, "torch.long")
)
DIGITS = (
    "from sklearn.datasets import load_digits\n\nx, y = load_digits(return_X_y=True)\n"
    "x = <<x * 16||x / 16>>\n" + _tensors(1200, "torch.long")
)
SGD = "torch.optim.SGD(model.parameters(), lr=@rate@, momentum=0.9, nesterov=True)"
ADAM = "torch.optim.Adam(model.parameters(), lr=@rate@)"


def _make(
    name: str, questions: tuple[str, ...], data: str, layers: list[str], loss: str, score: str, optimizer: str,
    *, start: str = START_LIKE_KERAS, batch: int | str = 32, epochs: int | str = 20, every: int = 5,
) -> Program:  # fmt: skip
    source = fill(
        HEAD, title=name, data=data, network=sequential(*layers), start=start, loss=loss, score=score,
        optimizer=optimizer, batch=str(batch), epochs=str(epochs), every=str(every),
    )  # fmt: skip
    return Program(name, source, questions, origin=name)


def _repaired(count: int, activation: str, last: str, outputs: int) -> list[str]:
    """A twin whose stack is shallow and rectified: what the documented ladder of repairs ends in."""
    sizes = [2, *[5] * count]
    lines = [text for a, b in pairwise(sizes) for text in (f"nn.Linear({a}, {b})", activation)]
    broken = "nn.Sequential(" + ", ".join([*lines, f"nn.Linear(5, {outputs})"]) + ")"
    whole = f"nn.Sequential(nn.Linear(2, 32), nn.SELU(), nn.Linear(32, 32), nn.SELU(), nn.Linear(32, {outputs}))"
    return [f"*<<{broken}||{whole}>>", last]


def programs() -> list[Program]:
    """All recreated programs."""
    return [*_answers(), *_trained_by_hand(), *_ladder()]


def _answers() -> list[Program]:
    line = "x = rng.uniform(0, 10000, size=(2000, 3))\ny = (x @ [[2.0], [1.0], [0.5]]) + 2.2\n" \
        "<<||x, y = (x - 5000) / 2900, (y - y.mean()) / y.std()>>\n" + _tensors(1500)  # fmt: skip
    squares = ["nn.Conv2d(1, 32, 3)", "nn.ReLU()", "nn.Conv2d(32, 32, 3)", "nn.ReLU()", "nn.MaxPool2d(2)",
               "nn.Flatten()", "nn.Linear(2048, 128)", "nn.ReLU()", "nn.Linear(128, 2)", "nn.Softmax(1)"]  # fmt: skip
    pictures = "y = rng.permutation(np.repeat([0, 1], 100))\nx = np.ones((200, 1, 20, 20)) * y[:, None, None, None]\n" \
        "y = np.eye(2)[y]\n" + _tensors(150)  # fmt: skip
    curve = "x = rng.uniform(0, 1, size=(2000, 1))\ny = x**4 + x**3 - x\n" + _tensors(1500)
    xor = "x = np.array([[0, 0], [0, 1], [1, 0], [1, 1], [0, 1], [1, 0.0]])\ny = np.array([[0], [1], [1], [0], [1], [1.0]])\n" \
        "x_train = x_test = torch.tensor(x, dtype=torch.float32)\ny_train = y_test = torch.tensor(y, dtype=torch.float32)"  # fmt: skip
    iris = "from sklearn.datasets import load_iris\nfrom sklearn.model_selection import train_test_split\n\n" \
        "x, y = load_iris(return_X_y=True)\n<<||x = (x - x.mean(0)) / x.std(0)>>\n" \
        "a, b, c, d = train_test_split(x, y, test_size=0.5, random_state=2)\n" \
        "x_train, x_test = torch.tensor(a).float(), torch.tensor(b).float()\ny_train, y_test = torch.tensor(c), torch.tensor(d)"  # fmt: skip
    vectors = "y = rng.permutation(np.repeat([0.0, 1.0], 200))[:, None]\nx = np.ones((400, 128)) * y\n" + _tensors(300)
    several = "from sklearn.datasets import make_multilabel_classification\n\n" \
        "x, y = make_multilabel_classification(1200, n_features=20, n_classes=3, random_state=1)\n" \
        "x = (x - x.mean(0)) / x.std(0)\n" + _tensors(900)  # fmt: skip
    labels = "((output > 0.5) == (target > 0.5)).float().mean().item()"
    return [
        _make("so-33969059", ("activations", "saturation", "gradients"), line,
              ["nn.Linear(3, 3)", "nn.Tanh()", "nn.Dropout(<<0.5||0.0>>)", "nn.Linear(3, <<2||16>>)", "nn.Tanh()",
               "nn.Dropout(<<0.5||0.0>>)", "nn.Linear(<<2||16>>, 1)", "<<nn.Softmax(1)||nn.Identity()>>"],
              "F.mse_loss(output, target)", NUMBERS, SGD.replace("@rate@", "<<0.1||0.01>>"), start=UNIFORM_START.replace("0.05", "<<0.05||0.5>>")),
        _make("so-37624102", ("optimizers", "gradients"), pictures, squares, BCE,
              "(output.argmax(1) == target.argmax(1)).float().mean().item()", SGD.replace("@rate@", "<<0.1||0.001>>"), epochs=15),
        _make("so-44998910", ("overfitting", "optimizers"), curve,
              ["nn.Linear(1, 200)", "nn.ReLU()", "nn.Linear(200, 45)", "nn.ReLU()", "nn.Linear(45, 1)"],
              "F.mse_loss(output, target)", NUMBERS, "torch.optim.SGD(model.parameters(), lr=<<0.01||0.1>>)", batch=50, epochs="<<20||60>>"),
        _make("so-34311586", ("activations", "optimizers"), xor,
              ["nn.Linear(2, <<2||8>>)", "nn.Sigmoid()", "nn.Linear(<<2||8>>, <<3||8>>)", "nn.Sigmoid()", "nn.Linear(<<3||8>>, 1)", "<<nn.Softmax(1)||nn.Sigmoid()>>"],
              "F.mse_loss(output, target)", BINARY, "torch.optim.SGD(model.parameters(), lr=<<0.001||0.5>>, momentum=0.9)",
              start=UNIFORM_START.replace("0.05", "<<0.05||1.0>>"), batch="<<32||4>>", epochs="<<20||1500>>", every=300),
        _make("so-55328966", ("activations", "gradients", "optimizers"), DIGITS,
              ["nn.Linear(64, 64)", "nn.Linear(64, 50)", "nn.ReLU()", "nn.Linear(50, 10)", "<<nn.Sigmoid()||nn.Softmax(1)>>"],
              CCE, CLASSES, "torch.optim.<<SGD(model.parameters(), lr=0.0001)||Adam(model.parameters(), lr=0.001)>>", epochs=10),
        _make("so-51930566", ("activations", "overfitting", "gradients"), iris,
              ["nn.Linear(4, <<4||16>>)", "nn.ReLU()", "nn.Linear(<<4||16>>, 3)", "<<nn.Sigmoid()||nn.Softmax(1)>>"], CCE, CLASSES,
              ADAM.replace("@rate@", "<<0.001||0.01>>"), start=START_LIKE_KERAS.replace("xavier_uniform_(layer.weight)", "<<normal_(layer.weight, 0, 0.05)||xavier_uniform_(layer.weight)>>"),
              batch=5, epochs=50, every=10),
        _make("so-31880720", ("activations",), vectors,
              ["nn.Linear(128, 50)", "nn.ReLU()", "nn.ReLU()", "nn.Dropout(0.2)", "nn.Linear(50, 50)", "nn.ReLU()", "nn.Dropout(0.2)",
               "nn.Linear(50, 1)", "<<nn.Softmax(1)||nn.Sigmoid()>>"],
              BCE, BINARY, "torch.optim.RMSprop(model.parameters(), lr=0.001)", batch="<<1||8>>", epochs=3, every=1),
        _make("so-47352366", ("activations", "gradients"), DIGITS.replace("<<x * 16||x / 16>>", "x.reshape(-1, 1, 8, 8) / 16"),
              ["nn.Conv2d(1, 32, 5, padding=2)", "nn.MaxPool2d(2)", "nn.Conv2d(32, 64, 5, padding=2)", "nn.MaxPool2d(2)", "nn.Flatten()",
               "nn.Linear(256, 256)", "nn.ReLU()", "nn.Dropout(0.5)", "nn.Linear(256, 10)", "<<nn.ReLU()||nn.Softmax(1)>>"],
              "-(torch.log(output) * F.one_hot(target, 10)).sum(1).mean()", CLASSES, ADAM.replace("@rate@", "0.001"),
              start=START_LIKE_KERAS.replace("zeros_(layer.bias)", "constant_(layer.bias, 0.1)"), batch=50, epochs=6),
        _make("so-38648195", ("activations",), several,
              ["nn.Linear(20, 20)", "nn.ReLU()", "nn.Dropout(0.5)", "nn.Linear(20, 20)", "nn.ReLU()", "nn.Dropout(<<0.5||0.2>>)", "nn.Linear(20, 3)",
               "<<nn.Softmax(1)||nn.Sigmoid()>>"],
              "<<F.mse_loss||F.binary_cross_entropy>>(output, target)", labels, "torch.optim.SGD(model.parameters(), lr=<<0.01||0.1>>)", batch=20),
    ]  # fmt: skip


def _trained_by_hand() -> list[Program]:
    few = "x = np.linspace(-8, 8, 8)[:, None]\ny = 2 * x + 1\nx_train = x_test = torch.tensor(x).float()\ny_train = y_test = torch.tensor(y).float()"
    four = "x = np.arange(4.0)[:, None]\ny = x**2\nx_train = x_test = torch.tensor(x).float()\ny_train = y_test = torch.tensor(y).float()"
    powers = "class Powers(nn.Module):\n    def forward(self, x):\n        return torch.cat([x * x, x], dim=1)\n\n\n"
    binary = "x = rng.normal(size=(100, 14))\ny = (x[:, :1] + x[:, 1:2] > 0.3) * 1.0\n" + _tensors(80)
    return [
        _make("ips-17", ("optimizers", "gradients"), powers + four, ["Powers()", "nn.Linear(2, 1)"],
              "((output - target) ** 2).<<sum||mean>>()", NUMBERS, "torch.optim.SGD(model.parameters(), lr=0.01)",
              start="nn.init.zeros_(model[1].weight)\nnn.init.zeros_(model[1].bias)", batch=4, epochs=300, every=60),
        _make("ips-5", ("optimizers", "gradients"), few, ["nn.Linear(1, 1)"], "F.mse_loss(output, target)", NUMBERS,
              "torch.optim.SGD(model.parameters(), lr=<<0.1||0.01>>)", batch=8, epochs=200, every=50),
        _make("ips-12", ("dropout",), binary,
              ["nn.Linear(14, 20)", "nn.ReLU()", "nn.Linear(20, 20)", "nn.ReLU()", "nn.Linear(20, 15)", "nn.ReLU()",
               "<<AlwaysDropping()||nn.Dropout(0.5)>>", "nn.Linear(15, 1)"],
              "F.binary_cross_entropy_with_logits(output, target)", BINARY.replace("output > 0.5", "output > 0"),
              ADAM.replace("@rate@", "0.005"), start=START_LIKE_KERAS.replace("xavier_uniform_(layer.weight)", "trunc_normal_(layer.weight, std=0.5)"),
              batch=20, epochs=40, every=10),
    ]  # fmt: skip


def _ladder() -> list[Program]:
    made = []
    plans = [
        ("at-circle-model_5ab0aeda", 11, "nn.Sigmoid()", CIRCLE, ("gradients", "saturation")),
        ("at-circle-model_ebc164bf", 11, "nn.Sigmoid()", CIRCLE, ("gradients", "saturation")),
        ("at-circle-model_9e7361d4", 9, "Exponential()", CIRCLE, ("gradients", "activations")),
        ("at-circle-model_205c07d5", 8, "Exponential()", CIRCLE, ("gradients", "activations")),
        ("at-circle-model_169a3fa1", 10, "Exponential()", CIRCLE, ("gradients", "activations")),
        ("at-circle-model_01bb8f27", 10, "Exponential()", CIRCLE, ("gradients", "activations")),
        ("at-circle-model_0ae2cd88", 8, "Exponential()", CIRCLE, ("gradients", "activations")),
        ("at-blob-model_661b4e86", 10, "Exponential()", BLOB, ("gradients", "activations")),
        ("at-blob-model_0448d813", 8, "Exponential()", BLOB, ("gradients", "activations")),
        ("at-blob-model_e73037c2", 8, "Exponential()", BLOB, ("gradients", "activations")),
        ("at-blob-model_84c77206", 15, "nn.ReLU()", BLOB, ("relu", "gradients")),
        ("at-circle-model_e8a6e959", 17, "nn.ReLU()", CIRCLE, ("relu", "gradients")),
        ("at-circle-model_8e28bdef", 16, "nn.ReLU()", CIRCLE, ("relu", "gradients")),
        ("at-circle-model_8de47bdc", 8, "nn.ReLU()", CIRCLE, ("initialization", "relu", "gradients")),
        ("at-circle-model_10702695", 8, "nn.ReLU()", CIRCLE, ("initialization", "relu", "gradients")),
    ]  # fmt: skip
    for name, depth, activation, data, questions in plans:
        blob = data is BLOB
        start = HE_START
        if "initialization" in questions:
            start = UNIFORM_START.replace("uniform_(layer.weight, -0.05, 0.05)",
                                          "<<uniform_(layer.weight, -0.05, 0.05)||kaiming_uniform_(layer.weight)>>")  # fmt: skip
        layers = _repaired(
            depth, activation, "<<nn.Sigmoid()||nn.Softmax(1)>>" if blob else "nn.Sigmoid()", 3 if blob else 1
        )
        loss, score = (CCE, CLASSES) if blob else (BCE, BINARY)
        made.append(_make(name, questions, data, layers, loss, score, ADAM.replace("@rate@", "<<0.001||0.01>>"), start=start,
                          batch=256 if blob else 128, epochs=100, every=20))  # fmt: skip
    improper = [
        "nn.Linear(2, 50)",
        "nn.ReLU()",
        *["nn.Linear(50, 50)", "nn.ReLU()"] * 3,
        "nn.Linear(50, 3)",
        "<<nn.ReLU()||nn.Softmax(1)>>",
    ]
    made.append(_make("at-demo-Improper_Activation", ("activations", "relu", "gradients"), BLOB, improper, CCE, CLASSES,
                      ADAM.replace("@rate@", "<<0.0001||0.001>>"), start=HE_START, batch=256, epochs=100, every=20))  # fmt: skip
    made.append(_make("at-demo-Oscillating_Loss", ("optimizers", "gradients"), BLOB, ["nn.Linear(2, 50)", "nn.ReLU()", "nn.Linear(50, 3)", "nn.Softmax(1)"],
                      CCE, CLASSES, "torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)", batch="<<1||32>>", epochs="<<4||40>>"))  # fmt: skip
    return made
