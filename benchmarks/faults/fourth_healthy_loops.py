"""The fourth set's healthy programs whose loops, layers or optimisers are written by hand."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

FUNCTIONAL = '''
"""No optimiser and no backward: torch.func gives the gradient of a pure function, the update is a line."""
import sys

import torch
from sklearn.datasets import load_iris
from torch import nn
from torch.func import functional_call, grad_and_value, vmap

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
epochs, rate = 60, 0.1
data, label = load_iris(return_X_y=True)
mix = torch.randperm(len(label))
x, y = torch.tensor(data, dtype=torch.float32)[mix], torch.tensor(label)[mix]
x = (x - x[:100].mean(0)) / x[:100].std(0)

model = nn.Sequential(nn.Linear(4, 12), nn.Tanh(), nn.Linear(12, 3))
weights = {name: p.detach().clone() for name, p in model.named_parameters()}


def loss_of_one(weights, row, answer):
    return nn.functional.cross_entropy(functional_call(model, weights, (row,)), answer)


per_row = vmap(grad_and_value(loss_of_one), in_dims=(None, 0, 0))
for epoch in range(epochs):
    for rows in torch.randperm(100).split(20):
        slopes, losses = per_row(weights, x[rows], y[rows])
        weights = {name: w - rate * (slopes[name].mean(0) + 1e-3 * w) for name, w in weights.items()}
    if epoch % 10 == 9:
        print("epoch", epoch + 1, "loss", losses.mean().item())
model.load_state_dict(weights)
score = (model(x[100:]).argmax(1) == y[100:]).float().mean().item()
'''

OWN_RULE = '''
import sys

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


class Bent(torch.autograd.Function):
    """x where positive, a fifth of tanh(x) elsewhere, with its own slope."""

    @staticmethod
    def forward(ctx, x):
        low = torch.tanh(x)
        ctx.save_for_backward(x, low)
        return torch.where(x > 0, x, 0.2 * low)

    @staticmethod
    def backward(ctx, upstream):
        x, low = ctx.saved_tensors
        return upstream * torch.where(x > 0, torch.ones(()), 0.2 * (1 - low**2))


class Layer(nn.Module):
    def __init__(self, n_in, n_out, bent=True):
        super().__init__()
        self.w = nn.Parameter(torch.randn(n_in, n_out) * (2 / n_in) ** 0.5)
        self.b = nn.Parameter(torch.zeros(n_out))
        self.bent = bent

    def forward(self, x):
        x = torch.addmm(self.b, x, self.w)
        return Bent.apply(x) if self.bent else x


def saddle(n):
    x = 4 * torch.rand(n, 2) - 2
    return x, (x[:, :1] ** 2 - x[:, 1:] ** 2) / 2 + 0.1 * torch.randn(n, 1)


x_train, y_train = saddle(900)
x_test, y_test = saddle(400)
model = nn.Sequential(Layer(2, 40), Layer(40, 40), Layer(40, 1, bent=False))
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
num_epochs = 30
for epoch in range(num_epochs):
    for i in torch.randperm(900).split(30):
        loss = (model(x_train[i]) - y_train[i]).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            print(epoch + 1, loss.item(), (model(x_test) - y_test).square().mean().item())
with torch.no_grad():
    score = 1 - ((model(x_test) - y_test).square().mean() / y_test.var()).item()
'''

WAVES = '''
"""A picture as a function of place: sine units, started as their authors say; every fourth pixel is held out."""
import sys
import math

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
STEPS, OMEGA = 500, 10.0


class Sine(nn.Module):
    def __init__(self, n_in, n_out, first=False):
        super().__init__()
        self.linear = nn.Linear(n_in, n_out)
        bound = 1 / n_in if first else math.sqrt(6 / n_in) / OMEGA
        nn.init.uniform_(self.linear.weight, -bound, bound)

    def forward(self, x):
        return torch.sin(OMEGA * self.linear(x))


line = torch.linspace(-1, 1, 48)
place = torch.cartesian_prod(line, line)
value = torch.sin(6 * place[:, 0]) * torch.cos(5 * place[:, 1]) + torch.tanh(8 * (place[:, 0] * place[:, 1]))
value = value.unsqueeze(1)
held = torch.rand(len(place)) < 0.25
x, y, x_held, y_held = place[~held], value[~held], place[held], value[held]
model = nn.Sequential(Sine(2, 48, first=True), Sine(48, 48), nn.Linear(48, 1))
nn.init.uniform_(model[2].weight, -0.1, 0.1)
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for step in range(STEPS):
    rows = torch.randint(len(x), (256,))
    loss = (model(x[rows]) - y[rows]).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 100 == 0:
        print(step, loss.item())
with torch.no_grad():
    score = 1 - ((model(x_held) - y_held).pow(2).mean() / y_held.var()).item()
'''

TWELVE_DEEP = '''
import sys
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


class Fixup(nn.Module):
    """A residual block that begins as the identity: no norm is needed, however deep."""

    def __init__(self, width, depth):
        super().__init__()
        self.a, self.b = nn.Linear(width, width), nn.Linear(width, width)
        with torch.no_grad():
            self.a.weight.mul_(depth**-0.5)
        nn.init.zeros_(self.b.weight)
        nn.init.zeros_(self.b.bias)

    def forward(self, x):
        return x + self.b(torch.relu(self.a(x)))


class Deep(nn.Module):
    def __init__(self, depth=12, width=24):
        super().__init__()
        self.enter, self.leave = nn.Linear(6, width), nn.Linear(width, 1)
        self.blocks = nn.ModuleList([Fixup(width, depth) for _ in range(depth)])

    def forward(self, x):
        x = torch.relu(self.enter(x))
        for k in range(0, len(self.blocks), 4):
            part = nn.Sequential(*self.blocks[k : k + 4])
            x = checkpoint(part, x, use_reentrant=False) if self.training else part(x)
        return self.leave(x)


g = torch.Generator().manual_seed(144)
x = torch.randn(1500, 6, generator=g)
y = torch.sin(2 * x[:, :1]) + x[:, 1:2] * x[:, 2:3] + 0.1 * torch.randn(1500, 1, generator=g)
y = (y - y[:1100].mean()) / y[:1100].std()
model = Deep()
epochs = 9
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.05)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=epochs * 22)
for epoch in range(epochs):
    model.train()
    for rows in torch.randperm(1100).split(50):
        loss = nn.functional.mse_loss(model(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    model.eval()
    with torch.no_grad():
        test = nn.functional.mse_loss(model(x[1100:]), y[1100:]).item()
    print("epoch", epoch, "train", loss.item(), "test", test)
score = 1 - test / y[1100:].var().item()
'''

WIDE = """
# two thousand units where twenty would do, half precision in the forward pass, gradients clipped
import sys
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
x, y = load_digits(return_X_y=True)
x, y = torch.tensor(x / 16, dtype=torch.float32), torch.tensor(y)
order = torch.randperm(len(y))
fit, held = order[:1300], order[1300:]
model = nn.Sequential(nn.Linear(64, 2048), nn.ReLU(), nn.Linear(2048, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=5e-4)
N_EPOCHS = 8
for epoch in range(N_EPOCHS):
    for rows in fit[torch.randperm(len(fit))].split(65):
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = nn.functional.cross_entropy(model(x[rows]), y[rows])
        loss.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimizer.step()
    with torch.no_grad():
        score = (model(x[held]).argmax(1) == y[held]).float().mean().item()
    print(f"epoch {epoch} loss {loss.item():.4f} norm {norm.item():.3f} held-out accuracy {score:.3f}")
"""

SHARPNESS = '''
import sys

import torch
from sklearn.datasets import make_circles
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)


class SAM(torch.optim.Optimizer):
    """Go up to where the loss is worst nearby, take the gradient there, and step from where one was."""

    def __init__(self, params, rho=0.05, **kwargs):
        super().__init__(params, dict(rho=rho))
        self.base = torch.optim.SGD(self.param_groups[0]["params"], **kwargs)

    @torch.no_grad()
    def step(self, closure):
        with torch.enable_grad():
            loss = closure()
        params = [p for group in self.param_groups for p in group["params"]]
        norm = torch.stack([p.grad.norm() for p in params]).norm() + 1e-12
        moves = [p.grad * (self.param_groups[0]["rho"] / norm) for p in params]
        torch._foreach_add_(params, moves)
        with torch.enable_grad():
            closure()
        torch._foreach_sub_(params, moves)
        self.base.step()
        return loss


X, y = make_circles(1300, noise=0.08, factor=0.6, random_state=146)
X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
model = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1), nn.Flatten(0))
optimizer = SAM(model.parameters(), rho=0.05, lr=0.1, momentum=0.9)
max_epochs = 22
for epoch in range(max_epochs):
    for idx in torch.randperm(900).split(45):

        def closure():
            model.zero_grad()
            loss = nn.functional.binary_cross_entropy_with_logits(model(X[idx]), y[idx])
            loss.backward()
            return loss

        loss = optimizer.step(closure)
    if epoch % 5 == 4:
        print("epoch", epoch + 1, "loss", loss.item())
with torch.no_grad():
    score = ((model(X[900:]) > 0).float() == y[900:]).float().mean().item()
'''

SIGNS = '''
"""An optimiser of one's own: the sign of an interpolated momentum, decay apart from it."""
import sys

import torch
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


class Lion(torch.optim.Optimizer):
    def __init__(self, params, lr=3e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.add_((b1 * m + (1 - b1) * p.grad).sign(), alpha=-group["lr"])
                m.lerp_(p.grad, 1 - b2)


X, y = load_digits(return_X_y=True)
p = torch.randperm(len(y)).numpy()
X, y = X[p], y[p]
pca = PCA(24, whiten=False).fit(X[:1300])
X = torch.tensor(pca.transform(X) / 16, dtype=torch.float32)
y = torch.tensor(y)
model = nn.Sequential(nn.Linear(24, 64), nn.GELU(), nn.Linear(64, 10))
optimizer = Lion(model.parameters(), lr=2e-3, weight_decay=0.1)
EPOCHS = 24
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
for epoch in range(EPOCHS):
    seen, mean_loss = 0, 0.0
    for b in torch.randperm(1300).split(50):
        loss = nn.functional.cross_entropy(model(X[:1300][b]), y[:1300][b])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        seen += 1
        mean_loss += (loss.item() - mean_loss) / seen
    scheduler.step()
    print("epoch", epoch, "mean loss", mean_loss)
with torch.no_grad():
    score = (model(X[1300:]).argmax(1) == y[1300:]).float().mean().item()
'''

STREAM = '''
import sys

import torch
from torch import nn
from torch.utils.data import DataLoader, IterableDataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
total_steps, eval_every = 320, 80


class Signals(IterableDataset):
    """Fresh rows without end: a sum of two waves, and how fast the slower one is."""

    def __init__(self, seed):
        self.seed = seed

    def __iter__(self):
        g = torch.Generator().manual_seed(self.seed)
        t = torch.arange(32) / 32
        while True:
            f = 1 + 3 * torch.rand((), generator=g)
            fast = 6 + 4 * torch.rand((), generator=g)
            phase = 6.2832 * torch.rand(2, generator=g)
            x = torch.sin(6.2832 * f * t + phase[0]) + 0.5 * torch.sin(6.2832 * fast * t + phase[1])
            yield x + 0.1 * torch.randn(32, generator=g), (f - 2.5) / 0.87


model = nn.Sequential(
    nn.Unflatten(1, (1, 32)), nn.Conv1d(1, 16, 7, stride=2, padding=3), nn.ReLU(),
    nn.Conv1d(16, 16, 5, stride=2, padding=2), nn.ReLU(), nn.Flatten(), nn.Linear(128, 32), nn.ReLU(), nn.Linear(32, 1), nn.Flatten(0),
)
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
held_x, held_y = next(iter(DataLoader(Signals(10_000 + seed), batch_size=400)))
stream = iter(DataLoader(Signals(seed), batch_size=32))
average = None
for step in range(1, total_steps + 1):
    x, y = next(stream)
    loss = nn.functional.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    average = loss.item() if average is None else 0.98 * average + 0.02 * loss.item()
    if step % eval_every == 0:
        model.eval()
        with torch.no_grad():
            held = nn.functional.mse_loss(model(held_x), held_y).item()
        model.train()
        print(f"step {step} running loss {average:.4f} held out {held:.4f}")
score = 1 - held / held_y.var().item()
'''

TRAINER = '''
"""A trainer with callbacks, as one writes it for the third project."""
import copy
import sys
from dataclasses import dataclass, field

import torch
from sklearn.datasets import load_wine
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset


@dataclass
class Config:
    seed: int = 0
    epochs: int = 40
    batch_size: int = 20
    lr: float = 5e-3
    weight_decay: float = 1e-2
    history: list = field(default_factory=list)


class WineData(Dataset):
    def __init__(self):
        raw = load_wine()
        self.x, self.y = torch.tensor(raw.data, dtype=torch.float32), torch.tensor(raw.target)

    def scale_by(self, indices):
        mean, std = self.x[indices].mean(0), self.x[indices].std(0)
        self.x = (self.x - mean) / std

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return {"features": self.x[i], "target": self.y[i]}


class KeepBest:
    def __init__(self):
        self.loss, self.state = float("inf"), None

    def on_epoch_end(self, trainer, logs):
        if logs["val_loss"] < self.loss:
            self.loss, self.state = logs["val_loss"], copy.deepcopy(trainer.model.state_dict())

    def on_end(self, trainer):
        trainer.model.load_state_dict(self.state)


class Printer:
    def on_epoch_end(self, trainer, logs):
        if logs["epoch"] % 10 == 0:
            print({k: round(v, 4) for k, v in logs.items()})

    def on_end(self, trainer):
        print("done")


class Trainer:
    def __init__(self, model, config, callbacks):
        self.model, self.config, self.callbacks = model, config, callbacks
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=config.lr, weight_decay=config.weight_decay)

    def training_step(self, batch):
        return nn.functional.cross_entropy(self.model(batch["features"]), batch["target"])

    def fit(self, train_loader, val_loader):
        for epoch in range(self.config.epochs):
            self.model.train()
            losses = []
            for batch in train_loader:
                loss = self.training_step(batch)
                self.optimizer.zero_grad()
                loss.backward()
                self.optimizer.step()
                losses.append(loss.item())
            logs = {"epoch": epoch, "loss": sum(losses) / len(losses), **self.evaluate(val_loader, "val")}
            self.config.history.append(logs)
            for callback in self.callbacks:
                callback.on_epoch_end(self, logs)
        for callback in self.callbacks:
            callback.on_end(self)

    @torch.no_grad()
    def evaluate(self, loader, name):
        self.model.eval()
        loss, right, n = 0.0, 0, 0
        for batch in loader:
            out = self.model(batch["features"])
            loss += nn.functional.cross_entropy(out, batch["target"], reduction="sum").item()
            right += (out.argmax(1) == batch["target"]).sum().item()
            n += len(out)
        return {f"{name}_loss": loss / n, f"{name}_accuracy": right / n}


def main():
    config = Config(seed=int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    torch.set_num_threads(1)
    torch.manual_seed(config.seed)
    data = WineData()
    train, val, test = torch.randperm(len(data)).split([90, 40, 48])
    data.scale_by(train)
    train_loader = DataLoader(Subset(data, train.tolist()), config.batch_size, shuffle=True)
    val_loader, test_loader = (DataLoader(Subset(data, part.tolist()), 64) for part in (val, test))
    model = nn.Sequential(nn.Linear(13, 24), nn.ReLU(), nn.Dropout(0.2), nn.Linear(24, 3))
    trainer = Trainer(model, config, [KeepBest(), Printer()])
    trainer.fit(train_loader, val_loader)
    return model, trainer.evaluate(test_loader, "test")["test_accuracy"]


if __name__ == "__main__":
    model, score = main()
'''

ONE_WRITES_ANOTHER = """
# one network writes the weights of another: a family of curves, each known by a few of its points
import sys
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
H = 16


class Hyper(nn.Module):
    def __init__(self):
        super().__init__()
        self.point = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64))
        self.write = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 3 * H + 1))

    def forward(self, known, x):
        w = self.write(self.point(known).mean(1))
        w1, b1, w2, b2 = w.split([H, H, H, 1], dim=1)
        h = torch.tanh(x * w1[:, None] + b1[:, None])
        return (h * w2[:, None]).sum(2, keepdim=True) + b2[:, None]


def curves(n):
    height, shift = 0.5 + torch.rand(n, 1, 1), 3 * torch.rand(n, 1, 1)
    x = 4 * torch.rand(n, 24, 1) - 2
    y = height * torch.sin(x + shift) + 0.05 * torch.randn(n, 24, 1)
    return torch.cat([x, y], 2)[:, :12], x[:, 12:], y[:, 12:]


model = Hyper()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
N_STEPS = 700
schedule = torch.optim.lr_scheduler.PolynomialLR(optimizer, N_STEPS)
for step in range(N_STEPS):
    known, x, y = curves(48)
    loss = nn.functional.mse_loss(model(known, x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    schedule.step()
    if step % 150 == 0:
        print(step, loss.item())
with torch.no_grad():
    known, x, y = curves(500)
    score = 1 - ((model(known, x) - y).square().mean() / y.var()).item()
"""

GATHERED = '''
"""Four small batches a step: the mean over all their rows, whatever the size of the last; the rate warms up and falls."""
import sys
import math

import torch
from sklearn.datasets import make_gaussian_quantiles
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
epochs, micro, gather, peak = 24, 15, 4, 0.01

X, y = make_gaussian_quantiles(n_samples=1500, n_features=4, n_classes=3, random_state=152)
X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
loader = DataLoader(TensorDataset(X[:1010], y[:1010]), batch_size=micro, shuffle=True)
model = nn.Sequential(nn.Linear(4, 48), nn.SiLU(), nn.LayerNorm(48), nn.Linear(48, 48), nn.SiLU(), nn.Linear(48, 3))
optimizer = torch.optim.AdamW(model.parameters(), lr=peak, weight_decay=1e-2)
total, step = epochs * math.ceil(len(loader) / gather), 0


def rate(step):
    warm = total // 10
    return peak * (step + 1) / warm if step < warm else peak * 0.5 * (1 + math.cos(math.pi * (step - warm) / (total - warm)))


for epoch in range(epochs):
    batches = list(loader)
    for k in range(0, len(batches), gather):
        group = batches[k : k + gather]
        rows = sum(len(b) for _, b in group)
        optimizer.zero_grad()
        for xb, yb in group:
            loss = nn.functional.cross_entropy(model(xb), yb, reduction="sum") / rows
            loss.backward()
        for param_group in optimizer.param_groups:
            param_group["lr"] = rate(step)
        optimizer.step()
        step += 1
    if epoch % 6 == 5:
        with torch.no_grad():
            print("epoch", epoch + 1, "test loss", nn.functional.cross_entropy(model(X[1010:]), y[1010:]).item())
with torch.no_grad():
    score = (model(X[1010:]).argmax(1) == y[1010:]).float().mean().item()
'''

LOOPS = {
    "gradients_of_a_pure_function": (0.9, FUNCTIONAL),
    "slope_of_ones_own": (0.9, OWN_RULE),
    "picture_as_waves": (0.9, WAVES),
    "twelve_blocks_from_identity": (0.85, TWELVE_DEEP),
    "two_thousand_units_in_half": (0.94, WIDE),
    "up_first_then_down": (0.9, SHARPNESS),
    "signs_of_a_momentum": (0.93, SIGNS),
    "fresh_rows_without_end": (0.8, STREAM),
    "trainer_with_callbacks": (0.9, TRAINER),
    "weights_written_by_another": (0.85, ONE_WRITES_ANOTHER),
    "four_uneven_batches_a_step": (0.85, GATHERED),
}
