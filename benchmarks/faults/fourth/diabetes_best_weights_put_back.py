"""Disease progression after a year; the best weights by validation loss are put back."""
import copy
import sys

import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
rng = np.random.default_rng(seed)

max_epochs, patience = 200, 15
data, target = load_diabetes(return_X_y=True)
order = rng.permutation(len(data))
train, valid, test = order[:260], order[260:340], order[340:]
mean, std = data[train].mean(0), data[train].std(0)
t_mean, t_std = target[train].mean(), target[train].std()
X = torch.from_numpy((data - mean) / std).float()
Y = torch.from_numpy((target - t_mean) / t_std).float().unsqueeze(1)

model = nn.Sequential(nn.Linear(10, 24), nn.ReLU(), nn.Dropout(0.2), nn.Linear(24, 1))
criterion = nn.MSELoss()
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.1)

best_loss, best_state, waited = float("inf"), None, 0
for epoch in range(max_epochs):
    model.train()
    perm = rng.permutation(train)
    for start in range(0, len(perm), 20):
        rows = perm[start : start + 20]
        optimizer.zero_grad()
        loss = criterion(model(X[rows]), Y[rows])
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        val_loss = criterion(model(X[valid]), Y[valid]).item()
    if val_loss < best_loss - 1e-4:
        best_loss, best_state, waited = val_loss, copy.deepcopy(model.state_dict()), 0
    else:
        waited += 1
        if waited == patience:
            print("stopped after", epoch + 1, "epochs, best", round(best_loss, 3))
            break

model.load_state_dict(best_state)
with torch.no_grad():
    score = 1 - (criterion(model(X[test]), Y[test]) / Y[test].var(unbiased=False)).item()
