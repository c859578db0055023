import sys

import torch
from sklearn.datasets import make_friedman1
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)

# first noise-free simulations, then few real measurements: the head first, then layer by layer, lower layers more slowly
sim_epochs, tune_epochs = 10, 18
sx, sy = (torch.tensor(a, dtype=torch.float32) for a in make_friedman1(2000, noise=0.0, random_state=137))
rx, ry = (torch.tensor(a, dtype=torch.float32) for a in make_friedman1(700, noise=0.5, random_state=138))
ry = 0.8 * ry + 2 * rx[:, 0] + 3
mean, std = ry[:300].mean(), ry[:300].std()
sy, ry = ((sy - sy.mean()) / sy.std()).unsqueeze(1), ((ry - mean) / std).unsqueeze(1)
sx, rx = 2 * sx - 1, 2 * rx - 1

body = nn.ModuleList([nn.Linear(10, 64), nn.Linear(64, 64)])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.head = body, nn.Linear(64, 1)

    def forward(self, x):
        for layer in self.body:
            x = torch.relu(layer(x))
        return self.head(x)


model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(sim_epochs):
    for i in torch.randperm(2000).split(50):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(sx[i]), sy[i])
        loss.backward()
        optimizer.step()
print("simulations", loss.item())

body.requires_grad_(False)
optimizer = torch.optim.Adam([
    {"params": model.head.parameters(), "lr": 3e-3},
    {"params": body[1].parameters(), "lr": 1e-3},
    {"params": body[0].parameters(), "lr": 5e-4},
], weight_decay=1e-3)
for epoch in range(tune_epochs):
    if epoch in (4, 8):
        body[1 if epoch == 4 else 0].requires_grad_(True)
    for i in torch.randperm(300).split(20):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(rx[i]), ry[i])
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        test = nn.functional.mse_loss(model(rx[300:]), ry[300:]).item()
    print("epoch", epoch, "train", loss.item(), "test", test)
score = 1 - test / ry[300:].var().item()
