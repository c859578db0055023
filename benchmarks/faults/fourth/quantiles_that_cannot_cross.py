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
