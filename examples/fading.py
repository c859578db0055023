"""A classifier of handwritten digits that hardly learns. `whyfit watch examples/fading.py` says why."""

import torch
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
x, y = torch.tensor(X / 16, dtype=torch.float32), torch.tensor(y)
x, y, held_x, held_y = x[:1400], y[:1400], x[1400:], y[1400:]

layers = [nn.Linear(64, 64), nn.Sigmoid()]
for _ in range(5):
    layers += [nn.Linear(64, 64), nn.Sigmoid()]
model = nn.Sequential(*layers, nn.Linear(64, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

for epoch in range(10):
    for rows in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x[rows]), y[rows]).backward()
        optimizer.step()
    with torch.no_grad():
        accuracy = (model(held_x).argmax(1) == held_y).float().mean().item()
        held_loss = nn.functional.cross_entropy(model(held_x), held_y).item()
    print(f"epoch {epoch}: loss {held_loss:.3f} and accuracy {accuracy:.3f} on held-out rows")
