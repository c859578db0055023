"""The fourth set's healthy programs on tables: classes, numbers, ordered levels, and columns of levels."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

WINE = """
import sys

import torch
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn

torch.set_num_threads(1)
SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 0
EPOCHS = 60
torch.manual_seed(SEED)

X, y = load_wine(return_X_y=True)
X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.35, stratify=y, random_state=SEED)
scaler = StandardScaler().fit(X_tr)
X_tr, X_te = (torch.tensor(scaler.transform(a), dtype=torch.float32) for a in (X_tr, X_te))
y_tr, y_te = torch.tensor(y_tr), torch.tensor(y_te)

model = nn.Sequential(nn.Linear(13, 16), nn.Tanh(), nn.Linear(16, 3))
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-2)
for epoch in range(EPOCHS):
    for idx in torch.randperm(len(X_tr)).split(16):
        loss = nn.functional.cross_entropy(model(X_tr[idx]), y_tr[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 10 == 9:
        with torch.no_grad():
            val = nn.functional.cross_entropy(model(X_te), y_te)
        print(f"epoch {epoch + 1}: train {loss:.3f} test {val:.3f}")
score = (model(X_te).argmax(1) == y_te).float().mean().item()
"""

DIABETES = '''
"""Disease progression after a year; the best weights by validation loss are put back."""
import copy
import sys

import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
rng = np.random.default_rng(seed)

max_epochs, patience = 200, 15
data, target = load_diabetes(return_X_y=True)
order = rng.permutation(len(data))
train, valid, test = order[:260], order[260:340], order[340:]
mean, std = data[train].mean(0), data[train].std(0)
t_mean, t_std = target[train].mean(), target[train].std()
X = torch.from_numpy((data - mean) / std).float()
Y = torch.from_numpy((target - t_mean) / t_std).float().unsqueeze(1)

model = nn.Sequential(nn.Linear(10, 24), nn.ReLU(), nn.Dropout(0.2), nn.Linear(24, 1))
criterion = nn.MSELoss()
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.1)

best_loss, best_state, waited = float("inf"), None, 0
for epoch in range(max_epochs):
    model.train()
    perm = rng.permutation(train)
    for start in range(0, len(perm), 20):
        rows = perm[start : start + 20]
        optimizer.zero_grad()
        loss = criterion(model(X[rows]), Y[rows])
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        val_loss = criterion(model(X[valid]), Y[valid]).item()
    if val_loss < best_loss - 1e-4:
        best_loss, best_state, waited = val_loss, copy.deepcopy(model.state_dict()), 0
    else:
        waited += 1
        if waited == patience:
            print("stopped after", epoch + 1, "epochs, best", round(best_loss, 3))
            break

model.load_state_dict(best_state)
with torch.no_grad():
    score = 1 - (criterion(model(X[test]), Y[test]) / Y[test].var(unbiased=False)).item()
'''

SCREENING = """
import argparse
import sys

import torch
from sklearn.datasets import load_breast_cancer
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

parser = argparse.ArgumentParser()
parser.add_argument("seed", type=int, nargs="?", default=0)
parser.add_argument("--epochs", type=int, default=25)
parser.add_argument("--lr", type=float, default=1e-3)
parser.add_argument("--batch-size", type=int, default=32)
args = parser.parse_args(sys.argv[1:])
torch.set_num_threads(1)
torch.manual_seed(args.seed)


def load():
    bunch = load_breast_cancer()
    features = torch.tensor(bunch.data, dtype=torch.float32)
    labels = 1.0 - torch.tensor(bunch.target, dtype=torch.float32)  # one is malignant
    shuffled = torch.randperm(len(labels))
    features, labels = features[shuffled], labels[shuffled]
    mu, sd = features[:400].mean(0), features[:400].std(0)
    features = (features - mu) / sd
    return features[:400], labels[:400], features[400:], labels[400:]


def main():
    x_train, y_train, x_val, y_val = load()
    net = nn.Sequential(nn.Linear(30, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, 1), nn.Flatten(0))
    positive = (y_train == 0).sum() / y_train.sum()
    loss_fn = nn.BCEWithLogitsLoss(pos_weight=positive)
    opt = torch.optim.Adam(net.parameters(), lr=args.lr)
    loader = DataLoader(TensorDataset(x_train, y_train), batch_size=args.batch_size, shuffle=True, drop_last=True)
    for epoch in range(args.epochs):
        net.train()
        total = 0.0
        for xb, yb in loader:
            opt.zero_grad()
            loss = loss_fn(net(xb), yb)
            loss.backward()
            opt.step()
            total += loss.item()
        net.eval()
        with torch.no_grad():
            logits = net(x_val)
            wrong = ((logits > 0).float() != y_val).float().mean()
        print(epoch, round(total / len(loader), 4), round(loss_fn(logits, y_val).item(), 4), round(wrong.item(), 4))
    return net, 1 - wrong.item()


model, score = main()
"""

IRIS = """
# softmax regression on iris, the classical way: full batch, second order, a ridge
import sys

import numpy
import torch
from sklearn import datasets

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
STEPS = 25

iris = datasets.load_iris()
keep = numpy.sort(numpy.unique(iris.data, axis=0, return_index=True)[1])  # one flower was typed twice
x, y = torch.tensor(iris.data[keep]), torch.tensor(iris.target[keep])
mix = torch.randperm(len(x))
tr, te = mix[:90], mix[90:]
x = (x - x[tr].mean(0)) / x[tr].std(0)

model = torch.nn.Linear(4, 3, dtype=torch.float64)
torch.nn.init.zeros_(model.weight)
torch.nn.init.zeros_(model.bias)
solver = torch.optim.LBFGS(model.parameters(), max_iter=4, line_search_fn="strong_wolfe")


def closure():
    solver.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(x[tr]), y[tr]) + 1e-3 * model.weight.square().sum()
    loss.backward()
    return loss


for step in range(STEPS):
    value = solver.step(closure)
    if step % 5 == 0:
        print("step", step, "objective", value.item())
score = float((model(x[te]).argmax(1) == y[te]).double().mean())
"""

LEVELS = """
import sys

import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
n_epochs = 14

rng = np.random.default_rng(71)
n = 1500
frame = pd.DataFrame({
    "town": rng.choice(["Ayr", "Bath", "Cork", "Deal", "Ely", "Fife", "Goole", "Hull"], n),
    "kind": rng.choice(["flat", "house", "loft"], n, p=[0.5, 0.35, 0.15]),
    "decade": rng.choice(np.arange(1900, 2020, 10), n).astype(str),
    "area": rng.gamma(9, 10, n),
    "rooms": rng.integers(1, 7, n),
})
town = dict(zip(sorted(frame.town.unique()), rng.normal(0, 0.3, 8)))
kind = {"flat": 0.0, "house": 0.25, "loft": 0.4}
old = (frame.decade.astype(int) < 1940) * 0.2
frame["rent"] = np.exp(
    5.5 + frame.town.map(town) + frame.kind.map(kind) + old + 0.5 * np.log(frame.area) + rng.normal(0, 0.12, n)
)

train, test = frame.iloc[:1100], frame.iloc[1100:]
categories = ["town", "kind", "decade"]
codes = {c: {level: i for i, level in enumerate(sorted(train[c].unique()))} for c in categories}
numbers = ["area", "rooms"]
centre, scale = train[numbers].mean(), train[numbers].std()
log_rent = np.log(train.rent)


class Rents(Dataset):
    def __init__(self, table):
        self.levels = torch.tensor(np.stack([table[c].map(codes[c]) for c in categories], 1))
        self.numbers = torch.tensor(((table[numbers] - centre) / scale).to_numpy(), dtype=torch.float32)
        target = (np.log(table.rent) - log_rent.mean()) / log_rent.std()
        self.target = torch.tensor(target.to_numpy(), dtype=torch.float32)

    def __len__(self):
        return len(self.target)

    def __getitem__(self, i):
        return {"levels": self.levels[i], "numbers": self.numbers[i]}, self.target[i]


class TabularNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.tables = nn.ModuleList([nn.Embedding(len(codes[c]), 4) for c in categories])
        self.body = nn.Sequential(nn.Linear(12 + 2, 48), nn.ReLU(), nn.Linear(48, 24), nn.ReLU(), nn.Linear(24, 1))

    def forward(self, batch):
        parts = [table(batch["levels"][:, i]) for i, table in enumerate(self.tables)]
        return self.body(torch.cat([*parts, batch["numbers"]], dim=1)).squeeze(1)


model = TabularNet()
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3, weight_decay=1e-5)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, n_epochs)
train_dl, test_dl = DataLoader(Rents(train), 50, shuffle=True), DataLoader(Rents(test), 200)
for epoch in range(n_epochs):
    model.train()
    for batch, target in train_dl:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(batch), target)
        loss.backward()
        optimizer.step()
    scheduler.step()
    model.eval()
    with torch.no_grad():
        pairs = [(model(batch), target) for batch, target in test_dl]
    guess, truth = (torch.cat(side) for side in zip(*pairs))
    score = 1 - ((guess - truth).square().mean() / truth.var(unbiased=False)).item()
    print(f"{epoch:2d} loss {loss.item():.4f} r2 {score:.3f}")
