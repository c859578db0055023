"""Trains the same network with Lightning: bare, bare again, and with the callback; prints digests of its weights."""

import hashlib
import logging
import sys
import warnings
from pathlib import Path

import torch
from lightning.pytorch import LightningModule, Trainer, seed_everything
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

warnings.simplefilter("ignore")
logging.getLogger("lightning").setLevel(logging.ERROR)
torch.set_num_threads(1)


class Network(LightningModule):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, 3))

    def forward(self, x):
        return self.body(x)

    def training_step(self, batch, number):
        return nn.functional.cross_entropy(self(batch[0]), batch[1])

    def validation_step(self, batch, number):
        self.log("val_loss", nn.functional.cross_entropy(self(batch[0]), batch[1]))

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=0.01)


def train(*callbacks):
    seed_everything(3, verbose=False)
    x = torch.randn(320, 6)
    y = x[:, :3].argmax(1)
    model = Network()
    trainer = Trainer(
        max_epochs=5, accelerator="cpu", logger=False, callbacks=list(callbacks), enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False, gradient_clip_val=1.0,
    )  # fmt: skip
    trainer.fit(
        model,
        DataLoader(TensorDataset(x[:256], y[:256]), 32, shuffle=True),
        DataLoader(TensorDataset(x[256:], y[256:]), 32),
    )
    weights = b"".join(p.detach().numpy().tobytes() for p in model.parameters())
    return hashlib.sha256(weights).hexdigest(), torch.rand(1).item(), float(trainer.callback_metrics["val_loss"])


def main():
    from whyfit.integrations.lightning import WatchCallback

    print(train())
    print(train())
    watching = WatchCallback(overhead=0.5)
    print(train(watching))
    watching.report().save(Path(sys.argv[1]))


main()
