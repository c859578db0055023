"""Where is the spot? The centre of mass of a heat map answers, to a fraction of a pixel."""
import sys

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
SIZE = 14


class KeypointNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(nn.Conv2d(1, 12, 5, padding=2), nn.ReLU(), nn.Conv2d(12, 12, 5, padding=2), nn.ReLU())
        self.heat = nn.Conv2d(12, 1, 1)
        line = torch.linspace(-1, 1, SIZE)
        self.register_buffer("grid", torch.cartesian_prod(line, line))

    def forward(self, image):
        share = self.heat(self.backbone(image)).flatten(1).softmax(1)
        return share @ self.grid


def images(n, g):
    line = torch.linspace(-1, 1, SIZE)
    place = 1.6 * torch.rand(n, 2, generator=g) - 0.8
    decoy = 1.6 * torch.rand(n, 2, generator=g) - 0.8
    square = lambda p: (line[:, None] - p[:, 0, None, None]) ** 2 + (line - p[:, 1, None, None]) ** 2
    x = torch.exp(-square(place) / 0.03) - 0.8 * torch.exp(-square(decoy) / 0.03)
    return (x + 0.2 * torch.randn(n, SIZE, SIZE, generator=g)).unsqueeze(1), place


g = torch.Generator().manual_seed(119)
train_x, train_p = images(500, g)
test_x, test_p = images(200, g)
model = KeypointNet()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
epochs = 9
for epoch in range(epochs):
    for rows in torch.randperm(500).split(25):
        loss = (model(train_x[rows]) - train_p[rows]).pow(2).sum(1).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        away = (model(test_x) - test_p).pow(2).sum(1).mean().item()
    print("epoch", epoch, "train", loss.item(), "test", away)
score = 1 - away / test_p.var(0).sum().item()
