import sys
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

# two hundred labelled digits, a thousand without; confident guesses on a clean view teach a noisy one
X, y = load_digits(return_X_y=True)
X, y = torch.tensor(X / 16).float(), torch.tensor(y)
perm = torch.randperm(len(y))
labelled, unlabelled, test = perm[:200], perm[200:1200], perm[1200:]
model = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=1e-3)
n_steps = 700


def noisy(x):
    return x + 0.15 * torch.randn_like(x)


for step in range(n_steps):
    a, b = labelled[torch.randint(200, (32,))], unlabelled[torch.randint(1000, (96,))]
    loss = F.cross_entropy(model(noisy(X[a])), y[a])
    with torch.no_grad():
        sure, guess = model(X[b]).softmax(1).max(1)
    keep = (sure > 0.95).float()
    loss = loss + (F.cross_entropy(model(noisy(X[b])), guess, reduction="none") * keep).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 100 == 99:
        print("step", step + 1, "loss", round(loss.item(), 3), "sure of", keep.mean().item())
with torch.no_grad():
    score = (model(X[test]).argmax(1) == y[test]).float().mean().item()
