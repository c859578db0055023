"""Ten one-dimensional drawings, shifted, stretched, tilted and noisy, for a small convolutional network."""
import sys

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
MAX_EPOCHS = 9

rng = np.random.default_rng(94)
shapes = np.cumsum(rng.normal(size=(10, 12)), axis=1)
shapes -= shapes.mean(1, keepdims=True)
shapes /= shapes.std(1, keepdims=True)


def draw(label):
    long = rng.integers(22, 30)
    body = np.interp(np.linspace(0, 11, long), np.arange(12), shapes[label]) * rng.uniform(0.7, 1.3)
    row = np.zeros(40)
    start = rng.integers(0, 40 - long)
    row[start : start + long] = body
    return row + rng.normal() * 0.3 * np.linspace(-1, 1, 40) + 0.2 * rng.normal(size=40)


labels = rng.integers(0, 10, 2400)
data = torch.tensor(np.stack([draw(k) for k in labels]), dtype=torch.float32).unsqueeze(1)
labels = torch.tensor(labels)
train = DataLoader(TensorDataset(data[:1800], labels[:1800]), batch_size=50, shuffle=True)

model = nn.Sequential(
    nn.Conv1d(1, 16, 5, padding=2), nn.BatchNorm1d(16), nn.ReLU(), nn.MaxPool1d(2),
    nn.Conv1d(16, 24, 5, padding=2), nn.BatchNorm1d(24), nn.ReLU(), nn.MaxPool1d(2),
    nn.Flatten(), nn.Dropout(0.3), nn.Linear(240, 10),
)
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
lr = torch.optim.lr_scheduler.CosineAnnealingLR(opt, MAX_EPOCHS)
for epoch in range(MAX_EPOCHS):
    model.train()
    hits = seen = 0
    for x, y in train:
        out = model(x)
        loss = nn.functional.cross_entropy(out, y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        hits += (out.argmax(1) == y).sum().item()
        seen += len(y)
    lr.step()
    model.eval()
    with torch.no_grad():
        score = (model(data[1800:]).argmax(1) == labels[1800:]).float().mean().item()
    print(f"epoch {epoch + 1:2d}  train {hits / seen:.3f}  test {score:.3f}")
