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
