"""Visits in an hour: small counts, a log rate, Poisson's likelihood; the share of explained deviance is the score."""
import sys

import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
rng = np.random.default_rng(seed)


def visits(n):
    hour, warm = rng.uniform(0, 24, n), rng.normal(15, 8, n)
    weekend = (rng.random(n) < 2 / 7).astype(float)
    rate = np.exp(0.4 + 0.9 * np.sin((hour - 8) * np.pi / 12) + 0.04 * (warm - 15) + 0.5 * weekend)
    x = np.stack([np.sin(hour * np.pi / 12), np.cos(hour * np.pi / 12), (warm - 15) / 8, weekend * 2 - 1], 1)
    return torch.tensor(x, dtype=torch.float32), torch.tensor(rng.poisson(rate), dtype=torch.float32)


def deviance(log_rate, count):
    safe = torch.where(count > 0, count, torch.ones(()))
    return 2 * (count * (safe.log() - log_rate) - count + log_rate.exp()).mean()


x, n = visits(2000)
x_test, n_test = visits(800)
model = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 1), nn.Flatten(0))
loss_fn = nn.PoissonNLLLoss(log_input=True)
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
epochs = 20
for epoch in range(epochs):
    for rows in torch.randperm(len(n)).split(40):
        optimizer.zero_grad()
        loss = loss_fn(model(x[rows]), n[rows])
        loss.backward()
        optimizer.step()
    if epoch % 5 == 4:
        print(epoch + 1, loss.item())
with torch.no_grad():
    score = 1 - (deviance(model(x_test), n_test) / deviance(n.mean().log().expand(800), n_test)).item()
