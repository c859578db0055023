"""Strength by the shares of a mixture and its age, a formula of ours with five percent of noise; RMSprop, batch norm."""
import sys

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
rng = np.random.default_rng(seed + 100)


def concrete(n):
    cement = rng.uniform(100, 540, n)
    slag = rng.uniform(0, 350, n) * (rng.random(n) < 0.6)
    water = rng.uniform(120, 250, n)
    fine = rng.uniform(590, 990, n)
    age = rng.choice([3, 7, 14, 28, 56, 90, 180], n)
    ratio = water / (cement + 0.7 * slag)
    strength = 95 * np.exp(-1.6 * ratio) * (0.35 + 0.65 * np.log1p(age) / np.log1p(90)) + 0.01 * (fine - 790)
    return np.stack([cement, slag, water, fine, np.log(age)], 1), strength * rng.normal(1, 0.05, n)


x, y = concrete(1600)
x_test, y_test = concrete(600)
mean, std, level, spread = x.mean(0), x.std(0), y.mean(), y.std()


def unit(a, b):
    return torch.tensor((a - mean) / std).float(), torch.tensor((b - level) / spread).float().unsqueeze(1)


train_set = TensorDataset(*unit(x, y))
x_test, y_test = unit(x_test, y_test)
model = nn.Sequential(nn.Linear(5, 48), nn.BatchNorm1d(48), nn.ReLU(), nn.Linear(48, 48), nn.BatchNorm1d(48), nn.ReLU(), nn.Linear(48, 1))
optimizer = torch.optim.RMSprop(model.parameters(), lr=2e-3)
scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.9)
loss_fn = nn.MSELoss()
epochs = 35
for epoch in range(epochs):
    model.train()
    for xb, yb in DataLoader(train_set, batch_size=50, shuffle=True):
        optimizer.zero_grad()
        loss = loss_fn(model(xb), yb)
        loss.backward()
        optimizer.step()
    scheduler.step()
    model.eval()
    with torch.no_grad():
        held = loss_fn(model(x_test), y_test).item()
    if epoch % 7 == 6:
        print(f"{epoch + 1:3d} {loss.item():.4f} {held:.4f}")
score = 1 - held / y_test.var().item()
