"""Functional dropout that nobody told about evaluation: it stays on."""

import torch
from torch import nn
from torch.nn import functional

from handbook.case import Case
from handbook.runs import by_scripts
from handbook.scripts import BATCH, halves


class Net(nn.Module):
    """One hidden layer with dropout behind it."""

    def __init__(self, *, broken: bool) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(64, 64), nn.Linear(64, 10)
        self.broken = broken

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """`training=True` is the default of `functional.dropout`, whatever mode the network is in."""
        h = torch.relu(self.first(x))
        h = functional.dropout(h, 0.5) if self.broken else functional.dropout(h, 0.5, training=self.training)
        return self.last(h)


def train(*, broken: bool, seed: int) -> float:
    """Train on the digits; the share of wrong answers on held-out rows, in evaluation mode."""
    (x, y), (held_x, held_y) = halves()
    torch.manual_seed(seed)
    model = Net(broken=broken)
    rule = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(20):
        model.train()
        for rows in torch.randperm(len(x)).split(BATCH):
            rule.zero_grad()
            nn.functional.cross_entropy(model(x[rows]), y[rows]).backward()
            rule.step()
        model.eval()
        with torch.no_grad():
            wrong = (model(held_x).argmax(1) != held_y).float().mean()
    return float(wrong)


def run() -> Case:
    """Watched."""
    return by_scripts("dropout", train)
