"""Adadelta at the rate of 0.001 that suits Adam; its paper has 1.0."""

import torch
from torch import nn

from handbook.case import Case
from handbook.runs import by_scripts
from handbook.scripts import BATCH, halves, perceptron


def train(*, broken: bool, seed: int) -> float:
    """Train a perceptron on the digits; the share of wrong answers on held-out rows."""
    (x, y), (held_x, held_y) = halves()
    torch.manual_seed(seed)
    model = perceptron()
    rule = torch.optim.Adadelta(model.parameters(), lr=0.001 if broken else 1.0)
    for _ in range(20):
        for rows in torch.randperm(len(x)).split(BATCH):
            rule.zero_grad()
            nn.functional.cross_entropy(model(x[rows]), y[rows]).backward()
            rule.step()
    return float((model(held_x).argmax(1) != held_y).float().mean())


def run() -> Case:
    """Watched."""
    return by_scripts("optimizers", train)
