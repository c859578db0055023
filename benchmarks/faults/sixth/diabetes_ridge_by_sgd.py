"""Diabetes with a linear model first, as everybody should: SGD, a ridge, ten scaled columns."""
import sys

import torch
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
X, y = load_diabetes(return_X_y=True, scaled=False)
X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.4, random_state=7)
sx, sy = StandardScaler().fit(X_tr), StandardScaler().fit(y_tr[:, None])
X_tr, X_te = (torch.from_numpy(sx.transform(a)).float() for a in (X_tr, X_te))
y_tr, y_te = (torch.from_numpy(sy.transform(a[:, None])).float() for a in (y_tr, y_te))
model = torch.nn.Linear(10, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.02, weight_decay=0.02)
EPOCHS = 60
for epoch in range(EPOCHS):
    total = 0.0
    for b in torch.randperm(len(X_tr)).split(16):
        err = model(X_tr[b]) - y_tr[b]
        loss = (err**2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(b)
    if epoch % 10 == 9:
        print(epoch + 1, total / len(X_tr))
with torch.no_grad():
    score = 1 - ((model(X_te) - y_te) ** 2).mean().item() / y_te.var(unbiased=False).item()
