"""Digits that stay right when each pixel may move by a tenth: trained on the worst single step, judged on three."""
import sys

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
EPS = 0.1
X, y = load_digits(return_X_y=True)
mix = torch.randperm(len(y))
X, y = torch.tensor(X / 16, dtype=torch.float32)[mix], torch.tensor(y)[mix]
X_train, y_train, X_test, y_test = X[:1300], y[:1300], X[1300:], y[1300:]


def push(net, x, y, size, times=1):
    """Up the slope of the loss by signs, never further than EPS from where it began."""
    moved = x.clone()
    for _ in range(times):
        moved.requires_grad_(True)
        (slope,) = torch.autograd.grad(F.cross_entropy(net(moved), y), moved)
        moved = (moved.detach() + size * slope.sign()).clamp(x - EPS, x + EPS).clamp(0, 1)
    return moved


model = nn.Sequential(nn.Linear(64, 100), nn.ReLU(), nn.Linear(100, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
epochs = 25
for epoch in range(epochs):
    for rows in torch.randperm(1300).split(50):
        attacked = push(model, X_train[rows], y_train[rows], EPS)
        loss = F.cross_entropy(model(attacked), y_train[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 5 == 4:
        print(f"epoch {epoch + 1} loss {loss.item():.4f}")
model.requires_grad_(False)
attacked = push(model, X_test, y_test, EPS / 2, times=3)
clean = (model(X_test).argmax(1) == y_test).float().mean().item()
score = (model(attacked).argmax(1) == y_test).float().mean().item()
print("clean", clean, "pushed", score)
