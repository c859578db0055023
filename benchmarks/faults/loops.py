"""The styles in which people write a training loop: one skeleton each, with the same slots."""
# the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from case import fill
from data_slots import DATA, FUNCTIONAL_LOSSES, LOSSES, SCORES, TASKS

HEAD = '''"""@title@"""

import hashlib
import sys

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)

@data@

@network@

'''
TAIL = """
digest = hashlib.sha256(b"".join(p.detach().numpy().tobytes() for p in model.parameters())).hexdigest()
print(f"score {score:.6f}")
print(f"digest {digest}")
"""

LOADER = """
loss_of = @loss@
optimizer = @optimizer@
loader = DataLoader(TensorDataset(x_train, y_train), batch_size=@batch@, shuffle=@shuffle@)

for epoch in range(@epochs@):
    @train_mode@
    for batch, target in loader:
        @zero@
        output = @forward@
        loss = loss_of(output, target)
        @backward@
        @update@
    @after_epoch@
    @eval_mode@
    with torch.no_grad():
        output, target = @evaluate@, y_test
        held_out = loss_of(output, target).item()
        score = @score@
    print(f"epoch {epoch} loss {loss.item():.5f} held out {held_out:.5f} score {score:.4f}")
"""

FULL_BATCH = """
loss_of = @loss@
optimizer = @optimizer@

for step in range(@steps@):
    @train_mode@
    @zero@
    batch, target = x_train, y_train
    output = @forward@
    loss = loss_of(output, target)
    @backward@
    @update@
    if step % 50 == 0:
        print(f"step {step} loss {loss.item():.5f}")
@after_epoch@
@eval_mode@
with torch.no_grad():
    output, target = @evaluate@, y_test
    score = @score@
"""

SLICES = """
optimizer = @optimizer@


def loss_of(output, target):
    return @functional@(output, target)


def train_epoch(epoch):
    @train_mode@
    order = torch.randperm(len(x_train)) if @shuffle@ else torch.arange(len(x_train))
    total = 0.0
    for start in range(0, len(order), @batch@):
        rows = order[start : start + @batch@]
        batch, target = x_train[rows], y_train[rows]
        @zero@
        output = @forward@
        loss = loss_of(output, target)
        @backward@
        @update@
        total += loss.item() * len(rows)
    @after_epoch@
    return total / len(order)


@torch.no_grad()
def evaluate():
    @eval_mode@
    output, target = @evaluate@, y_test
    return @score@


for epoch in range(@epochs@):
    mean_loss = train_epoch(epoch)
    score = evaluate()
    if epoch % 5 == 0:
        print(epoch, round(mean_loss, 5), round(score, 4))
"""

TRAINER = """
class Trainer:
    def __init__(self, model):
        self.model = model
        self.optimizer = @optimizer@
        self.loss_of = @loss@
        self.history = []

    def step(self, batch, target):
        model, optimizer, loss_of = self.model, self.optimizer, self.loss_of
        @zero@
        output = @forward@
        loss = loss_of(output, target)
        @backward@
        @update@
        return loss.detach()

    def fit(self, loader, epochs):
        model = self.model
        for epoch in range(epochs):
            @train_mode@
            losses = torch.stack([self.step(batch, target) for batch, target in loader])
            @after_epoch@
            self.history.append((losses.mean().item(), self.validate()))

    def validate(self):
        model, loss_of = self.model, self.loss_of
        @eval_mode@
        with torch.no_grad():
            output, target = @evaluate@, y_test
            return @score@


trainer = Trainer(model)
trainer.fit(DataLoader(TensorDataset(x_train, y_train), batch_size=@batch@, shuffle=@shuffle@), @epochs@)
score = trainer.history[-1][1]
print(trainer.history[-1])
"""

STYLES = {"loader": LOADER, "full": FULL_BATCH, "slices": SLICES, "trainer": TRAINER}
DEFAULTS = {
    "optimizer": "torch.optim.Adam(model.parameters(), lr=0.005)",
    "batch": "32",
    "shuffle": "True",
    "epochs": "15",
    "steps": "300",
    "train_mode": "model.train()",
    "eval_mode": "model.eval()",
    "zero": "optimizer.zero_grad()",
    "forward": "model(batch)",
    "backward": "loss.backward()",
    "update": "optimizer.step()",
    "after_epoch": "pass",
    "evaluate": "model(x_test)",
    "threshold": "0",
}


def script(title: str, style: str, data: str, network: str, **slots: str) -> str:
    """A whole script: a style, a data set, a network, and whatever else differs from the defaults.

    `data_text` replaces the text of the data set (its task stays); `extra` stands between the network and the loop.
    """
    task = TASKS[data]
    extra = slots.pop("extra", "")
    text = slots.pop("data_text", DATA[data])
    values = {"loss": LOSSES[task], "functional": FUNCTIONAL_LOSSES[task], "score": SCORES[task]} | DEFAULTS | slots
    if "loss" in slots and "functional" not in slots:
        values["functional"] = f"({slots['loss']})"
    threshold = values.pop("threshold")
    values["score"] = values["score"].replace("@threshold@", threshold)
    whole = HEAD + extra + "\n" + STYLES[style] + TAIL
    return fill(whole, title=title, data=text, network=network, **values)
