"""The fourth set's healthy programs on numbers: noise, quantiles, times, pairs, rows with gaps, folds within folds."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

NOISY = '''
"""Yearly yield from soil: seven tenths of the variance is weather, which no column knows."""
import sys

import torch
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
EPOCHS = 8

source = torch.Generator().manual_seed(81)
soil = torch.rand(4000, 5, generator=source) * 2 - 1
signal = soil[:, 0] + 0.8 * soil[:, 1] - 0.6 * soil[:, 2].abs()
signal = (signal - signal.mean()) / signal.std()
harvest = (0.3**0.5 * signal + 0.7**0.5 * torch.randn(4000, generator=source)).unsqueeze(1)
train_set, test_set = random_split(TensorDataset(soil, harvest), [2800, 1200], torch.Generator().manual_seed(seed))

model = torch.nn.Sequential(torch.nn.Linear(5, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.004, weight_decay=1e-4)
mse = torch.nn.MSELoss()
for epoch in range(EPOCHS):
    for x, y in DataLoader(train_set, batch_size=64, shuffle=True):
        optimizer.zero_grad()
        loss = mse(model(x), y)
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        x, y = next(iter(DataLoader(test_set, batch_size=len(test_set))))
        score = 1 - (mse(model(x), y) / y.var()).item()
    print(f"epoch {epoch} test R2 {score:.3f}")
'''

PINBALL = '''
import sys

import numpy as np
import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
rng = np.random.default_rng(82)

levels = torch.tensor([0.1, 0.5, 0.9])
x = rng.uniform(-2, 2, (2400, 1))
y = np.sin(1.5 * x) + (0.15 + 0.25 * (x + 2)) * rng.standard_normal((2400, 1))
x, y = torch.tensor(x, dtype=torch.float), torch.tensor(y, dtype=torch.float)
x_tr, y_tr, x_te, y_te = x[:1600], y[:1600], x[1600:], y[1600:]


def pinball(found, truth):
    gap = truth - found
    return torch.maximum(levels * gap, (levels - 1) * gap).mean()


class Quantiles(nn.Module):
    """The middle one, and what is added to and taken from it: they cannot cross."""

    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(1, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh())
        self.middle, self.around = nn.Linear(48, 1), nn.Linear(48, 2)

    def forward(self, x):
        h = self.trunk(x)
        m, (down, up) = self.middle(h), nn.functional.softplus(self.around(h)).split(1, dim=1)
        return torch.cat([m - down, m, m + up], dim=1)


model = Quantiles()
opt = torch.optim.Adam(model.parameters(), lr=0.005)
sched = torch.optim.lr_scheduler.StepLR(opt, step_size=8, gamma=0.5)
n_epochs = 30
for epoch in range(n_epochs):
    for ids in torch.randperm(len(x_tr)).split(64):
        opt.zero_grad()
        loss = pinball(model(x_tr[ids]), y_tr[ids])
        loss.backward()
        opt.step()
    sched.step()
with torch.no_grad():
    flat = torch.quantile(y_tr, levels).expand(len(y_te), 3)
    inside = (y_te < model(x_te)).float().mean(0)
    print("share of answers below each:", inside.tolist())
    score = 1 - (pinball(model(x_te), y_te) / pinball(flat, y_te)).item()
'''

TWO_BRANCHES = """
# mixture density network, inverse of x = t + 0.3 sin(2 pi t): several t for one x
import math
import sys

import torch

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
STEPS = 1000
t = torch.rand(3000, 1)
x = t + 0.3 * torch.sin(2 * math.pi * t) + 0.05 * torch.randn(3000, 1)
train_x, train_t, test_x, test_t = x[:2200], t[:2200], x[2200:], t[2200:]


class MDN(torch.nn.Module):
    def __init__(self, parts=5):
        super().__init__()
        self.body = torch.nn.Sequential(torch.nn.Linear(1, 40), torch.nn.Tanh(), torch.nn.Linear(40, 40), torch.nn.Tanh())
        self.head = torch.nn.Linear(40, 3 * parts)
        self.parts = parts

    def log_likelihood(self, x, t):
        share, mean, log_sd = self.head(self.body(x)).chunk(3, dim=1)
        log_sd = log_sd.clamp(-4, 2)
        each = -0.5 * ((t - mean) / log_sd.exp()) ** 2 - log_sd - 0.5 * math.log(2 * math.pi)
        return torch.logsumexp(share.log_softmax(1) + each, dim=1)


