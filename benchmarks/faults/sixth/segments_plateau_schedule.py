import sys
import torch
import numpy as np
from torch import nn
from torch.optim.lr_scheduler import ReduceLROnPlateau
from river.datasets import ImageSegments

torch.set_num_threads(1)
SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(SEED)

names = sorted({label for _, label in ImageSegments()})
table = {tuple(row.values()): names.index(label) for row, label in ImageSegments()}  # each row once
X = torch.tensor(list(table), dtype=torch.float32)
y = torch.tensor(list(table.values()))
order = torch.randperm(len(y))
X, y = X[order], y[order]
cut_a, cut_b = int(0.6 * len(y)), int(0.8 * len(y))
mu, sigma = X[:cut_a].mean(0), X[:cut_a].std(0)
X = ((X - mu) / sigma.clamp_min(1e-6)).clamp(-4, 4)
train, dev, test = (X[:cut_a], y[:cut_a]), (X[cut_a:cut_b], y[cut_a:cut_b]), (X[cut_b:], y[cut_b:])


def accuracy(net, data):
    with torch.no_grad():
        return (net(data[0]).argmax(1) == data[1]).float().mean().item()


model = nn.Sequential(nn.Linear(18, 48), nn.ReLU(), nn.Linear(48, len(names)))
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
scheduler = ReduceLROnPlateau(optimizer, factor=0.3, patience=3)
epochs = 40
for epoch in range(epochs):
    for rows in torch.randperm(cut_a).chunk(22):
        optimizer.zero_grad()
        loss = loss_fn(model(train[0][rows]), train[1][rows])
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        dev_loss = loss_fn(model(dev[0]), dev[1])
    scheduler.step(dev_loss)
    if epoch % 8 == 7:
        print(epoch + 1, dev_loss.item(), accuracy(model, dev), optimizer.param_groups[0]["lr"])
score = accuracy(model, test)
