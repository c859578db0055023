"""RankNet: only which of two is better is ever told."""
import sys

import torch
from sklearn.datasets import load_diabetes
from torch import nn

torch.set_num_threads(1)
gen_seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(gen_seed)

X, y = (torch.tensor(a, dtype=torch.float32) for a in load_diabetes(return_X_y=True))
X = X / X.std(0)
perm = torch.randperm(len(X))
tr, te = perm[:320], perm[320:]

model = nn.Sequential(nn.Linear(10, 12), nn.ReLU(), nn.Linear(12, 1, bias=False))
opt = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=3e-3)
n_steps = 700
for step in range(n_steps):
    i, j = tr[torch.randint(320, (64,))], tr[torch.randint(320, (64,))]
    different = y[i] != y[j]
    i, j = i[different], j[different]
    margin = (model(X[i]) - model(X[j])).squeeze(1)
    loss = nn.functional.softplus(-margin * torch.sign(y[i] - y[j])).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(f"step {step} pair loss {loss.item():.3f}")
with torch.no_grad():
    s = model(X[te]).squeeze(1)
    pairs = y[te][:, None] > y[te][None]
    score = (s[:, None] > s[None])[pairs].float().mean().item()
