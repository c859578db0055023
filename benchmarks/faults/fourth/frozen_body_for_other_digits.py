"""A network learns the digits 0 to 4; then its body is frozen and serves a linear classifier of 5 to 9."""
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
base_epochs, probe_steps = 8, 500

bunch = load_digits()
X = torch.tensor(bunch.images, dtype=torch.float32).unsqueeze(1) / 16
Y = torch.tensor(bunch.target)
low, high = torch.nonzero(Y < 5)[:, 0], torch.nonzero(Y >= 5)[:, 0]
high = high[torch.randperm(len(high))]
labelled, test = high[:300], high[300:]

encoder = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.Flatten(),
)
base_head = nn.Linear(512, 5)
optimizer = torch.optim.Adam([*encoder.parameters(), *base_head.parameters()], lr=2e-3)
for epoch in range(base_epochs):
    for rows in low[torch.randperm(len(low))].split(50):
        loss = F.cross_entropy(base_head(encoder(X[rows])), Y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print("base epoch", epoch, "loss", loss.item())

encoder.eval().requires_grad_(False)
probe = nn.Linear(512, 5)
model = nn.Sequential(encoder, probe)
optimizer = torch.optim.Adam(probe.parameters(), lr=3e-3, weight_decay=1e-3)
for step in range(probe_steps):
    rows = labelled[torch.randint(len(labelled), (50,))]
    loss = F.cross_entropy(model(X[rows]), Y[rows] - 5)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
with torch.no_grad():
    score = (model(X[test]).argmax(1) == Y[test] - 5).float().mean().item()
print("probe loss", loss.item())
