"""How often somebody sees a doctor in a year: counts of which little can be foretold."""
import sys

import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(SEED)
rng = np.random.default_rng(1000 + SEED)

N, N_TRAIN, EPOCHS, BATCH = 6000, 4500, 24, 128
age = rng.uniform(18, 85, N)
income = rng.lognormal(3.3, 0.5, N)
insured = rng.integers(0, 2, N)
children = rng.poisson(1.0, N)
rate = np.exp(-0.3 + 0.5 * ((age - 50) / 20) ** 2 * (age > 50) + 0.3 * insured - 0.12 * np.log(income) + 0.05 * children)
visits = rng.poisson(rate)

X = np.column_stack([age, np.log(income), insured, children])
mu, sd = X[:N_TRAIN].mean(0), X[:N_TRAIN].std(0)
X = torch.tensor((X - mu) / sd, dtype=torch.float32)
y = torch.tensor(visits, dtype=torch.float32)
X_train, y_train, X_test, y_test = X[:N_TRAIN], y[:N_TRAIN], X[N_TRAIN:], y[N_TRAIN:]

model = nn.Sequential(nn.Linear(4, 16), nn.SiLU(), nn.Linear(16, 1))
nn.init.constant_(model[-1].bias, float(y_train.mean().log()))
poisson = nn.PoissonNLLLoss(log_input=True)
opt = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-2)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, EPOCHS)


def deviance(log_rate, count):
    ratio = torch.where(count > 0, count / log_rate.exp(), torch.ones_like(count))
    return 2 * (count * ratio.log() - (count - log_rate.exp())).mean()


for epoch in range(1, EPOCHS + 1):
    total = 0.0
    for rows in torch.randperm(N_TRAIN).split(BATCH):
        opt.zero_grad()
        loss = poisson(model(X_train[rows]).squeeze(1), y_train[rows])
        loss.backward()
        opt.step()
        total += loss.item() * len(rows)
    sched.step()
    if epoch % 4 == 0:
        with torch.no_grad():
            print(f"{epoch:3d}  train {total / N_TRAIN:.4f}  test {poisson(model(X_test).squeeze(1), y_test):.4f}")

with torch.no_grad():
    null = deviance(y_train.mean().log().expand_as(y_test), y_test)
    score = 1 - (deviance(model(X_test).squeeze(1), y_test) / null).item()
print(f"deviance explained {score:.3f}")