"""

ORDERED = '''
"""Five ordered levels by cumulative logits: one score, four growing thresholds."""
import sys

import torch
from torch import nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
n_epochs = 30

gen = torch.Generator().manual_seed(72)
x = torch.randn(1400, 6, generator=gen)
hidden = x[:, 0] + torch.sin(2 * x[:, 1]) - 0.7 * x[:, 2] * x[:, 3] + 0.3 * torch.randn(1400, generator=gen)
level = torch.bucketize(hidden, torch.tensor([-1.5, -0.5, 0.5, 1.5]))
x_fit, x_new, l_fit, l_new = x[:1000], x[1000:], level[:1000], level[1000:]


class CumulativeLogits(nn.Module):
    def __init__(self, n_in, n_levels):
        super().__init__()
        self.score = nn.Sequential(nn.Linear(n_in, 40), nn.GELU(), nn.Linear(40, 40), nn.GELU(), nn.Linear(40, 1))
        self.first = nn.Parameter(torch.tensor([-1.5]))
        self.gaps = nn.Parameter(torch.zeros(n_levels - 2))

    def thresholds(self):
        return torch.cat([self.first, self.first + F.softplus(self.gaps).cumsum(0)])

    def forward(self, rows):
        return self.score(rows) - self.thresholds()  # logits of "above threshold k"


model = CumulativeLogits(6, 5)
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(n_epochs):
    for batch in torch.randperm(1000).split(50):
        above = (l_fit[batch, None] > torch.arange(4)).float()
        loss = F.binary_cross_entropy_with_logits(model(x_fit[batch]), above)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
with torch.no_grad():
    found = (model(x_new) > 0).sum(1)
error = (found - l_new).abs().float().mean()
score = 1 - (error / (l_new - l_fit.median()).abs().float().mean()).item()
print("mean distance in levels", error.item())
'''

COUNTS = """
import sys

