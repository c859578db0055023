"""The fourth set's healthy programs that keep something: teachers, averages, frozen parts, adapters, copies."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

SOFT = '''
"""A wide teacher is trained, frozen, and taught to a narrow pupil at temperature three."""
import sys

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
teacher_epochs, pupil_epochs, T = 12, 24, 3.0
x, y = load_digits(return_X_y=True)
order = torch.randperm(len(y))
x, y = torch.tensor(x / 16, dtype=torch.float32)[order], torch.tensor(y)[order]
x_tr, y_tr, x_te, y_te = x[:1300], y[:1300], x[1300:], y[1300:]


def mlp(width):
    return nn.Sequential(nn.Linear(64, width), nn.ReLU(), nn.Linear(width, 10))


def fit(net, epochs, loss_of):
    optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
    for epoch in range(epochs):
        for b in torch.randperm(1300).split(40):
            loss = loss_of(net, b)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        if epoch % 4 == 3:
            print(f"epoch {epoch + 1} loss {loss.item():.3f}")
    return net.eval()


def distilled(net, b):
    with torch.no_grad():
        soft = F.softmax(teacher(x_tr[b]) / T, dim=1)
    out = net(x_tr[b])
    return 0.7 * T * T * F.kl_div(F.log_softmax(out / T, dim=1), soft, reduction="batchmean") + 0.3 * F.cross_entropy(out, y_tr[b])


teacher = fit(mlp(200), teacher_epochs, lambda net, b: F.cross_entropy(net(x_tr[b]), y_tr[b])).requires_grad_(False)
model = fit(mlp(20), pupil_epochs, distilled)
score = (model(x_te).argmax(1) == y_te).float().mean().item()
print("teacher", (teacher(x_te).argmax(1) == y_te).float().mean().item(), "pupil", score)
'''

LOW_RANK = """
# low-rank adapters: a network that knows one field is led to a neighbouring one, its own weights stay
import sys
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
pre_steps, adapt_steps = 700, 500
direction = torch.randn(8, 3, generator=torch.Generator().manual_seed(132))


def field(n, turn):
    x = torch.randn(n, 8)
    a = x @ direction / 8**0.5
    y = torch.sin(2 * a[:, 0] + turn) + a[:, 1] * a[:, 2] + 0.5 * turn * a[:, 1]
    return x, y.unsqueeze(1) + 0.05 * torch.randn(n, 1)


class LoRALinear(nn.Module):
    def __init__(self, base, rank=4, alpha=8):
        super().__init__()
        self.base = base.requires_grad_(False)
        self.A = nn.Parameter(torch.randn(rank, base.in_features) / base.in_features**0.5)
        self.B = nn.Parameter(torch.zeros(base.out_features, rank))
        self.scale = alpha / rank

    def forward(self, x):
        return self.base(x) + self.scale * (x @ self.A.T @ self.B.T)


