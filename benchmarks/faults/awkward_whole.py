"""Awkward healthy programs whose loops have a shape of their own, written out whole."""
# the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

from data_slots import DATA
from loops import TAIL

HEAD = '''"""@title@"""

import copy
import hashlib
import sys

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
'''

TWO_OPTIMIZERS = """
body = nn.Sequential(nn.Linear(inputs, 64), nn.ReLU())
head = nn.Linear(64, outputs)
model = nn.Sequential(body, head)
first = torch.optim.SGD(body.parameters(), lr=0.05, momentum=0.9)
second = torch.optim.Adam(head.parameters(), lr=0.005)
for epoch in range(15):
    for rows in torch.randperm(len(x_train)).split(32):
        first.zero_grad()
        second.zero_grad()
        loss = F.cross_entropy(model(x_train[rows]), y_train[rows])
        loss.backward()
        first.step()
        second.step()
model.eval()
with torch.no_grad():
    score = (model(x_test).argmax(1) == y_test).float().mean().item()
"""

TIED = """
class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.encode = nn.Linear(inputs, 24)
        self.bias = nn.Parameter(torch.zeros(inputs))

    def forward(self, x):
        return F.linear(torch.tanh(self.encode(x)), self.encode.weight.T, self.bias)


model = Tied()
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
for epoch in range(40):
    for rows in torch.randperm(len(x_train)).split(64):
        optimizer.zero_grad()
        loss = F.mse_loss(model(x_train[rows]), x_train[rows])
        loss.backward()
        optimizer.step()
model.eval()
with torch.no_grad():
    score = 1 - (F.mse_loss(model(x_test), x_test) / x_test.var()).item()
"""

ADVERSARIES = """
real = torch.randn(2000, 2) * torch.tensor([0.5, 1.5]) + torch.tensor([1.0, -1.0])
maker = nn.Sequential(nn.Linear(4, 32), nn.LeakyReLU(0.2), nn.Linear(32, 2))
judge = nn.Sequential(nn.Linear(2, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
make_rule = torch.optim.Adam(maker.parameters(), lr=1e-3, betas=(0.5, 0.9))
judge_rule = torch.optim.Adam(judge.parameters(), lr=1e-3, betas=(0.5, 0.9))
ones, zeros = torch.ones(64, 1), torch.zeros(64, 1)
for step in range(800):
    rows = real[torch.randint(0, len(real), (64,))]
    made = maker(torch.randn(64, 4))
    judge_rule.zero_grad()
    loss = F.binary_cross_entropy_with_logits(judge(rows), ones)
    loss = loss + F.binary_cross_entropy_with_logits(judge(made.detach()), zeros)
    loss.backward()
    judge_rule.step()
    make_rule.zero_grad()
    F.binary_cross_entropy_with_logits(judge(made), ones).backward()
    make_rule.step()
model = maker
with torch.no_grad():
    score = -(maker(torch.randn(1000, 4)).mean(0) - real.mean(0)).norm().item()
"""

AVERAGE_TEACHER = """
model = nn.Sequential(nn.Linear(inputs, 64), nn.ReLU(), nn.Dropout(0.1), nn.Linear(64, outputs))
teacher = copy.deepcopy(model)
for parameter in teacher.parameters():
    parameter.requires_grad_(False)
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
for epoch in range(15):
    model.train()
    for rows in torch.randperm(len(x_train)).split(32):
        optimizer.zero_grad()
        output = model(x_train[rows])
        with torch.no_grad():
            soft = teacher(x_train[rows]).softmax(1)
        loss = F.cross_entropy(output, y_train[rows]) + 0.1 * F.mse_loss(output.softmax(1), soft)
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            for slow, fast in zip(teacher.parameters(), model.parameters()):
                slow.lerp_(fast, 0.02)
model.eval()
with torch.no_grad():
    score = (model(x_test).argmax(1) == y_test).float().mean().item()
"""

SEVERAL_HEADS = """
body = nn.Sequential(nn.Linear(inputs, 64), nn.ReLU())
heads = nn.ModuleList([nn.Linear(64, outputs), nn.Linear(64, 1)])
model = nn.ModuleList([body, heads])
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
for epoch in range(15):
    for number, rows in enumerate(torch.randperm(len(x_train)).split(32)):
        optimizer.zero_grad()
        hidden = body(x_train[rows])
        if number % 3 == 0:
            loss = F.mse_loss(heads[1](hidden)[:, 0], x_train[rows].mean(1))
        else:
            loss = F.cross_entropy(heads[0](hidden), y_train[rows])
        loss.backward()
        optimizer.step()
with torch.no_grad():
    score = (heads[0](body(x_test)).argmax(1) == y_test).float().mean().item()
"""

FREEZE_THEN_THAW = """
model = nn.Sequential(nn.Linear(inputs, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, outputs))


def fit(parameters, rate, epochs):
    optimizer = torch.optim.Adam(parameters, lr=rate)
    for epoch in range(epochs):
        for rows in torch.randperm(len(x_train)).split(32):
            optimizer.zero_grad()
            F.cross_entropy(model(x_train[rows]), y_train[rows]).backward()
            optimizer.step()


for parameter in model[0].parameters():
    parameter.requires_grad = False
fit(model[2:].parameters(), 0.005, 8)
for parameter in model[0].parameters():
    parameter.requires_grad = True
fit(model.parameters(), 0.0005, 8)
with torch.no_grad():
    score = (model(x_test).argmax(1) == y_test).float().mean().item()
"""

