"""The third set's ways to write a training loop: again other shapes, and other names for all things."""
# the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from collections.abc import Mapping

from case import fill
from data_slots import LOSSES, SCORES
from loops import TAIL
from second_styles import _renamed
from third_data import THIRD

HEAD = '''"""@title@"""

import copy
import hashlib
import itertools
import math
import sys
from collections import OrderedDict
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, Dataset, TensorDataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)

@data@

@network@

@extra@
'''

KAGGLE = """
class Rows(Dataset):
    def __init__(self, features, answers):
        self.features, self.answers = features, answers

    def __len__(self):
        return len(self.features)

    def __getitem__(self, i):
        return self.features[i], self.answers[i]


loss_of = @loss@
optimizer = @optimizer@
train_loader = DataLoader(Rows(x_train, y_train), batch_size=@batch@, shuffle=@shuffle@)
valid_loader = DataLoader(Rows(x_test, y_test), batch_size=128, shuffle=False)


def train_one_epoch(epoch):
    @train_mode@
    running, seen = 0.0, 0
    for step, (batch, target) in enumerate(train_loader):
        @zero@
        output = @forward@
        loss = loss_of(output, target)
        @backward@
        @update@
        running += loss.item() * len(batch)
        seen += len(batch)
    @after_loop@
    return running / seen


@torch.no_grad()
def valid_one_epoch(epoch):
    @eval_mode@
    running, outs, truths = 0.0, [], []
    for batch, target in valid_loader:
        output = @forward_test@
        running += loss_of(output, target).item() * len(batch)
        outs.append(output.cpu())
        truths.append(target.cpu())
    output, target = torch.cat(outs), torch.cat(truths)
    return running / len(valid_loader.dataset), @score@


best = (float("-inf"), 0)
for epoch in range(1, @epochs@ + 1):
    train_loss = train_one_epoch(epoch)
    @after_epoch@
    valid_loss, score = valid_one_epoch(epoch)
    best = max(best, (score, epoch))
    if epoch % 4 == 0:
        print(f"epoch {epoch:03d} train {train_loss:.4f} valid {valid_loss:.4f} score {score:.4f} best {best}")
"""

CELLS = """
optimizer = @optimizer@
loss_of = @loss@
curve = []
for epoch in range(@epochs@):
    @train_mode@
    order = torch.randperm(len(x_train)) if @shuffle@ else torch.arange(len(x_train))
    for i in range(0, len(order), @batch@):
        idx = order[i : i + @batch@]
        batch, target = x_train[idx], y_train[idx]
        output = @forward@
        loss = loss_of(output, target)
        @zero@
        @backward@
        @update@
        curve.append(loss.item())
    @after_loop@
    @after_epoch@
    @eval_mode@
    with torch.inference_mode():
        batch, target = x_test, y_test
        output = @forward_test@
        held_out, score = loss_of(output, target).item(), @score@
    print("Epoch:", epoch, "| train loss: %.4f" % curve[-1], "| test loss: %.4f" % held_out, "| %.3f" % score)
"""

LEARNER = """
class Learner:
    def __init__(self, model, train_dl, valid_dl):
        self.model, self.train_dl, self.valid_dl = model, train_dl, valid_dl
        self.loss_of = @loss@
        self.optimizer = @optimizer@
        self.log = []

    def one_batch(self, batch, target):
        model, loss_of, optimizer = self.model, self.loss_of, self.optimizer
        output = @forward@
        loss = loss_of(output, target)
        @backward@
        @update@
        @zero@
        return loss.detach()

    def one_epoch(self, epoch):
        model, loss_of, optimizer = self.model, self.loss_of, self.optimizer
        @train_mode@
        self.log.append(sum(self.one_batch(batch, target) for batch, target in self.train_dl) / len(self.train_dl))
        @after_loop@
        @after_epoch@

    def validate(self):
        model = self.model
        @eval_mode@
        outs, truths = [], []
        with torch.no_grad():
            for batch, target in self.valid_dl:
                outs.append(@forward_test@)
                truths.append(target)
        output, target = torch.cat(outs), torch.cat(truths)
        return @score@

    def fit(self, epochs):
        for epoch in range(epochs):
            self.one_epoch(epoch)
            score = self.validate()
        return score


train_dl = DataLoader(TensorDataset(x_train, y_train), @batch@, shuffle=@shuffle@)
learner = Learner(model, train_dl, DataLoader(TensorDataset(x_test, y_test), 96))
score = learner.fit(@epochs@)
print("losses", [round(float(one), 4) for one in learner.log[-3:]])
"""

