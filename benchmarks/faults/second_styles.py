"""The second set's ways to write a training loop: other shapes than the first set's, and other names for all things."""
# the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

import re
from collections.abc import Mapping

from case import fill
from data_slots import LOSSES, SCORES
from loops import TAIL
from second_data import SECOND

HEAD = '''"""@title@"""

import copy
import hashlib
import math
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset, TensorDataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)

@data@

@network@

@extra@
'''

TUTORIAL = """
loss_of = @loss@
optimizer = @optimizer@
train_loader = DataLoader(TensorDataset(x_train, y_train), batch_size=@batch@, shuffle=@shuffle@)
test_loader = DataLoader(TensorDataset(x_test, y_test), batch_size=100)


def train(dataloader, model, loss_of, optimizer):
    size = len(dataloader.dataset)
    @train_mode@
    for number, (batch, target) in enumerate(dataloader):
        output = @forward@
        loss = loss_of(output, target)
        @zero@
        @backward@
        @update@
        if number % 20 == 0:
            print(f"loss: {loss.item():>7f}  [{number * len(batch):>5d}/{size:>5d}]")


def test(dataloader, model, loss_of):
    @eval_mode@
    total, outputs_, targets = 0.0, [], []
    with torch.no_grad():
        for batch, target in dataloader:
            output = @forward_test@
            total += loss_of(output, target).item()
            outputs_.append(output)
            targets.append(target)
    output, target = torch.cat(outputs_), torch.cat(targets)
    return total / len(dataloader), @score@


for epoch in range(@epochs@):
    train(train_loader, model, loss_of, optimizer)
    @after_epoch@
    mean_loss, score = test(test_loader, model, loss_of)
print(f"avg loss: {mean_loss:>8f}")
"""

CONFIG = """
config = {"epochs": @epochs@, "batch_size": @batch@, "print_every": 5}
criterion = @loss@
optimizer = @optimizer@
history = {"train": [], "valid": []}


def run_epoch(rows, learn):
    if learn:
        @train_mode@
    else:
        @eval_mode@
    x_part, y_part = (x_train, y_train) if learn else (x_test, y_test)
    losses, outs, marks = [], [], []
    with torch.set_grad_enabled(learn):
        for chosen in rows.split(config["batch_size"]):
            batch, target = x_part[chosen], y_part[chosen]
            if learn:
                @zero@
                output = @forward@
                loss = criterion(output, target)
                @backward@
                @update@
            else:
                output = @forward_test@
                loss = criterion(output, target)
            losses.append(loss.item())
            outs.append(output.detach())
            marks.append(target)
    output, target = torch.cat(outs), torch.cat(marks)
    return sum(losses) / len(losses), @score@


for epoch in range(config["epochs"]):
    rows = torch.randperm(len(x_train)) if @shuffle@ else torch.arange(len(x_train))
    train_loss, train_score = run_epoch(rows, learn=True)
    @after_epoch@
    valid_loss, score = run_epoch(torch.arange(len(x_test)), learn=False)
    history["train"].append(train_loss)
    history["valid"].append(valid_loss)
    if epoch % config["print_every"] == 0:
        print(epoch, train_loss, train_score, valid_loss, score)
"""

ENDLESS = """
loss_of = @loss@
optimizer = @optimizer@
batch_size, max_iters, eval_interval = @batch@, @steps@, 100


def get_batch(split):
    x_part, y_part = (x_train, y_train) if split == "train" else (x_test, y_test)
    picked = torch.randint(0, len(x_part), (batch_size,))
    return x_part[picked], y_part[picked]


@torch.no_grad()
def estimate_loss():
    @eval_mode@
    out = {}
    for split in ("train", "val"):
        losses = []
        for _ in range(4):
            batch, target = get_batch(split)
            losses.append(loss_of(@forward@, target).item())
        out[split] = sum(losses) / len(losses)
    @train_mode@
    return out


for it in range(max_iters):
    if it % eval_interval == 0:
        losses = estimate_loss()
        print(f"step {it}: train loss {losses['train']:.4f}, val loss {losses['val']:.4f}")
    batch, target = get_batch("train")
    output = @forward@
    loss = loss_of(output, target)
    @zero@
    @backward@
    @update@

@eval_mode@
with torch.no_grad():
    batch, target = x_test, y_test
    output = @forward_test@
    score = @score@
"""

