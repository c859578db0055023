"""A trainer with callbacks, as one writes it for the third project."""
import copy
import sys
from dataclasses import dataclass, field

import torch
from sklearn.datasets import load_wine
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset


@dataclass
class Config:
    seed: int = 0
    epochs: int = 40
    batch_size: int = 20
    lr: float = 5e-3
    weight_decay: float = 1e-2
    history: list = field(default_factory=list)


class WineData(Dataset):
    def __init__(self):
        raw = load_wine()
        self.x, self.y = torch.tensor(raw.data, dtype=torch.float32), torch.tensor(raw.target)

    def scale_by(self, indices):
        mean, std = self.x[indices].mean(0), self.x[indices].std(0)
        self.x = (self.x - mean) / std

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return {"features": self.x[i], "target": self.y[i]}


class KeepBest:
    def __init__(self):
        self.loss, self.state = float("inf"), None

    def on_epoch_end(self, trainer, logs):
        if logs["val_loss"] < self.loss:
            self.loss, self.state = logs["val_loss"], copy.deepcopy(trainer.model.state_dict())

    def on_end(self, trainer):
        trainer.model.load_state_dict(self.state)


class Printer:
    def on_epoch_end(self, trainer, logs):
        if logs["epoch"] % 10 == 0:
            print({k: round(v, 4) for k, v in logs.items()})

    def on_end(self, trainer):
        print("done")


class Trainer:
    def __init__(self, model, config, callbacks):
        self.model, self.config, self.callbacks = model, config, callbacks
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=config.lr, weight_decay=config.weight_decay)

    def training_step(self, batch):
        return nn.functional.cross_entropy(self.model(batch["features"]), batch["target"])

    def fit(self, train_loader, val_loader):
        for epoch in range(self.config.epochs):
            self.model.train()
            losses = []
            for batch in train_loader:
                loss = self.training_step(batch)
                self.optimizer.zero_grad()
                loss.backward()
                self.optimizer.step()
                losses.append(loss.item())
            logs = {"epoch": epoch, "loss": sum(losses) / len(losses), **self.evaluate(val_loader, "val")}
            self.config.history.append(logs)
            for callback in self.callbacks:
                callback.on_epoch_end(self, logs)
        for callback in self.callbacks:
            callback.on_end(self)

    @torch.no_grad()
    def evaluate(self, loader, name):
        self.model.eval()
        loss, right, n = 0.0, 0, 0
        for batch in loader:
            out = self.model(batch["features"])
            loss += nn.functional.cross_entropy(out, batch["target"], reduction="sum").item()
            right += (out.argmax(1) == batch["target"]).sum().item()
            n += len(out)
        return {f"{name}_loss": loss / n, f"{name}_accuracy": right / n}


def main():
    config = Config(seed=int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    torch.set_num_threads(1)
    torch.manual_seed(config.seed)
    data = WineData()
    train, val, test = torch.randperm(len(data)).split([90, 40, 48])
    data.scale_by(train)
    train_loader = DataLoader(Subset(data, train.tolist()), config.batch_size, shuffle=True)
    val_loader, test_loader = (DataLoader(Subset(data, part.tolist()), 64) for part in (val, test))
    model = nn.Sequential(nn.Linear(13, 24), nn.ReLU(), nn.Dropout(0.2), nn.Linear(24, 3))
    trainer = Trainer(model, config, [KeepBest(), Printer()])
    trainer.fit(train_loader, val_loader)
    return model, trainer.evaluate(test_loader, "test")["test_accuracy"]


if __name__ == "__main__":
    model, score = main()
