"""Cox's partial likelihood: who leaves first among those who are still there."""
import sys
import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
rng = np.random.default_rng(seed)
torch.manual_seed(seed)

n, p = 1800, 8
X = rng.standard_normal((n, p))
log_hazard = 0.8 * X[:, 0] - 0.6 * X[:, 1] + 0.7 * X[:, 2] ** 2 - 0.7
event_time = rng.exponential(np.exp(-log_hazard))
censor_time = rng.exponential(2.5, n)
time, event = np.minimum(event_time, censor_time), event_time <= censor_time
X, time, event = (torch.tensor(a, dtype=torch.float32) for a in (X, time, event))
train, test = torch.arange(0, 1200), torch.arange(1200, n)


def partial_likelihood(risk, time, event):
    order = time.argsort(descending=True)
    risk, event = risk[order], event[order]
    return -((risk - risk.logcumsumexp(0)) * event).sum() / event.sum()


def concordance(risk, time, event):
    first = (time[:, None] < time[None, :]) & (event[:, None] > 0)
    right = (risk[:, None] > risk[None, :]).float() + 0.5 * (risk[:, None] == risk[None, :]).float()
    return right[first].mean().item()


model = nn.Sequential(nn.Linear(p, 32), nn.ELU(), nn.Dropout(0.2), nn.Linear(32, 1, bias=False))
optimizer = torch.optim.RMSprop(model.parameters(), lr=2e-3, weight_decay=1e-3)
for epoch in range(60):
    model.train()
    for rows in train[torch.randperm(len(train))].split(200):
        optimizer.zero_grad()
        loss = partial_likelihood(model(X[rows])[:, 0], time[rows], event[rows])
        loss.backward()
        optimizer.step()
    if epoch % 10 == 9:
        model.eval()
        with torch.no_grad():
            held = concordance(model(X[test])[:, 0], time[test], event[test])
        print(f"epoch {epoch + 1} loss {loss.item():.3f} concordance {held:.3f}")
score = held