SYSTEM = """
class Task(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net
        self.loss_of = @loss@

    def training_step(self, rows):
        model, loss_of = self.net, self.loss_of
        batch, target = rows
        output = @forward@
        return loss_of(output, target)

    def validation_step(self, rows):
        model = self.net
        batch, target = rows
        return @forward_test@, target

    def configure_optimizers(self):
        model = self.net
        @optimizer_lines@
        return optimizer


class Table(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __len__(self):
        return len(self.x)

    def __getitem__(self, row):
        return self.x[row], self.y[row]


def fit(task, epochs):
    optimizer = task.configure_optimizers()
    loader = DataLoader(Table(x_train, y_train), batch_size=@batch@, shuffle=@shuffle@)
    for epoch in range(epochs):
        model = task
        @train_mode@
        total = 0.0
        for rows in loader:
            @zero@
            loss = task.training_step(rows)
            @backward@
            @update@
            total += loss.item()
        @after_epoch@
    return total / len(loader)


def validate(task):
    model = task
    @eval_mode@
    with torch.no_grad():
        pairs = [task.validation_step(rows) for rows in DataLoader(Table(x_test, y_test), batch_size=64)]
    output, target = (torch.cat(part) for part in zip(*pairs))
    return @score@


task = Task(model)
print("last loss", fit(task, @epochs@))
score = validate(task)
"""

STYLES = {"tutorial": TUTORIAL, "config": CONFIG, "endless": ENDLESS, "system": SYSTEM}
NAMES: Mapping[str, Mapping[str, str]] = {
    "tutorial": {"batch": "X", "output": "pred", "target": "label", "loss_of": "loss_fn"},
    "config": {"batch": "xb", "output": "out", "target": "yb", "model": "net", "optimizer": "opt"},
    "endless": {"batch": "xs", "output": "logits", "target": "ys", "loss_of": "measure"},
    "system": {"batch": "features", "output": "guess", "target": "truth", "optimizer": "rule"},
}
"""Each style's own words; faults are written in the plain ones and follow along."""
DEFAULTS = {
    "optimizer": "torch.optim.Adam(model.parameters(), lr=0.004)",
    "batch": "25",
    "shuffle": "True",
    "epochs": "18",
    "steps": "500",
    "train_mode": "model.train()",
    "eval_mode": "model.eval()",
    "zero": "optimizer.zero_grad()",
    "forward": "model(batch)",
    "backward": "loss.backward()",
    "update": "optimizer.step()",
    "after_epoch": "pass",
    "threshold": "0",
    "extra": "",
}


def script(title: str, style: str, data: str, network: str, **slots: str) -> str:
    """A whole script: a style, a data set, a network, and whatever else differs from the defaults."""
    text, task = SECOND[data]
    values = {"loss": LOSSES[task], "score": SCORES[task]} | DEFAULTS | slots
    values["score"] = values["score"].replace("@threshold@", values.pop("threshold"))
    values.setdefault("forward_test", values["forward"])
    values["optimizer_lines"] = "optimizer = " + values["optimizer"]
    whole = fill(HEAD + STYLES[style], title=title, data=values.pop("data_text", text), network=network, **values)
    return _renamed(whole, NAMES[style]) + TAIL.replace("model.", NAMES[style].get("model", "model") + ".")


def _renamed(text: str, names: Mapping[str, str]) -> str:
    """Whole words, not behind a dot and not a keyword of a call."""
    for plain, own in names.items():
        text = re.sub(rf"(?<![\w.\"']){plain}(?![\w\"']|=[^=])", own, text)
    return text