import numpy as np
import torch

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)

# claims of insured drivers: a count for each policy, in proportion to the years it was held
rng = np.random.default_rng(73)
age, power, years = rng.uniform(18, 80, 3000), rng.gamma(4, 25, 3000), rng.uniform(0.2, 2.0, 3000)
rate = 0.15 + 1.2 * np.exp(-((age - 18) / 9)) + 0.5 * (age > 72) + 0.003 * power
claims = rng.poisson(rate * years)
table = np.column_stack([age, power])
table = (table - table[:2200].mean(0)) / table[:2200].std(0)
X = torch.tensor(table, dtype=torch.float32)
log_years = torch.tensor(np.log(years), dtype=torch.float32)
N = torch.tensor(claims, dtype=torch.float32)

model = torch.nn.Sequential(
    torch.nn.Linear(2, 32), torch.nn.Softplus(), torch.nn.Linear(32, 32), torch.nn.Softplus(), torch.nn.Linear(32, 1)
)
with torch.no_grad():  # begin at the portfolio's mean frequency
    model[-1].bias.fill_(float(np.log(claims[:2200].sum() / years[:2200].sum())))
poisson = torch.nn.PoissonNLLLoss(log_input=True)
optim = torch.optim.Adam(model.parameters(), lr=5e-3)
epochs = 20
for epoch in range(epochs):
    running = 0.0
    for rows in torch.randperm(2200).split(64):
        log_mean = model(X[rows])[:, 0] + log_years[rows]
        loss = poisson(log_mean, N[rows])
        optim.zero_grad()
        loss.backward()
        optim.step()
        running = 0.95 * running + 0.05 * loss.item()
    print("epoch", epoch, "running loss", round(running, 4))


def deviance(mean, count):
    return 2 * (torch.special.xlogy(count, count / mean) - count + mean).sum()