FOLDS = """
scores = []
for fold in range(3):
    torch.manual_seed(seed + fold)
    held = torch.arange(len(x_train)) % 3 == fold
    model = nn.Sequential(nn.Linear(inputs, 32), nn.ReLU(), nn.Linear(32, outputs))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    for epoch in range(10):
        model.train()
        for rows in torch.randperm(int((~held).sum())).split(32):
            optimizer.zero_grad()
            F.cross_entropy(model(x_train[~held][rows]), y_train[~held][rows]).backward()
            optimizer.step()
    model.eval()
    with torch.no_grad():
        scores.append((model(x_train[held]).argmax(1) == y_train[held]).float().mean().item())
score = sum(scores) / 3
"""

POLICY = """
goal = torch.randn(4, 3)
model = nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
baseline = 0.0
for step in range(400):
    state = torch.randn(64, 4)
    choice = torch.distributions.Categorical(logits=model(state))
    action = choice.sample()
    reward = ((state @ goal).argmax(1) == action).float()
    optimizer.zero_grad()
    (-(choice.log_prob(action) * (reward - baseline)).mean() - 0.001 * choice.entropy().mean()).backward()
    optimizer.step()
    baseline = 0.9 * baseline + 0.1 * reward.mean().item()
with torch.no_grad():
    state = torch.randn(2000, 4)
    score = ((state @ goal).argmax(1) == model(state).argmax(1)).float().mean().item()
"""

VARIATIONAL = """
encode = nn.Sequential(nn.Linear(inputs, 48), nn.ReLU(), nn.Linear(48, 8))
decode = nn.Sequential(nn.Linear(4, 48), nn.ReLU(), nn.Linear(48, inputs))
model = nn.ModuleList([encode, decode])
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
for epoch in range(15):
    for rows in torch.randperm(len(x_train)).split(64):
        mean, log_variance = encode(x_train[rows]).chunk(2, dim=1)
        code = mean + torch.randn_like(mean) * (0.5 * log_variance).exp()
        kl = -0.5 * (1 + log_variance - mean**2 - log_variance.exp()).sum(1).mean()
        loss = F.mse_loss(decode(code), x_train[rows], reduction="sum") / len(rows) + 0.1 * kl
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
with torch.no_grad():
    score = 1 - (F.mse_loss(decode(encode(x_test).chunk(2, dim=1)[0]), x_test) / x_test.var()).item()
"""

SPARSE_TABLE = """
words = torch.randint(0, 500, (1500, 6))
weight = torch.randn(500)
target = (weight[words].sum(1) > 0).long()
model = nn.Sequential(nn.EmbeddingBag(500, 16, sparse=True, mode="sum"), nn.Linear(16, 2))
rules = [torch.optim.SparseAdam(list(model[0].parameters()), lr=0.05), torch.optim.SGD(model[1].parameters(), lr=0.05)]
for epoch in range(15):
    for rows in torch.randperm(1200).split(64):
        for rule in rules:
            rule.zero_grad()
        F.cross_entropy(model(words[rows]), target[rows]).backward()
        for rule in rules:
            rule.step()
with torch.no_grad():
    score = (model(words[1200:]).argmax(1) == target[1200:]).float().mean().item()
"""

CONTRAST = """
model = nn.Sequential(nn.Linear(inputs, 64), nn.ReLU(), nn.Linear(64, 16))
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
groups = [torch.nonzero(y_train == label)[:, 0] for label in range(outputs)]
for step in range(300):
    picked = torch.cat([group[torch.randint(0, len(group), (4,))] for group in groups])
    codes = F.normalize(model(x_train[picked]), dim=1)
    alike = (codes @ codes.T / 0.2).fill_diagonal_(-1e9)
    same = (y_train[picked][:, None] == y_train[picked][None]).float().fill_diagonal_(0.0)
    loss = -(F.log_softmax(alike, dim=1) * same).sum(1).div(3).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
model.eval()
with torch.no_grad():
    near = F.normalize(model(x_test), dim=1) @ F.normalize(model(x_train), dim=1).T
    score = (y_train[near.argmax(1)] == y_test).float().mean().item()
"""

UPDATED_NORM = """
model = nn.Sequential(nn.Linear(inputs, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, outputs))
average = torch.optim.swa_utils.AveragedModel(model)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for epoch in range(15):
    model.train()
    for rows in torch.randperm(len(x_train)).split(64):
        optimizer.zero_grad()
        F.cross_entropy(model(x_train[rows]), y_train[rows]).backward()
        optimizer.step()
    if epoch >= 8:
        average.update_parameters(model)
torch.optim.swa_utils.update_bn(x_train.split(64), average)
average.eval()
with torch.no_grad():
    score = (average(x_test).argmax(1) == y_test).float().mean().item()
"""

TEXTS = {
    "two_optimizers": ("digits", TWO_OPTIMIZERS),
    "tied_weights": ("digits", TIED),
    "adversaries": (None, ADVERSARIES),
    "average_teacher": ("digits", AVERAGE_TEACHER),
    "several_heads": ("digits", SEVERAL_HEADS),
    "freeze_then_thaw": ("digits", FREEZE_THEN_THAW),
    "folds": ("digits", FOLDS),
    "policy": (None, POLICY),
    "variational": ("digits", VARIATIONAL),
    "sparse_table": (None, SPARSE_TABLE),
    "contrast": ("digits", CONTRAST),
    "updated_norm": ("digits", UPDATED_NORM),
}
WHOLE = {
    name: HEAD.replace("@title@", name.replace("_", " ").capitalize() + ".")
    + "\n" + (DATA[data].strip("\n") + "\n" if data else "") + text + TAIL
    for name, (data, text) in TEXTS.items()
}  # fmt: skip
"""Name to text."""
