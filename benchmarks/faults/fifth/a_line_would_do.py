"""Energy of a mixture: the truth is a weighted sum, so a network can do no better than ridge, and does no worse."""
import argparse
from dataclasses import dataclass

import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset, random_split


@dataclass
class Config:
    seed: int = 0
    epochs: int = 20
    lr: float = 2e-3
    batch_size: int = 40
    hidden: int = 32
    weight_decay: float = 5e-2


parser = argparse.ArgumentParser()
parser.add_argument("seed", type=int, nargs="?", default=0)
cfg = Config(seed=parser.parse_args().seed)
torch.set_num_threads(1)
torch.manual_seed(cfg.seed)

weights = torch.linspace(-1.0, 1.0, 12)
inputs = torch.randn(1600, 12)
targets = inputs @ weights.unsqueeze(1) + 0.8 * torch.randn(1600, 1)
train_set, test_set = random_split(TensorDataset(inputs, targets), [1200, 400])
train_loader = DataLoader(train_set, batch_size=cfg.batch_size, shuffle=True)
test_loader = DataLoader(test_set, batch_size=400)

model = nn.Sequential(
    nn.Linear(12, cfg.hidden),
    nn.ReLU(),
    nn.Linear(cfg.hidden, 1),
)
optimizer = optim.AdamW(model.parameters(), lr=cfg.lr, weight_decay=cfg.weight_decay)
scheduler = optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.05, total_iters=cfg.epochs)
criterion = nn.MSELoss()


def run(loader, train):
    model.train(train)
    total, count = 0.0, 0
    with torch.set_grad_enabled(train):
        for xb, yb in loader:
            loss = criterion(model(xb), yb)
            if train:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            total, count = total + loss.item() * len(xb), count + len(xb)
    return total / count


for epoch in range(cfg.epochs):
    train_loss, test_loss = run(train_loader, True), run(test_loader, False)
    scheduler.step()
    print(f"[{epoch:02d}] train {train_loss:.4f} test {test_loss:.4f}")
y_test = torch.cat([y for _, y in test_loader])
score = 1 - test_loss / y_test.var(unbiased=False).item()
