"""The rate falls and starts anew three times; the network at the bottom of each cycle votes at the end."""
import copy
import sys

import torch
from sklearn.datasets import make_moons
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
x, y = make_moons(1500, noise=0.2, random_state=100 + seed)
x, y = torch.tensor(x, dtype=torch.float32), torch.tensor(y)
x = (x - x[:1000].mean(0)) / x[:1000].std(0)
model = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)
period_epochs, cycles = 12, 3
restarts = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, T_0=period_epochs)
snapshots = []
for epoch in range(cycles * period_epochs):
    for rows in torch.randperm(1000).split(50):
        loss = nn.functional.cross_entropy(model(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    restarts.step()
    if (epoch + 1) % period_epochs == 0:
        snapshots.append(copy.deepcopy(model).eval())
        print("cycle ends", epoch + 1, loss.item())
with torch.no_grad():
    votes = torch.stack([net(x[1000:]).softmax(1) for net in snapshots]).mean(0)
score = (votes.argmax(1) == y[1000:]).float().mean().item()
