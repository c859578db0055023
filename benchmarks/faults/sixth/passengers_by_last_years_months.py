"""Airline passengers, the old set: growth over twelve months from the year before, the last three years held out."""
import sys

import numpy as np
import torch
from river.datasets import AirlinePassengers

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
log = np.log([float(y) for _, y in AirlinePassengers()])
lags = np.stack([log[i : i + 12] for i in range(len(log) - 12)])
target = log[12:]
level = lags.mean(1, keepdims=True)  # what a year was like; only its shape and the step from it are modelled
X = torch.tensor((lags - level) / 0.13, dtype=torch.float32)
y = torch.tensor((target - level[:, 0]) / 0.13, dtype=torch.float32)
n_train = len(y) - 36

model = torch.nn.Sequential(torch.nn.Linear(12, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1), torch.nn.Flatten(0))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=1e-3)
epochs = 700
for epoch in range(epochs):
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(X[:n_train]), y[:n_train])
    loss.backward()
    optimizer.step()
    if epoch % 100 == 0:
        print(epoch, loss.item())
with torch.no_grad():
    said = model(X[n_train:]).numpy() * 0.13 + level[n_train:, 0]
real = target[n_train:]
score = 1 - float(((said - real) ** 2).mean() / real.var())
