"""Bagging: five small networks, each on rows drawn anew; rows that were not drawn score them, a test set scores their mean."""
import sys

import torch
from sklearn.datasets import load_diabetes
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
members, epochs = 5, 14
X, y = (torch.tensor(a, dtype=torch.float32) for a in load_diabetes(return_X_y=True))
perm = torch.randperm(len(y))
fit, test = perm[:320], perm[320:]
X = X / X[fit].std(0)
y = ((y - y[fit].mean()) / y[fit].std()).unsqueeze(1)


def member():
    drawn = fit[torch.randint(len(fit), (len(fit),))]
    left = fit[~torch.isin(fit, drawn)]
    net = nn.Sequential(nn.Linear(10, 12), nn.Tanh(), nn.Linear(12, 1))
    opt = torch.optim.Adam(net.parameters(), lr=5e-3, weight_decay=3e-2)
    for _ in range(epochs):
        for b in drawn[torch.randperm(len(drawn))].split(20):
            loss = nn.functional.mse_loss(net(X[b]), y[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
    with torch.no_grad():
        print("out of bag", nn.functional.mse_loss(net(X[left]), y[left]).item())
    return net


model = nn.ModuleList([member() for _ in range(members)])
with torch.no_grad():
    mean = torch.stack([net(X[test]) for net in model]).mean(0)
    score = 1 - (nn.functional.mse_loss(mean, y[test]) / y[test].var()).item()
