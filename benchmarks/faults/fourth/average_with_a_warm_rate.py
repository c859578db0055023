import copy
import sys

import torch
import torch.nn as nn
from sklearn.datasets import make_moons
from torch.utils.data import DataLoader, TensorDataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
NUM_EPOCHS = 20


class EMA:
    """An exponential average of weights and buffers; its rate warms up."""

    def __init__(self, model, decay=0.99):
        self.module, self.decay, self.updates = copy.deepcopy(model).eval().requires_grad_(False), decay, 0

    @torch.no_grad()
    def update(self, model):
        self.updates += 1
        d = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for mine, theirs in zip(self.module.state_dict().values(), model.state_dict().values()):
            if mine.is_floating_point():
                mine.mul_(d).add_(theirs, alpha=1 - d)
            else:
                mine.copy_(theirs)


X, y = make_moons(1600, noise=0.2, random_state=133)
X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
train_dl = DataLoader(TensorDataset(X[:1000], y[:1000]), batch_size=50, shuffle=True)
model = nn.Sequential(nn.Linear(2, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 2))
ema = EMA(model)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3)
for epoch in range(NUM_EPOCHS):
    model.train()
    for xb, yb in train_dl:
        loss = nn.functional.cross_entropy(model(xb), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        ema.update(model)
    with torch.no_grad():
        out = ema.module(X[1000:])
    score = (out.argmax(1) == y[1000:]).float().mean().item()
    print(epoch, f"train {loss.item():.3f} averaged on test {nn.functional.cross_entropy(out, y[1000:]).item():.3f} {score:.3f}")
