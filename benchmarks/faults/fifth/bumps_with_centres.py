# radial basis functions: centres by k-means, then centres, widths and heights are trained together
import sys
import numpy as np
import torch
from sklearn.cluster import KMeans
from torch import nn

torch.set_num_threads(1)
SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(SEED)
rng = np.random.default_rng(SEED)


def peaks(a, b):
    return (3 * (1 - a) ** 2 * np.exp(-(a**2) - (b + 1) ** 2)
            - 10 * (a / 5 - a**3 - b**5) * np.exp(-(a**2) - b**2)
            - np.exp(-((a + 1) ** 2) - b**2) / 3)


points = rng.uniform(-3, 3, (1400, 2))
heights = peaks(*points.T) + rng.normal(0, 0.15, 1400)
X = torch.tensor(points / 3, dtype=torch.float32)
y = torch.tensor((heights - heights[:1000].mean()) / heights[:1000].std(), dtype=torch.float32)
train, test = slice(0, 1000), slice(1000, None)


class RBF(nn.Module):
    def __init__(self, centres):
        super().__init__()
        self.centres = nn.Parameter(centres)
        spacing = torch.cdist(centres, centres).topk(2, largest=False).values[:, 1].mean()
        self.log_width = nn.Parameter(spacing.log().repeat(len(centres)))
        self.head = nn.Linear(len(centres), 1)

    def forward(self, x):
        squared = (x[:, None] - self.centres).pow(2).sum(-1)
        return self.head(torch.exp(-squared / (2 * torch.exp(2 * self.log_width)))).squeeze(1)


centres = KMeans(40, n_init=1, random_state=SEED).fit(X[train].numpy()).cluster_centers_
model = RBF(torch.tensor(centres, dtype=torch.float32))
opt = torch.optim.Adam([
    {"params": model.head.parameters(), "lr": 2e-2},
    {"params": [model.centres, model.log_width], "lr": 5e-3},
])
for step in range(1200):
    rows = torch.randint(1000, (128,))
    loss = nn.functional.mse_loss(model(X[train][rows]), y[train][rows])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step == 800:
        for group in opt.param_groups:
            group["lr"] *= 0.1
    if step % 200 == 0:
        print(f"{step:5d} {loss.item():.4f}")
with torch.no_grad():
    score = (1 - (model(X[test]) - y[test]).var() / y[test].var()).item()
