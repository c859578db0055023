"""Stochastic weight averaging: the mean of the last epochs' weights, statistics of its norms taken anew."""
import sys

import torch
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.optim.swa_utils import SWALR, AveragedModel, update_bn
from torch.utils.data import DataLoader, TensorDataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
X, y = load_breast_cancer(return_X_y=True)
perm = torch.randperm(len(y)).numpy()
X, y = X[perm], y[perm]
scaler = StandardScaler().fit(X[:380])
X, y = torch.tensor(scaler.transform(X), dtype=torch.float32), torch.tensor(y)
loader = DataLoader(TensorDataset(X[:380], y[:380]), batch_size=38, shuffle=True)

model = nn.Sequential(nn.Linear(30, 24), nn.BatchNorm1d(24), nn.ReLU(), nn.Linear(24, 2))
averaged = AveragedModel(model)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-2)
epochs, averaged_from = 30, 18
swa_schedule = SWALR(optimizer, swa_lr=0.02, anneal_epochs=4)
for epoch in range(epochs):
    model.train()
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(xb), yb)
        loss.backward()
        optimizer.step()
    if epoch >= averaged_from:
        averaged.update_parameters(model)
        swa_schedule.step()
    if epoch % 6 == 5:
        print("epoch", epoch + 1, "loss", loss.item())
update_bn(loader, averaged)
averaged.eval()
with torch.no_grad():
    score = (averaged(X[380:]).argmax(1) == y[380:]).float().mean().item()
