"""Two banana-shaped clouds that overlap. The epoch with the least validation loss is kept; the test rows wait."""
import copy
import sys

import torch
from river import datasets
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

points = [([x["1"], x["2"]], int(y)) for x, y in datasets.Bananas()][:2400]
X = torch.tensor([p for p, _ in points], dtype=torch.float32)
Y = torch.tensor([c for _, c in points])
mix = torch.randperm(len(Y))
train, valid, test = mix[:1400], mix[1400:1800], mix[1800:]
X = (X - X[train].mean(0)) / X[train].std(0)

model = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 2))
optim = torch.optim.Adam(model.parameters(), lr=0.005)
cross_entropy = nn.CrossEntropyLoss()

best, kept, patience, waited = 1e9, None, 10, 0
max_epochs = 50
for epoch in range(max_epochs):
    for batch in train[torch.randperm(len(train))].split(50):
        optim.zero_grad()
        cross_entropy(model(X[batch]), Y[batch]).backward()
        optim.step()
    with torch.no_grad():
        val = cross_entropy(model(X[valid]), Y[valid]).item()
    if val < best:
        best, kept, waited = val, copy.deepcopy(model.state_dict()), 0
    else:
        waited += 1
        if waited >= patience:
            break
print(f"left after {epoch + 1} epochs, validation loss {best:.4f}")
model.load_state_dict(kept)
with torch.no_grad():
    score = (model(X[test]).argmax(1) == Y[test]).double().mean().item()
