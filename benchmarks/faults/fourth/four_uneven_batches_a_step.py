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
