"""Trains the same network with the Hugging Face Trainer: bare, bare again, and with the callback."""

import hashlib
import sys
import tempfile
import warnings
from pathlib import Path

import torch
from torch import nn
from transformers import Trainer, TrainingArguments, set_seed
from transformers.utils import logging

warnings.simplefilter("ignore")
logging.set_verbosity_error()
torch.set_num_threads(1)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, 3))

    def forward(self, x=None, labels=None):
        logits = self.body(x)
        return {"loss": nn.functional.cross_entropy(logits, labels), "logits": logits}


def train(place, *callbacks):
    set_seed(3)
    x = torch.randn(320, 6)
    rows = [{"x": one, "labels": label} for one, label in zip(x, x[:, :3].argmax(1), strict=True)]
    model = Network()
    arguments = TrainingArguments(
        output_dir=place, num_train_epochs=5, per_device_train_batch_size=32, learning_rate=0.01, report_to=[],
        eval_strategy="epoch", save_strategy="no", logging_strategy="no", disable_tqdm=True, use_cpu=True, seed=3,
    )  # fmt: skip
    trainer = Trainer(model, arguments, train_dataset=rows[:256], eval_dataset=rows[256:], callbacks=list(callbacks))
    trainer.train()
    weights = b"".join(p.detach().numpy().tobytes() for p in model.parameters())
    return hashlib.sha256(weights).hexdigest(), torch.rand(1).item()


def main():
    from whyfit.integrations.transformers import WatchCallback

    with tempfile.TemporaryDirectory() as place:
        print(train(place))
        print(train(place))
        watching = WatchCallback(overhead=0.5)
        print(train(place, watching))
    watching.report().save(Path(sys.argv[1]))


main()
