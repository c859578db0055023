"""Hourly demand: yesterday's and last week's hours in, the next hour out; trained on the past, scored on what came later."""
import sys

import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
n_epochs = 14

rng = np.random.default_rng(91)
hour = np.arange(24 * 90)
day = 1 + 0.5 * np.sin(2 * np.pi * (hour - 7) / 24) + 0.2 * np.sin(4 * np.pi * hour / 24)
weekend = np.where(hour // 24 % 7 >= 5, 0.7, 1.0)
slow = np.convolve(rng.normal(size=len(hour) + 23), np.ones(24) / 24, mode="valid")
demand = day * weekend + 0.4 * slow + 0.05 * rng.normal(size=len(hour))

split = int(0.75 * len(demand))
mean, std = demand[:split].mean(), demand[:split].std()
z = torch.tensor((demand - mean) / std, dtype=torch.float32)
lags = [*range(1, 25), 168]
now = torch.arange(168, len(z))
X, y = torch.stack([z[now - lag] for lag in lags], dim=1), z[now].unsqueeze(1)
X_past, y_past, X_later, y_later = X[: split - 168], y[: split - 168], X[split - 168 :], y[split - 168 :]

model = nn.Sequential(nn.Linear(25, 32), nn.ReLU(), nn.Linear(32, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(n_epochs):
    for idx in torch.randperm(len(X_past)).split(32):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(X_past[idx]), y_past[idx])
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        later = nn.functional.mse_loss(model(X_later), y_later).item()
    print(f"epoch {epoch}: later {later:.4f}, as an hour ago {(X_later[:, :1] - y_later).square().mean().item():.4f}")
score = 1 - later / y_later.var().item()
