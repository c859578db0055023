"""Boxes of one picture are pasted into another; labels are mixed by area and smoothed."""
import sys

import torch
from sklearn.datasets import load_digits
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
data = load_digits()
x = (torch.from_numpy(data.images).float().unsqueeze(1) - 4.9) / 6.0
y = torch.from_numpy(data.target)
mix = torch.randperm(len(y))
train, test = mix[:1300], mix[1300:]


def conv(a, b):
    return [nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b), nn.SiLU()]


model = nn.Sequential(*conv(1, 16), nn.MaxPool2d(2), *conv(16, 32), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(128, 10))
criterion = nn.CrossEntropyLoss(label_smoothing=0.05)
optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=0.05)
num_epochs = 9
for epoch in range(num_epochs):
    model.train()
    for rows in train[torch.randperm(len(train))].split(50):
        batch, labels = x[rows].clone(), nn.functional.one_hot(y[rows], 10).float()
        if torch.rand(()) < 0.5:
            other, size = torch.randperm(len(rows)), int(torch.randint(2, 5, ()))
            top, left = torch.randint(0, 9 - size, (2,)).tolist()
            batch[:, :, top : top + size, left : left + size] = x[rows][other, :, top : top + size, left : left + size]
            area = size * size / 64
            labels = (1 - area) * labels + area * labels[other]
        optimizer.zero_grad()
        loss = criterion(model(batch), labels)
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        score = (model(x[test]).argmax(1) == y[test]).float().mean().item()
    print(f"{epoch}: loss {loss.item():.3f} test accuracy {score:.3f}")
