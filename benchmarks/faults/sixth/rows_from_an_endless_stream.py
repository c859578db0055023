"""An IterableDataset makes rows as they are asked for; no row is ever seen twice."""
import sys

import torch
from torch import nn
from torch.utils.data import DataLoader, IterableDataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)


def rule(x):
    return ((x[..., 0] * x[..., 1] > 0) ^ (x[..., 2] > 0.5)).float()


class Stream(IterableDataset):
    def __init__(self, seed):
        self.generator = torch.Generator().manual_seed(seed)

    def __iter__(self):
        while True:
            x = torch.randn(6, generator=self.generator)
            yield x, rule(x)


model = nn.Sequential(nn.Linear(6, 40), nn.ReLU(), nn.Linear(40, 20), nn.ReLU(), nn.Linear(20, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=6e-3)
loss_fn = nn.BCEWithLogitsLoss()
max_steps = 900
scheduler = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.05, total_iters=max_steps)
for step, (x, y) in enumerate(DataLoader(Stream(seed), batch_size=50), start=1):
    loss = loss_fn(model(x)[:, 0], y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    if step % 100 == 0:
        print(f"{step} {loss.item():.4f}")
    if step == max_steps:
        break
x_test = torch.randn(1000, 6)
with torch.no_grad():
    score = ((model(x_test)[:, 0] > 0).float() == rule(x_test)).float().mean().item()
