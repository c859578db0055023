"""Two noisy views of a row must be told from each other by no one: a predictor, a stopped gradient, a slow copy."""
import copy
import sys

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
steps = 350
X, y = load_digits(return_X_y=True)
X, y = torch.tensor((X - X.mean()) / X.std(), dtype=torch.float32), torch.tensor(y)
perm = torch.randperm(len(y))
fit, test = perm[:1300], perm[1300:]

encoder = nn.Sequential(nn.Linear(64, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 64))
predictor = nn.Sequential(nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 64))
model = nn.ModuleDict({"encoder": encoder, "predictor": predictor})
slow = copy.deepcopy(encoder).requires_grad_(False)
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)


def view(rows):
    return (rows + 0.3 * torch.randn_like(rows)) * (torch.rand_like(rows) > 0.15)


for step in range(steps):
    rows = X[fit[torch.randint(len(fit), (128,))]]
    one, other = view(rows), view(rows)
    loss = 0.0
    for a, b in ((one, other), (other, one)):
        with torch.no_grad():
            goal = slow(b)
        loss = loss + (1 - F.cosine_similarity(predictor(encoder(a)), goal)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for s, q in zip(slow.parameters(), encoder.parameters()):
            s.lerp_(q, 0.02)
    if step % 50 == 49:
        print(f"{step + 1} loss {loss.item():.3f}")
model.eval()
with torch.no_grad():
    known, asked = (F.normalize(encoder(X[part])) for part in (fit, test))
    score = (y[fit][(asked @ known.T).argmax(1)] == y[test]).float().mean().item()