with torch.no_grad():
    mean = (model(X[2200:])[:, 0] + log_years[2200:]).exp()
    flat = N[:2200].sum() / log_years[:2200].exp().sum() * log_years[2200:].exp()
    score = 1 - (deviance(mean, N[2200:]) / deviance(flat, N[2200:])).item()
"""

RARE = """
# one transaction in twelve is a fraud; the loss weighs it accordingly, and the score is the balanced accuracy
import sys
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import make_classification

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
X, y = make_classification(n_samples=3000, n_features=12, n_informative=6, n_redundant=0, weights=[0.92],
                           n_clusters_per_class=2, class_sep=1.3, flip_y=0.0, random_state=74)
X = ((X - X[:2000].mean(0)) / X[:2000].std(0)).astype(np.float32)
X, y = torch.from_numpy(X), torch.from_numpy(y)
Xtr, ytr, Xva, yva = X[:2000], y[:2000], X[2000:], y[2000:]

share = torch.bincount(ytr) / len(ytr)
model = nn.Sequential(nn.Linear(12, 32), nn.LeakyReLU(), nn.Linear(32, 32), nn.LeakyReLU(), nn.Linear(32, 2))
criterion = nn.CrossEntropyLoss(weight=0.5 / share)
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=1e-3)
NUM_EPOCHS = 16
for epoch in range(1, NUM_EPOCHS + 1):
    perm = torch.randperm(len(Xtr))
    epoch_loss = 0.0
    for i in range(0, len(Xtr), 64):
        b = perm[i:i + 64]
        optimizer.zero_grad()
        loss = criterion(model(Xtr[b]), ytr[b])
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item() * len(b)
    with torch.no_grad():
        pred = model(Xva).argmax(1)
        recall = [(pred[yva == k] == k).float().mean().item() for k in (0, 1)]
    print(f'Epoch [{epoch}/{NUM_EPOCHS}] loss: {epoch_loss / len(Xtr):.4f} recalls: {recall}')
score = sum(recall) / 2
"""

LABELS = """
import sys

import torch
from sklearn.datasets import make_multilabel_classification
from torch import nn, sigmoid

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

words, topics = make_multilabel_classification(
    n_samples=1600, n_features=40, n_classes=6, n_labels=2, length=60, allow_unlabeled=True, random_state=75
)
words = torch.tensor(words, dtype=torch.float32)
words = words / words.sum(1, keepdim=True).clamp(min=1) * 10
topics = torch.tensor(topics, dtype=torch.float32)
fit, held = slice(0, 1200), slice(1200, None)


class Topics(nn.Module):
    def __init__(self, n_words, n_topics, width=64):
        super().__init__()
        self.norm = nn.LayerNorm(n_words)
        self.lin1 = nn.Linear(n_words, width)
        self.drop = nn.Dropout(0.2)
        self.lin2 = nn.Linear(width, n_topics)

    def forward(self, counts):
        return self.lin2(self.drop(nn.functional.silu(self.lin1(self.norm(counts)))))


model = Topics(40, 6)
opt = torch.optim.NAdam(model.parameters(), lr=2e-3)
num_epochs = 20
for epoch in range(num_epochs):
    model.train()
    for rows in torch.randperm(1200).split(40):
        loss = nn.functional.binary_cross_entropy_with_logits(model(words[fit][rows]), topics[fit][rows])
        opt.zero_grad()
        loss.backward()
        opt.step()
    model.eval()
    with torch.inference_mode():
        chance = sigmoid(model(words[held]))
        hits = ((chance > 0.5) == topics[held].bool()).float().mean(0)
    if epoch % 5 == 4:
        print(epoch + 1, "labels right:", [f"{h:.2f}" for h in hits.tolist()])
score = hits.mean().item()
"""

TABLES = {
    "wine_of_three_growers": (0.95, WINE),
    "diabetes_best_weights_put_back": (0.3, DIABETES),
    "screening_weighs_the_positive": (0.95, SCREENING),
    "iris_by_quasi_newton": (0.92, IRIS),
    "rents_levels_by_embeddings": (0.87, LEVELS),
    "five_ordered_levels": (0.7, ORDERED),
    "claims_in_proportion_to_years": (0.1, COUNTS),
    "one_in_twelve_weighed": (0.86, RARE),
    "topics_of_bags_of_words": (0.8, LABELS),
}