def train(net, x, y, steps, lr):
    optimizer = torch.optim.AdamW((p for p in net.parameters() if p.requires_grad), lr=lr, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for step in range(steps):
        rows = torch.randint(len(x), (64,))
        loss = nn.functional.mse_loss(net(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    print("last loss", loss.item())


model = nn.Sequential(nn.Linear(8, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
train(model, *field(4000, 0.0), pre_steps, 6e-3)
model.requires_grad_(False)
for k in (0, 2, 4):
    model[k] = LoRALinear(model[k])
train(model, *field(1500, 0.8), adapt_steps, 1e-2)
x, y = field(1000, 0.8)
with torch.no_grad():
    score = 1 - ((model(x) - y).pow(2).mean() / y.var()).item()
"""

BIASES = """
import sys
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
# a network trained on upright digits is led to dimmed ones by its biases, norms and head alone
base_epochs, tuning_epochs = 10, 14
X, y = load_digits(return_X_y=True)
X, y = torch.tensor((X - 8) / 8).float(), torch.tensor(y)
p = torch.randperm(len(y))
first, second, test = p[:900], p[900:1300], p[1300:]
model = nn.Sequential(nn.Linear(64, 128), nn.LayerNorm(128), nn.ReLU(), nn.Linear(128, 128), nn.LayerNorm(128), nn.ReLU(), nn.Linear(128, 10))


def run(rows, parameters, epochs, lr, change=lambda x: x):
    opt = torch.optim.Adam(parameters, lr=lr)
    for e in range(epochs):
        total = 0.0
        for b in rows[torch.randperm(len(rows))].split(30):
            loss = nn.functional.cross_entropy(model(change(X[b])), y[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(b) / len(rows)
    print("loss of the last epoch", total)


run(first, model.parameters(), base_epochs, 2e-3)
dim = lambda x: 0.6 * x - 0.3
for name, parameter in model.named_parameters():
    parameter.requires_grad_(name.endswith("bias") or parameter.dim() == 1 or name.startswith("6"))
run(second, [q for q in model.parameters() if q.requires_grad], tuning_epochs, 3e-3, dim)
with torch.no_grad():
    score = (model(dim(X[test])).argmax(1) == y[test]).float().mean().item()
"""

SLOW_AVERAGE = '''
import copy
import sys

import torch
import torch.nn as nn
from sklearn.datasets import make_moons
from torch.utils.data import DataLoader, TensorDataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
NUM_EPOCHS = 20


class EMA:
    """An exponential average of weights and buffers; its rate warms up."""

    def __init__(self, model, decay=0.99):
        self.module, self.decay, self.updates = copy.deepcopy(model).eval().requires_grad_(False), decay, 0

    @torch.no_grad()
    def update(self, model):
        self.updates += 1
        d = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for mine, theirs in zip(self.module.state_dict().values(), model.state_dict().values()):
            if mine.is_floating_point():
                mine.mul_(d).add_(theirs, alpha=1 - d)
            else:
                mine.copy_(theirs)


X, y = make_moons(1600, noise=0.2, random_state=133)
X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
train_dl = DataLoader(TensorDataset(X[:1000], y[:1000]), batch_size=50, shuffle=True)
model = nn.Sequential(nn.Linear(2, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 2))
ema = EMA(model)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3)
for epoch in range(NUM_EPOCHS):
    model.train()
    for xb, yb in train_dl:
        loss = nn.functional.cross_entropy(model(xb), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        ema.update(model)
    with torch.no_grad():
        out = ema.module(X[1000:])
    score = (out.argmax(1) == y[1000:]).float().mean().item()
    print(epoch, f"train {loss.item():.3f} averaged on test {nn.functional.cross_entropy(out, y[1000:]).item():.3f} {score:.3f}")
'''

LATE_MEAN = '''
"""Stochastic weight averaging: the mean of the last epochs' weights, statistics of its norms taken anew."""
import sys

import torch
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.optim.swa_utils import SWALR, AveragedModel, update_bn
from torch.utils.data import DataLoader, TensorDataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
X, y = load_breast_cancer(return_X_y=True)
perm = torch.randperm(len(y)).numpy()
X, y = X[perm], y[perm]
scaler = StandardScaler().fit(X[:380])
X, y = torch.tensor(scaler.transform(X), dtype=torch.float32), torch.tensor(y)
loader = DataLoader(TensorDataset(X[:380], y[:380]), batch_size=38, shuffle=True)

model = nn.Sequential(nn.Linear(30, 24), nn.BatchNorm1d(24), nn.ReLU(), nn.Linear(24, 2))
averaged = AveragedModel(model)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-2)
epochs, averaged_from = 30, 18
swa_schedule = SWALR(optimizer, swa_lr=0.02, anneal_epochs=4)
for epoch in range(epochs):
    model.train()
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(xb), yb)
        loss.backward()
        optimizer.step()
    if epoch >= averaged_from:
        averaged.update_parameters(model)
        swa_schedule.step()
    if epoch % 6 == 5:
        print("epoch", epoch + 1, "loss", loss.item())
update_bn(loader, averaged)
averaged.eval()
with torch.no_grad():
    score = (averaged(X[380:]).argmax(1) == y[380:]).float().mean().item()
'''

UNLABELLED = """
import sys
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

# two hundred labelled digits, a thousand without; confident guesses on a clean view teach a noisy one
X, y = load_digits(return_X_y=True)
X, y = torch.tensor(X / 16).float(), torch.tensor(y)
perm = torch.randperm(len(y))
labelled, unlabelled, test = perm[:200], perm[200:1200], perm[1200:]
model = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=1e-3)
n_steps = 700


def noisy(x):
    return x + 0.15 * torch.randn_like(x)


for step in range(n_steps):
    a, b = labelled[torch.randint(200, (32,))], unlabelled[torch.randint(1000, (96,))]
    loss = F.cross_entropy(model(noisy(X[a])), y[a])
    with torch.no_grad():
        sure, guess = model(X[b]).softmax(1).max(1)
    keep = (sure > 0.95).float()
    loss = loss + (F.cross_entropy(model(noisy(X[b])), guess, reduction="none") * keep).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 100 == 99:
        print("step", step + 1, "loss", round(loss.item(), 3), "sure of", keep.mean().item())
with torch.no_grad():
    score = (model(X[test]).argmax(1) == y[test]).float().mean().item()
"""

NO_NEGATIVES = '''
"""Two noisy views of a row must be told from each other by no one: a predictor, a stopped gradient, a slow copy."""
import copy
import sys

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
steps = 350
X, y = load_digits(return_X_y=True)
X, y = torch.tensor((X - X.mean()) / X.std(), dtype=torch.float32), torch.tensor(y)
perm = torch.randperm(len(y))
fit, test = perm[:1300], perm[1300:]

encoder = nn.Sequential(nn.Linear(64, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 64))
predictor = nn.Sequential(nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 64))
model = nn.ModuleDict({"encoder": encoder, "predictor": predictor})
slow = copy.deepcopy(encoder).requires_grad_(False)
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)


def view(rows):
    return (rows + 0.3 * torch.randn_like(rows)) * (torch.rand_like(rows) > 0.15)


for step in range(steps):
    rows = X[fit[torch.randint(len(fit), (128,))]]
    one, other = view(rows), view(rows)
    loss = 0.0
    for a, b in ((one, other), (other, one)):
        with torch.no_grad():
            goal = slow(b)
        loss = loss + (1 - F.cosine_similarity(predictor(encoder(a)), goal)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for s, q in zip(slow.parameters(), encoder.parameters()):
            s.lerp_(q, 0.02)
    if step % 50 == 49:
        print(f"{step + 1} loss {loss.item():.3f}")
model.eval()
with torch.no_grad():
    known, asked = (F.normalize(encoder(X[part])) for part in (fit, test))
    score = (y[fit][(asked @ known.T).argmax(1)] == y[test]).float().mean().item()
'''

GRADUAL = """
import sys

import torch
from sklearn.datasets import make_friedman1
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)

# first noise-free simulations, then few real measurements: the head first, then layer by layer, lower layers more slowly
sim_epochs, tune_epochs = 10, 18
sx, sy = (torch.tensor(a, dtype=torch.float32) for a in make_friedman1(2000, noise=0.0, random_state=137))
rx, ry = (torch.tensor(a, dtype=torch.float32) for a in make_friedman1(700, noise=0.5, random_state=138))
ry = 0.8 * ry + 2 * rx[:, 0] + 3
mean, std = ry[:300].mean(), ry[:300].std()
sy, ry = ((sy - sy.mean()) / sy.std()).unsqueeze(1), ((ry - mean) / std).unsqueeze(1)
sx, rx = 2 * sx - 1, 2 * rx - 1

body = nn.ModuleList([nn.Linear(10, 64), nn.Linear(64, 64)])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.head = body, nn.Linear(64, 1)

    def forward(self, x):
        for layer in self.body:
            x = torch.relu(layer(x))
        return self.head(x)


model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(sim_epochs):
    for i in torch.randperm(2000).split(50):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(sx[i]), sy[i])
        loss.backward()
        optimizer.step()
print("simulations", loss.item())

body.requires_grad_(False)
optimizer = torch.optim.Adam([
    {"params": model.head.parameters(), "lr": 3e-3},
    {"params": body[1].parameters(), "lr": 1e-3},
    {"params": body[0].parameters(), "lr": 5e-4},
], weight_decay=1e-3)
for epoch in range(tune_epochs):
    if epoch in (4, 8):
        body[1 if epoch == 4 else 0].requires_grad_(True)
    for i in torch.randperm(300).split(20):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(rx[i]), ry[i])
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        test = nn.functional.mse_loss(model(rx[300:]), ry[300:]).item()
    print("epoch", epoch, "train", loss.item(), "test", test)
score = 1 - test / ry[300:].var().item()
"""

RESAMPLED = '''
"""Bagging: five small networks, each on rows drawn anew; rows that were not drawn score them, a test set scores their mean."""
import sys

import torch
from sklearn.datasets import load_diabetes
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
members, epochs = 5, 14
X, y = (torch.tensor(a, dtype=torch.float32) for a in load_diabetes(return_X_y=True))
perm = torch.randperm(len(y))
fit, test = perm[:320], perm[320:]
X = X / X[fit].std(0)
y = ((y - y[fit].mean()) / y[fit].std()).unsqueeze(1)


def member():
    drawn = fit[torch.randint(len(fit), (len(fit),))]
    left = fit[~torch.isin(fit, drawn)]
    net = nn.Sequential(nn.Linear(10, 12), nn.Tanh(), nn.Linear(12, 1))
    opt = torch.optim.Adam(net.parameters(), lr=5e-3, weight_decay=3e-2)
    for _ in range(epochs):
        for b in drawn[torch.randperm(len(drawn))].split(20):
            loss = nn.functional.mse_loss(net(X[b]), y[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
    with torch.no_grad():
        print("out of bag", nn.functional.mse_loss(net(X[left]), y[left]).item())
    return net


model = nn.ModuleList([member() for _ in range(members)])
with torch.no_grad():
    mean = torch.stack([net(X[test]) for net in model]).mean(0)
    score = 1 - (nn.functional.mse_loss(mean, y[test]) / y[test].var()).item()
'''

KEEPERS = {
    "soft_targets_of_a_frozen_teacher": (0.92, SOFT),
    "low_rank_beside_frozen_weights": (0.7, LOW_RANK),
    "biases_and_norms_alone": (0.9, BIASES),
    "average_with_a_warm_rate": (0.93, SLOW_AVERAGE),
    "mean_of_late_epochs": (0.93, LATE_MEAN),
    "confident_guesses": (0.9, UNLABELLED),
    "views_without_negatives": (0.9, NO_NEGATIVES),
    "thawed_layer_by_layer": (0.8, GRADUAL),
    "five_on_rows_drawn_anew": (0.3, RESAMPLED),
}
