"""A hidden layer cut off by a stray `detach`: its weights never learn."""

import torch
from torch import nn

from handbook.case import Case
from handbook.runs import by_scripts
from handbook.scripts import BATCH, halves


class Net(nn.Module):
    """Two hidden layers, the gradient of the first stopped or not."""

    def __init__(self, *, broken: bool) -> None:
        super().__init__()
        self.first, self.second, self.last = nn.Linear(64, 32), nn.Linear(32, 32), nn.Linear(32, 10)
        self.broken = broken

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Ten scores a row."""
        h = torch.relu(self.first(x))
        if self.broken:
            h = h.detach()
        return self.last(torch.relu(self.second(h)))


def train(*, broken: bool, seed: int) -> float:
    """Train on the digits; the share of wrong answers on held-out rows."""
    (x, y), (held_x, held_y) = halves()
    torch.manual_seed(seed)
    model = Net(broken=broken)
    rule = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(20):
        for rows in torch.randperm(len(x)).split(BATCH):
            rule.zero_grad()
            nn.functional.cross_entropy(model(x[rows]), y[rows]).backward()
            rule.step()
    return float((model(held_x).argmax(1) != held_y).float().mean())


def run() -> Case:
    """Watched."""
    return by_scripts("backprop", train)
