"""A softmax in front of a loss that has one already."""

import torch
from torch import nn

from handbook.case import Case
from handbook.runs import by_scripts
from handbook.scripts import BATCH, halves, perceptron


def train(*, broken: bool, seed: int) -> float:
    """Train on the digits; the share of wrong answers on held-out rows."""
    (x, y), (held_x, held_y) = halves()
    torch.manual_seed(seed)
    model = perceptron(nn.Softmax(dim=1)) if broken else perceptron()
    rule = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(10):
        for rows in torch.randperm(len(x)).split(BATCH):
            rule.zero_grad()
            nn.functional.cross_entropy(model(x[rows]), y[rows]).backward()
            rule.step()
    return float((model(held_x).argmax(1) != held_y).float().mean())


def run() -> Case:
    """Watched."""
    return by_scripts("activations", train)