model = MDN()
opt = torch.optim.Adam(model.parameters(), lr=0.012)
lr = torch.optim.lr_scheduler.CosineAnnealingLR(opt, STEPS)
for step in range(STEPS):
    b = torch.randint(len(train_x), (128,))
    nll = -model.log_likelihood(train_x[b], train_t[b]).mean()
    opt.zero_grad()
    nll.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    opt.step()
    lr.step()
    if step % 200 == 199:
        with torch.no_grad():
            print(step + 1, "train", -nll.item(), "test", model.log_likelihood(test_x, test_t).mean().item())
with torch.no_grad():
    score = model.log_likelihood(test_x, test_t).mean().item()
"""

CENSORED = """
import sys

import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)

# time until a pump fails (Weibull); many are still running when the study closes
rng = np.random.default_rng(83)
cov = rng.normal(size=(1800, 6)).astype("float32")
log_scale = 0.8 * cov[:, 0] - 0.6 * np.abs(cov[:, 1]) + 0.4 * cov[:, 2] * cov[:, 3]
failure = np.exp(log_scale) * rng.weibull(1.6, size=1800)
closing = rng.uniform(0.3, 3.0, size=1800)
seen = torch.tensor(failure <= closing).float()
time = torch.tensor(np.minimum(failure, closing), dtype=torch.float32)
cov = torch.tensor(cov)


class Weibull(nn.Module):
    def __init__(self):
        super().__init__()
        self.log_scale = nn.Sequential(nn.Linear(6, 32), nn.SiLU(), nn.Linear(32, 32), nn.SiLU(), nn.Linear(32, 1))
        self.log_shape = nn.Parameter(torch.zeros(()))

    def forward(self, rows):
        return self.log_scale(rows).squeeze(-1)


def negative_log_likelihood(model, rows, time, seen):
    shape, log_scale = model.log_shape.exp(), model(rows)
    log_ratio = time.log() - log_scale
    log_hazard = model.log_shape + (shape - 1) * log_ratio - log_scale
    return -(seen * log_hazard - (shape * log_ratio).exp()).mean()


