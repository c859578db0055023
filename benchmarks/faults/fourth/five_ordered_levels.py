"""Five ordered levels by cumulative logits: one score, four growing thresholds."""
import sys

import torch
from torch import nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
n_epochs = 30

gen = torch.Generator().manual_seed(72)
x = torch.randn(1400, 6, generator=gen)
hidden = x[:, 0] + torch.sin(2 * x[:, 1]) - 0.7 * x[:, 2] * x[:, 3] + 0.3 * torch.randn(1400, generator=gen)
level = torch.bucketize(hidden, torch.tensor([-1.5, -0.5, 0.5, 1.5]))
x_fit, x_new, l_fit, l_new = x[:1000], x[1000:], level[:1000], level[1000:]


class CumulativeLogits(nn.Module):
    def __init__(self, n_in, n_levels):
        super().__init__()
        self.score = nn.Sequential(nn.Linear(n_in, 40), nn.GELU(), nn.Linear(40, 40), nn.GELU(), nn.Linear(40, 1))
        self.first = nn.Parameter(torch.tensor([-1.5]))
        self.gaps = nn.Parameter(torch.zeros(n_levels - 2))

    def thresholds(self):
        return torch.cat([self.first, self.first + F.softplus(self.gaps).cumsum(0)])

    def forward(self, rows):
        return self.score(rows) - self.thresholds()  # logits of "above threshold k"


model = CumulativeLogits(6, 5)
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(n_epochs):
    for batch in torch.randperm(1000).split(50):
        above = (l_fit[batch, None] > torch.arange(4)).float()
        loss = F.binary_cross_entropy_with_logits(model(x_fit[batch]), above)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
with torch.no_grad():
    found = (model(x_new) > 0).sum(1)
error = (found - l_new).abs().float().mean()
score = 1 - (error / (l_new - l_fit.median()).abs().float().mean()).item()
print("mean distance in levels", error.item())
