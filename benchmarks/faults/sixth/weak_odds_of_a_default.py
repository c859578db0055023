"""Loans: the signal is weak, a quarter default whatever one knows; the loss against the constant answer is the score."""
import math
import sys

import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


def loans(count):
    income = torch.randn(count)
    debt = 0.5 * income + torch.randn(count)
    years = torch.rand(count) * 10
    noise = torch.randn(count, 5)
    odds = -0.4 - 0.9 * income + 1.1 * debt - 0.12 * years + 0.6 * noise[:, 0]
    y = torch.bernoulli(torch.sigmoid(odds))
    x = torch.stack([income, debt, (years - 5) / 2.9], 1)
    return torch.cat([x, noise], 1), y


x_train, y_train = loans(3000)
x_test, y_test = loans(2000)
model = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 1), nn.Flatten(0))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=1e-3)
criterion = nn.BCEWithLogitsLoss()
epochs = 25
for epoch in range(epochs):
    total = 0.0
    for rows in torch.randperm(3000).split(60):
        loss = criterion(model(x_train[rows]), y_train[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    if epoch % 5 == 4:
        print("epoch", epoch + 1, "mean loss", total / 50)
with torch.no_grad():
    held_out = criterion(model(x_test), y_test).item()
rate = y_train.mean().item()
constant = -(y_test.mean().item() * math.log(rate) + (1 - y_test.mean().item()) * math.log(1 - rate))
score = 1 - held_out / constant
