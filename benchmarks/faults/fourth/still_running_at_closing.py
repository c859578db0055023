import sys

import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)

# time until a pump fails (Weibull); many are still running when the study closes
rng = np.random.default_rng(83)
cov = rng.normal(size=(1800, 6)).astype("float32")
log_scale = 0.8 * cov[:, 0] - 0.6 * np.abs(cov[:, 1]) + 0.4 * cov[:, 2] * cov[:, 3]
failure = np.exp(log_scale) * rng.weibull(1.6, size=1800)
closing = rng.uniform(0.3, 3.0, size=1800)
seen = torch.tensor(failure <= closing).float()
time = torch.tensor(np.minimum(failure, closing), dtype=torch.float32)
cov = torch.tensor(cov)


class Weibull(nn.Module):
    def __init__(self):
        super().__init__()
        self.log_scale = nn.Sequential(nn.Linear(6, 32), nn.SiLU(), nn.Linear(32, 32), nn.SiLU(), nn.Linear(32, 1))
        self.log_shape = nn.Parameter(torch.zeros(()))

    def forward(self, rows):
        return self.log_scale(rows).squeeze(-1)


def negative_log_likelihood(model, rows, time, seen):
    shape, log_scale = model.log_shape.exp(), model(rows)
    log_ratio = time.log() - log_scale
    log_hazard = model.log_shape + (shape - 1) * log_ratio - log_scale
    return -(seen * log_hazard - (shape * log_ratio).exp()).mean()


model = Weibull()
opt = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-2)
num_epochs = 18
for epoch in range(num_epochs):
    for b in torch.randperm(1300).split(50):
        loss = negative_log_likelihood(model, cov[b], time[b], seen[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        held = negative_log_likelihood(model, cov[1300:], time[1300:], seen[1300:])
    print(epoch, loss.item(), held.item())


def concordance(risk, time, seen):
    earlier = (time[:, None] < time[None]) & seen[:, None].bool()
    return (risk[:, None] > risk[None])[earlier].float().mean().item()


with torch.no_grad():
    score = concordance(-model(cov[1300:]), time[1300:], seen[1300:])
