"""A network with batch norm that is evaluated in training mode, a few rows at a time."""

import torch
from torch import nn

from handbook.case import Case
from handbook.runs import by_scripts
from handbook.scripts import BATCH, halves, perceptron

FEW = 4
"""Rows of an evaluation batch: their own mean and variance are a poor estimate."""


def train(*, broken: bool, seed: int) -> float:
    """Train on the digits; the share of wrong answers on held-out rows."""
    (x, y), (held_x, held_y) = halves()
    torch.manual_seed(seed)
    model = perceptron(between=nn.BatchNorm1d(64))
    rule = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(10):
        model.train()
        for rows in torch.randperm(len(x)).split(BATCH):
            rule.zero_grad()
            nn.functional.cross_entropy(model(x[rows]), y[rows]).backward()
            rule.step()
        if not broken:
            model.eval()
        with torch.no_grad():
            answers = torch.cat([model(part).argmax(1) for part in held_x.split(FEW) if len(part) > 1])
    return float((answers != held_y[: len(answers)]).float().mean())


def run() -> Case:
    """Watched."""
    return by_scripts("batchnorm", train)