model = Weibull()
opt = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-2)
num_epochs = 18
for epoch in range(num_epochs):
    for b in torch.randperm(1300).split(50):
        loss = negative_log_likelihood(model, cov[b], time[b], seen[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        held = negative_log_likelihood(model, cov[1300:], time[1300:], seen[1300:])
    print(epoch, loss.item(), held.item())


def concordance(risk, time, seen):
    earlier = (time[:, None] < time[None]) & seen[:, None].bool()
    return (risk[:, None] > risk[None])[earlier].float().mean().item()


with torch.no_grad():
    score = concordance(-model(cov[1300:]), time[1300:], seen[1300:])
"""

COMPARED = '''
"""RankNet: only which of two is better is ever told."""
import sys

import torch
from sklearn.datasets import load_diabetes
from torch import nn

torch.set_num_threads(1)
gen_seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(gen_seed)

X, y = (torch.tensor(a, dtype=torch.float32) for a in load_diabetes(return_X_y=True))
X = X / X.std(0)
perm = torch.randperm(len(X))
tr, te = perm[:320], perm[320:]

model = nn.Sequential(nn.Linear(10, 12), nn.ReLU(), nn.Linear(12, 1, bias=False))
opt = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=3e-3)
n_steps = 700
for step in range(n_steps):
    i, j = tr[torch.randint(320, (64,))], tr[torch.randint(320, (64,))]
    different = y[i] != y[j]
    i, j = i[different], j[different]
    margin = (model(X[i]) - model(X[j])).squeeze(1)
    loss = nn.functional.softplus(-margin * torch.sign(y[i] - y[j])).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(f"step {step} pair loss {loss.item():.3f}")
with torch.no_grad():
    s = model(X[te]).squeeze(1)
    pairs = y[te][:, None] > y[te][None]
    score = (s[:, None] > s[None])[pairs].float().mean().item()
'''

GAPS = """
import sys
import numpy as np
import torch

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
rng = np.random.default_rng(84)

# eight sensors share three causes; a fifth of the readings are lost
causes = rng.normal(size=(1600, 3))
full = causes @ rng.normal(size=(3, 8)) + 0.2 * rng.normal(size=(1600, 8))
answer = np.tanh(causes[:, 0]) + 0.5 * causes[:, 1] * causes[:, 2] + 0.1 * rng.normal(size=1600)
table = np.where(rng.random(full.shape) < 0.2, np.nan, full)

train, test = table[:1150], table[1150:]
mean, std = np.nanmean(train, 0), np.nanstd(train, 0)


def prepare(part):
    known = ~np.isnan(part)
    filled = np.where(known, (part - mean) / std, 0.0)
    return torch.tensor(np.hstack([filled, known]), dtype=torch.float32)


a_mean, a_std = answer[:1150].mean(), answer[:1150].std()
answer = torch.tensor((answer - a_mean) / a_std, dtype=torch.float32)[:, None]
Xtr, Xte, ytr, yte = prepare(train), prepare(test), answer[:1150], answer[1150:]

model = torch.nn.Sequential(
    torch.nn.Linear(16, 48), torch.nn.ReLU(), torch.nn.Dropout(0.1), torch.nn.Linear(48, 48), torch.nn.ReLU(),
    torch.nn.Linear(48, 1),
)
opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.05)
epochs = 22
for epoch in range(epochs):
    model.train()
    for b in torch.randperm(len(Xtr)).split(32):
        opt.zero_grad()
        loss = torch.nn.functional.smooth_l1_loss(model(Xtr[b]), ytr[b])
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        score = 1 - (torch.mean((model(Xte) - yte) ** 2) / yte.var()).item()
    if epoch % 4 == 0:
        print(epoch, score)
"""

NESTED = '''
"""An inner split chooses the width, an outer one scores what was chosen; each has a scaler of its own."""
import sys

import numpy as np
import torch
from sklearn.datasets import load_wine
from sklearn.model_selection import StratifiedKFold, train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
epochs = 40
X, y = load_wine(return_X_y=True)


def fit(X, y, width):
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Linear(X.shape[1], width), nn.ReLU(), nn.Linear(width, 3))
    opt = torch.optim.Adam(net.parameters(), lr=0.01, weight_decay=1e-3)
    X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
    for _ in range(epochs):
        for b in torch.randperm(len(X)).split(32):
            opt.zero_grad()
            nn.functional.cross_entropy(net(X[b]), y[b]).backward()
            opt.step()
    return net


@torch.no_grad()
def accuracy(net, X, y):
    return (net(torch.tensor(X, dtype=torch.float32)).argmax(1).numpy() == y).mean()


results = []
for rest, held in StratifiedKFold(3, shuffle=True, random_state=seed).split(X, y):
    inner, val, y_inner, y_val = train_test_split(X[rest], y[rest], test_size=0.3, stratify=y[rest], random_state=seed)
    scaler = StandardScaler().fit(inner)
    tried = {w: accuracy(fit(scaler.transform(inner), y_inner, w), scaler.transform(val), y_val) for w in (2, 8, 24)}
    width = max(tried, key=tried.get)
    scaler = StandardScaler().fit(X[rest])
    model = fit(scaler.transform(X[rest]), y[rest], width)
    results.append(accuracy(model, scaler.transform(X[held]), y[held]))
    print("width", width, "held-out accuracy", results[-1])
score = float(np.mean(results))
'''

KFOLD = """
import sys

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import KFold

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
n_epochs, n_folds = 15, 5
X, y = load_breast_cancer(return_X_y=True)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = torch.nn.Linear(30, 20)
        self.out = torch.nn.Linear(20, 1)

    def forward(self, x):
        return self.out(torch.tanh(self.hidden(x))).squeeze(-1)


found = np.empty(len(y))
for fold, (fit, held) in enumerate(KFold(n_folds, shuffle=True, random_state=seed).split(X)):
    torch.manual_seed(100 * seed + fold)
    mean, std = X[fit].mean(0), X[fit].std(0)
    rows, answers = torch.tensor((X[fit] - mean) / std).float(), torch.tensor(y[fit]).float()
    model = Net()
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3, weight_decay=1e-3)
    for epoch in range(n_epochs):
        for b in torch.randperm(len(rows)).split(32):
            optimizer.zero_grad()
            loss = F.binary_cross_entropy_with_logits(model(rows[b]), answers[b])
            loss.backward()
            optimizer.step()
    with torch.no_grad():
        found[held] = model(torch.tensor((X[held] - mean) / std).float()).numpy()
    print(f"fold {fold}: loss {loss.item():.3f}, held out {((found[held] > 0) == y[held]).mean():.3f}")