CYCLE = """
def cycle(loader):
    while True:
        yield from loader


optimizer = @optimizer@
loss_of = @loss@
stream = cycle(DataLoader(TensorDataset(x_train, y_train), batch_size=@batch@, shuffle=@shuffle@, drop_last=True))
@train_mode@
for step in range(@steps@):
    batch, target = next(stream)
    @zero@
    output = @forward@
    loss = loss_of(output, target)
    @backward@
    @update@
    if (step + 1) % 120 == 0:
        @eval_mode@
        with torch.no_grad():
            batch, target = x_test, y_test
            output = @forward_test@
            print("step", step + 1, "loss", loss.item(), "held out", loss_of(output, target).item())
        @train_mode@

@eval_mode@
with torch.no_grad():
    batch, target = x_test, y_test
    output = @forward_test@
    score = @score@
"""

MAIN = """
@dataclass
class Settings:
    epochs: int = @epochs@
    batch_size: int = @batch@
    log_every: int = 4


def train(model, loader, loss_of, optimizer, epoch):
    @train_mode@
    for number, (batch, target) in enumerate(loader):
        @zero@
        output = @forward@
        loss = loss_of(output, target)
        @backward@
        @update@
    @after_loop@
    return loss.item()


def evaluate(model, loader):
    @eval_mode@
    outs, truths = [], []
    for batch, target in loader:
        with torch.no_grad():
            output = @forward_test@
        outs.append(output)
        truths.append(target)
    output, target = torch.cat(outs), torch.cat(truths)
    return @score@


def main(settings):
    loss_of = @loss@
    optimizer = @optimizer_indented@
    loaders = {
        "train": DataLoader(TensorDataset(x_train, y_train), batch_size=settings.batch_size, shuffle=@shuffle@),
        "test": DataLoader(TensorDataset(x_test, y_test), batch_size=256),
    }
    for epoch in range(settings.epochs):
        last = train(model, loaders["train"], loss_of, optimizer, epoch)
        @after_epoch@
        result = evaluate(model, loaders["test"])
        if epoch % settings.log_every == 0:
            print(f"[{epoch}] loss={last:.4f} score={result:.4f}")
    return result


score = main(Settings())
"""

STYLES = {"kaggle": KAGGLE, "cells": CELLS, "learner": LEARNER, "cycle": CYCLE, "main": MAIN}
NAMES: Mapping[str, Mapping[str, str]] = {
    "kaggle": {"batch": "data", "output": "preds", "target": "labels", "loss_of": "criterion"},
    "cells": {"batch": "b_x", "output": "prediction", "target": "b_y", "loss_of": "loss_func", "model": "net"},
    "learner": {"batch": "xs", "output": "ys_hat", "target": "ys"},
    "cycle": {"batch": "x", "output": "y_hat", "target": "y", "optimizer": "opt", "model": "network"},
    "main": {"batch": "samples", "output": "scores", "target": "answers", "loss_of": "objective"},
}
"""Each style's own words; faults are written in the plain ones and follow along."""
DEFAULTS = {
    "optimizer": "optim.Adam(model.parameters(), lr=0.003)",
    "batch": "40",
    "shuffle": "True",
    "epochs": "16",
    "steps": "400",
    "train_mode": "model.train()",
    "eval_mode": "model.eval()",
    "zero": "optimizer.zero_grad()",
    "forward": "model(batch)",
    "backward": "loss.backward()",
    "update": "optimizer.step()",
    "after_loop": "pass",
    "after_epoch": "pass",
    "threshold": "0",
    "extra": "",
}


def script(title: str, style: str, data: str, network: str, **slots: str) -> str:
    """A whole script: a style, a data set, a network, and whatever else differs from the defaults."""
    text, task = THIRD[data]
    values = {"loss": LOSSES[task], "score": SCORES[task]} | DEFAULTS | slots
    values["score"] = values["score"].replace("@threshold@", values.pop("threshold"))
    values.setdefault("forward_test", values["forward"])
    if style == "learner":
        values["optimizer"] = values["optimizer"].replace("optimizer", "self.optimizer")
    skeleton = STYLES[style].replace("    optimizer = @optimizer_indented@", "    @optimizer_lines@")
    values["optimizer_lines"] = "optimizer = " + values["optimizer"]
    whole = fill(HEAD + skeleton, title=title, data=values.pop("data_text", text), network=network, **values)
    return _renamed(whole, NAMES[style]) + TAIL.replace("model.", NAMES[style].get("model", "model") + ".")


def whole(title: str, data: str | None, text: str) -> str:
    """A script whose loop has a shape of its own."""
    head = HEAD
    for name, part in {"title": title, "data": THIRD[data][0] if data else "", "network": "", "extra": ""}.items():
        head = head.replace(f"@{name}@", part)
    return head.rstrip("\n") + "\n\n" + text.strip("\n") + "\n" + TAIL
