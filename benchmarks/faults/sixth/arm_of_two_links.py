"""Where is the hand of an arm with two links? Three angles in, three places out."""
import sys
from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class Config:
    seed: int = 0
    width: int = 64
    lr: float = 3e-3
    batch_size: int = 64
    epochs: int = 45
    noise: float = 0.02


cfg = Config(seed=int(sys.argv[1]) if len(sys.argv) > 1 else 0)
torch.set_num_threads(1)
torch.manual_seed(cfg.seed)


def sample(n):
    turn, lift, bend = ((torch.rand(3, n) - 0.5) * torch.tensor([[3.0], [2.0], [2.5]])).unbind()
    reach = torch.cos(lift) + 0.8 * torch.cos(lift + bend)
    place = torch.stack([reach * torch.cos(turn), reach * torch.sin(turn), torch.sin(lift) + 0.8 * torch.sin(lift + bend)], 1)
    return torch.stack([turn, lift, bend], 1), place + cfg.noise * torch.randn_like(place)


class Trainer:
    def __init__(self, model, cfg):
        self.model, self.cfg = model, cfg
        self.opt = torch.optim.Adam(model.parameters(), lr=cfg.lr)
        self.sched = torch.optim.lr_scheduler.CosineAnnealingLR(self.opt, cfg.epochs)
        self.log = []

    def fit(self, x, y):
        for epoch in range(self.cfg.epochs):
            losses = [self.step(x[rows], y[rows]) for rows in torch.randperm(len(x)).split(self.cfg.batch_size)]
            self.sched.step()
            self.log.append(sum(losses) / len(losses))
        return self

    def step(self, x, y):
        loss = nn.functional.mse_loss(self.model(x), y)
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()
        return loss.item()

    @torch.no_grad()
    def r2(self, x, y):
        return 1 - ((self.model(x) - y).pow(2).mean() / (y - y.mean(0)).pow(2).mean()).item()


model = nn.Sequential(nn.Linear(3, cfg.width), nn.ReLU(), nn.Linear(cfg.width, cfg.width), nn.ReLU(), nn.Linear(cfg.width, 3))
trainer = Trainer(model, cfg).fit(*sample(2000))
print("losses", [round(v, 4) for v in trainer.log[::9]])
score = trainer.r2(*sample(600))
