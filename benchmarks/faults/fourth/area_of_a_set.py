"""Deep sets: the area that a handful of points spans, whatever their order and number."""
import sys

import numpy as np
import torch
from scipy.spatial import ConvexHull
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

rng = np.random.default_rng(106)
sets = rng.normal(size=(1500, 12, 2)) * rng.uniform(0.4, 1.2, size=(1500, 1, 2))
sizes = rng.integers(5, 13, size=1500)
area = np.array([ConvexHull(points[:n]).volume for points, n in zip(sets, sizes)])
points = torch.tensor(sets, dtype=torch.float32)
present = torch.tensor(np.arange(12)[None] < sizes[:, None]).unsqueeze(2)
target = torch.tensor(np.log(area), dtype=torch.float32)
target = (target - target[:1100].mean()) / target[:1100].std()


class DeepSet(nn.Module):
    def __init__(self):
        super().__init__()
        self.phi = nn.Sequential(nn.Linear(2, 48), nn.ELU(), nn.Linear(48, 48))
        self.rho = nn.Sequential(nn.Linear(96, 48), nn.ELU(), nn.Linear(48, 1))

    def forward(self, points, present):
        h = self.phi(points)
        largest = h.masked_fill(~present, -1e4).amax(1)
        mean = (h * present).sum(1) / present.sum(1)
        return self.rho(torch.cat([largest, mean], 1)).squeeze(1)


model = DeepSet()
optimizer = torch.optim.Adamax(model.parameters(), lr=5e-3)
total_epochs = 22
for epoch in range(total_epochs):
    for i in torch.randperm(1100).split(50):
        loss = nn.functional.mse_loss(model(points[i], present[i]), target[i])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 4 == 3:
        with torch.no_grad():
            held = nn.functional.mse_loss(model(points[1100:], present[1100:]), target[1100:])
        print(epoch, round(loss.item(), 4), round(held.item(), 4))
with torch.no_grad():
    score = 1 - (model(points[1100:], present[1100:]) - target[1100:]).square().mean().item() / target[1100:].var().item()