score = float(((found > 0) == y).mean())
"""

HURDLE = """
import sys

import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

# rain of the next day: often none at all, else a lognormal amount
g = torch.Generator().manual_seed(85)
w = torch.randn(3000, 5, generator=g)
wet = torch.rand(3000, generator=g) < torch.sigmoid(1.5 * w[:, 0] + w[:, 1] ** 2 - 1.0)
amount = torch.exp(0.6 * w[:, 0] + 0.5 * torch.sin(2 * w[:, 2]) + 0.4 * torch.randn(3000, generator=g))
rain = torch.where(wet, amount, torch.zeros(()))


class Rain(nn.Module):
    def __init__(self):
        super().__init__()
        self.shared = nn.Sequential(nn.Linear(5, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU())
        self.occurs = nn.Linear(32, 1)
        self.log_amount = nn.Linear(32, 1)

    def forward(self, weather):
        h = self.shared(weather)
        return self.occurs(h)[:, 0], self.log_amount(h)[:, 0]


def losses(out, rain):
    logit, log_amount = out
    is_wet = rain > 0
    occurrence = F.binary_cross_entropy_with_logits(logit, is_wet.float())
    size = F.mse_loss(log_amount[is_wet], rain[is_wet].log())
    return occurrence, size


model = Rain()
optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)
max_epoch = 20
for epoch in range(max_epoch):
    for b in torch.randperm(2200).split(64):
        occurrence, size = losses(model(w[b]), rain[b])
        optimizer.zero_grad()
        (occurrence + size).backward()
        optimizer.step()
    with torch.no_grad():
        test_occurrence, test_size = losses(model(w[2200:]), rain[2200:])
    print(f"{epoch}: occurs {occurrence:.3f}/{test_occurrence:.3f} amount {size:.3f}/{test_size:.3f}")
held = rain[2200:]
score = 1 - (test_size / held[held > 0].log().var()).item()
"""

RISING = """
# a curve that may only rise, with weights that cannot be negative
import sys
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


class Rising(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.raw = nn.Parameter(torch.randn(n_out, n_in) * 0.5 - 1.0)
        self.bias = nn.Parameter(torch.randn(n_out))

    def forward(self, x):
        return x @ nn.functional.softplus(self.raw).T + self.bias


dose = torch.rand(900, 2) * 4 - 2
effect = torch.sigmoid(3 * dose[:, :1]) + 0.5 * torch.sigmoid(4 * dose[:, 1:] - 2) + 0.05 * torch.randn(900, 1)
effect = (effect - effect[:600].mean()) / effect[:600].std()
model = nn.Sequential(Rising(2, 24), nn.Tanh(), Rising(24, 12), nn.Tanh(), Rising(12, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
EPOCHS = 110
for epoch in range(EPOCHS):
    for rows in torch.randperm(600).split(50):
        loss = (model(dose[rows]) - effect[rows]).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
with torch.no_grad():
    score = 1 - ((model(dose[600:]) - effect[600:]).pow(2).mean() / effect[600:].var()).item()
"""

NUMBERS = {
    "weather_is_most_of_it": (0.24, NOISY),
    "quantiles_that_cannot_cross": (0.3, PINBALL),
    "several_answers_to_one_question": (0.9, TWO_BRANCHES),
    "still_running_at_closing": (0.76, CENSORED),
    "only_which_is_better": (0.7, COMPARED),
    "lost_readings_marked": (0.5, GAPS),
    "split_within_split": (0.95, NESTED),
    "each_fold_its_own_scale": (0.95, KFOLD),
    "rain_in_two_parts": (0.55, HURDLE),
    "weights_that_cannot_be_negative": (0.92, RISING),
}
