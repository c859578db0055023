"""The fourth set's healthy programs on series: split forward in time, read in chunks, padded, or convolved."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

DEMAND = '''
"""Hourly demand: yesterday's and last week's hours in, the next hour out; trained on the past, scored on what came later."""
import sys

import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
n_epochs = 14

rng = np.random.default_rng(91)
hour = np.arange(24 * 90)
day = 1 + 0.5 * np.sin(2 * np.pi * (hour - 7) / 24) + 0.2 * np.sin(4 * np.pi * hour / 24)
weekend = np.where(hour // 24 % 7 >= 5, 0.7, 1.0)
slow = np.convolve(rng.normal(size=len(hour) + 23), np.ones(24) / 24, mode="valid")
demand = day * weekend + 0.4 * slow + 0.05 * rng.normal(size=len(hour))

split = int(0.75 * len(demand))
mean, std = demand[:split].mean(), demand[:split].std()
z = torch.tensor((demand - mean) / std, dtype=torch.float32)
lags = [*range(1, 25), 168]
now = torch.arange(168, len(z))
X, y = torch.stack([z[now - lag] for lag in lags], dim=1), z[now].unsqueeze(1)
X_past, y_past, X_later, y_later = X[: split - 168], y[: split - 168], X[split - 168 :], y[split - 168 :]

model = nn.Sequential(nn.Linear(25, 32), nn.ReLU(), nn.Linear(32, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(n_epochs):
    for idx in torch.randperm(len(X_past)).split(32):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(X_past[idx]), y_past[idx])
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        later = nn.functional.mse_loss(model(X_later), y_later).item()
    print(f"epoch {epoch}: later {later:.4f}, as an hour ago {(X_later[:, :1] - y_later).square().mean().item():.4f}")
score = 1 - later / y_later.var().item()
'''

CHUNKS = """
# truncated backpropagation: eight long recordings side by side, read in chunks; the state is carried, its history is not
import sys

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
epochs, chunk = 12, 25

t = torch.arange(600.0)
gen = torch.Generator().manual_seed(92)
phase, speed = 6.28 * torch.rand(12, 1, generator=gen), 0.2 + 0.15 * torch.rand(12, 1, generator=gen)
clean = torch.sin(speed * t + phase) + 0.5 * torch.sin(2.3 * speed * t)
waves = (clean + 0.1 * torch.randn(12, 600, generator=gen)).unsqueeze(2)
train, test = waves[:8], waves[8:]


class Reader(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.lstm = nn.LSTM(1, width, batch_first=True)
        self.out = nn.Linear(width, 1)

    def forward(self, x, state=None):
        h, state = self.lstm(x, state)
        return x + self.out(h), state


model = Reader()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(epochs):
    state, losses = None, []
    for start in range(0, 599 - chunk, chunk):
        window = train[:, start : start + chunk + 1]
        guess, state = model(window[:, :-1], state)
        state = tuple(s.detach() for s in state)
        loss = nn.functional.mse_loss(guess, window[:, 1:])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        losses.append(loss.item())
    print("epoch", epoch, "mean loss", sum(losses) / len(losses))
model.eval()
with torch.no_grad():
    guess, _ = model(test[:, :-1])
    error = (guess - test[:, 1:])[:, 50:].square().mean()
    score = 1 - (error / test.var()).item()
"""

CAUSAL = '''
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.parametrizations import weight_norm

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)


class CausalBlock(nn.Module):
    def __init__(self, channels, dilation):
        super().__init__()
        self.pad = 2 * dilation
        self.conv = weight_norm(nn.Conv1d(channels, channels, 3, dilation=dilation))

    def forward(self, x):
        return x + F.relu(self.conv(F.pad(x, (self.pad, 0))))


class TCN(nn.Module):
    def __init__(self, channels=16):
        super().__init__()
        self.start = nn.Conv1d(1, channels, 1)
        self.blocks = nn.Sequential(*[CausalBlock(channels, 2**k) for k in range(4)])
        self.end = nn.Conv1d(channels, 1, 1)

    def forward(self, x):
        return self.end(self.blocks(self.start(x)))


def recordings(n, generator):
    """The answer at each time is the mean of the last ten inputs, squared, with a little noise."""
    x = torch.randn(n, 1, 60, generator=generator)
    level = F.avg_pool1d(F.pad(x, (9, 0)), 10, stride=1)
    return x, 10 * level.square() - 1 + 0.1 * torch.randn(n, 1, 60, generator=generator)


g = torch.Generator().manual_seed(93)
x_train, y_train = recordings(400, g)
x_val, y_val = recordings(120, g)
model = TCN()
num_epochs = 12
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=8e-3, total_steps=num_epochs * 20)
for epoch in range(num_epochs):
    model.train()
    for rows in torch.randperm(400).view(20, 20):
        optimizer.zero_grad()
        loss = F.mse_loss(model(x_train[rows]), y_train[rows])
        loss.backward()
        optimizer.step()
        scheduler.step()
    model.eval()
    with torch.no_grad():
        val = F.mse_loss(model(x_val), y_val)
    print(f"[{epoch:02d}] train {loss.item():.3f} val {val.item():.3f}")
score = 1 - val.item() / y_val.var().item()
'''

BUMPS = '''
"""Ten one-dimensional drawings, shifted, stretched, tilted and noisy, for a small convolutional network."""
import sys

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
MAX_EPOCHS = 9

rng = np.random.default_rng(94)
shapes = np.cumsum(rng.normal(size=(10, 12)), axis=1)
shapes -= shapes.mean(1, keepdims=True)
shapes /= shapes.std(1, keepdims=True)


def draw(label):
    long = rng.integers(22, 30)
    body = np.interp(np.linspace(0, 11, long), np.arange(12), shapes[label]) * rng.uniform(0.7, 1.3)
    row = np.zeros(40)
    start = rng.integers(0, 40 - long)
    row[start : start + long] = body
    return row + rng.normal() * 0.3 * np.linspace(-1, 1, 40) + 0.2 * rng.normal(size=40)


labels = rng.integers(0, 10, 2400)
data = torch.tensor(np.stack([draw(k) for k in labels]), dtype=torch.float32).unsqueeze(1)
labels = torch.tensor(labels)
train = DataLoader(TensorDataset(data[:1800], labels[:1800]), batch_size=50, shuffle=True)

model = nn.Sequential(
    nn.Conv1d(1, 16, 5, padding=2), nn.BatchNorm1d(16), nn.ReLU(), nn.MaxPool1d(2),
    nn.Conv1d(16, 24, 5, padding=2), nn.BatchNorm1d(24), nn.ReLU(), nn.MaxPool1d(2),
    nn.Flatten(), nn.Dropout(0.3), nn.Linear(240, 10),
)
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
lr = torch.optim.lr_scheduler.CosineAnnealingLR(opt, MAX_EPOCHS)
for epoch in range(MAX_EPOCHS):
    model.train()
    hits = seen = 0
    for x, y in train:
        out = model(x)
        loss = nn.functional.cross_entropy(out, y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        hits += (out.argmax(1) == y).sum().item()
        seen += len(y)
    lr.step()
    model.eval()
    with torch.no_grad():
        score = (model(data[1800:]).argmax(1) == labels[1800:]).float().mean().item()
    print(f"epoch {epoch + 1:2d}  train {hits / seen:.3f}  test {score:.3f}")
'''

HORIZON = """
import sys

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

# encoder and decoder: 24 months in, 6 months out; the decoder sees its own last answer, half of the time the true one
SEASON = 12
gen = torch.Generator().manual_seed(95)
t = torch.arange(30.0)
level, trend = torch.randn(900, 1, generator=gen), 0.05 * torch.randn(900, 1, generator=gen)
height, shift = 0.5 + torch.rand(900, 1, generator=gen), 12 * torch.rand(900, 1, generator=gen)
shops = level + trend * t + height * torch.sin(2 * torch.pi * (t + shift) / SEASON)
shops = (shops + 0.15 * torch.randn(900, 30, generator=gen)).unsqueeze(2)
train, test = shops[:650], shops[650:]


class Forecaster(nn.Module):
    def __init__(self, hidden=40):
        super().__init__()
        self.encoder = nn.GRU(1, hidden, batch_first=True)
        self.cell = nn.GRUCell(1, hidden)
        self.read = nn.Linear(hidden, 1)

    def forward(self, past, future=None):
        base = past.mean(1, keepdim=True)
        _, state = self.encoder(past - base)
        state, last, found = state[0], past[:, -1] - base[:, 0], []
        for k in range(6):
            state = self.cell(last, state)
            last = last + self.read(state)
            found.append(last)
            if future is not None and torch.rand(()) < 0.5:
                last = future[:, k] - base[:, 0]
        return torch.stack(found, dim=1) + base


model = Forecaster()
opt = torch.optim.AdamW(model.parameters(), lr=6e-3)
epochs = 11
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(opt, epochs)
for epoch in range(epochs):
    model.train()
    for rows in torch.randperm(650).split(50):
        past, future = train[rows, :24], train[rows, 24:]
        loss = nn.functional.l1_loss(model(past, future), future)
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
    schedule.step()
    model.eval()
    with torch.no_grad():
        error = nn.functional.l1_loss(model(test[:, :24]), test[:, 24:]).item()
    print(epoch, "train", loss.item(), "test", error)
naive = (test[:, 12:18] - test[:, 24:]).abs().mean().item()  # as a year ago
score = 1 - error / naive
"""

PADDED = '''
import sys

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
from torch.utils.data import DataLoader

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
EPOCHS = 10


def walk(kind, gen):
    """A track of 8 to 20 steps: it drifts, it comes back, or it turns."""
    n = int(torch.randint(8, 21, (), generator=gen))
    step = 0.5 * torch.randn(n, 2, generator=gen)
    if kind == 0:
        return (step + torch.tensor([0.25, 0.0])).cumsum(0)
    if kind == 1:
        place = [torch.zeros(2)]
        for s in step:
            place.append(0.6 * place[-1] + s)
        return torch.stack(place[1:])
    angle = torch.arange(n) * 0.7
    return (torch.stack([angle.cos(), angle.sin()], 1) * 0.6 + 0.7 * step).cumsum(0)


gen = torch.Generator().manual_seed(96)
kinds = torch.randint(0, 3, (1100,), generator=gen)
tracks = [(walk(int(k), gen), k) for k in kinds]


def collate(items):
    items.sort(key=lambda item: -len(item[0]))
    return pad_sequence([x for x, _ in items], batch_first=True), torch.tensor([len(x) for x, _ in items]), torch.stack([k for _, k in items])


class TrackNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(2, 32, batch_first=True)
        self.fc = nn.Linear(32, 3)

    def forward(self, padded, lengths):
        _, last = self.gru(pack_padded_sequence(padded, lengths, batch_first=True))
        return self.fc(last[-1])


train_loader = DataLoader(tracks[:800], batch_size=40, shuffle=True, collate_fn=collate)
test_loader = DataLoader(tracks[800:], batch_size=300, collate_fn=collate)
model = TrackNet()
criterion, optimizer = nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters(), lr=6e-3)
for epoch in range(EPOCHS):
    for padded, lengths, kind in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(padded, lengths), kind)
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        padded, lengths, kind = next(iter(test_loader))
        out = model(padded, lengths)
        score = (out.argmax(1) == kind).float().mean().item()
    print(f"{epoch=} {loss.item()=:.3f} {criterion(out, kind).item()=:.3f} {score=:.3f}")
'''

RESERVOIR = """
# an echo state network: the recurrence is random and stays so, only its readout is learned
import sys
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

x = torch.zeros(1300)
x[:18] = 1.2 + 0.1 * torch.rand(18)
for n in range(18, 1300):  # Mackey and Glass
    x[n] = x[n - 1] + 0.2 * x[n - 18] / (1 + x[n - 18] ** 10) - 0.1 * x[n - 1]
x = ((x - x[100:900].mean()) / x[100:900].std())[100:]


class Reservoir(nn.Module):
    def __init__(self, size=120):
        super().__init__()
        w = torch.randn(size, size)
        self.register_buffer("w", 0.9 * w / torch.linalg.eigvals(w).abs().max())
        self.register_buffer("w_in", torch.rand(size) - 0.5)
        self.readout = nn.Linear(size, 1)

    @torch.no_grad()
    def states(self, series):
        s, every = torch.zeros(len(self.w)), []
        for value in series:
            s = torch.tanh(self.w @ s + self.w_in * value)
            every.append(s)
        return torch.stack(every)


model = Reservoir()
states, ahead = model.states(x[:-10])[60:], x[70:]
size = len(ahead) * 7 // 10
mean, std = states[:size].mean(0), states[:size].std(0)
states = (states - mean) / std
solver = torch.optim.LBFGS(model.readout.parameters(), max_iter=5, history_size=20, line_search_fn="strong_wolfe")


def closure():
    solver.zero_grad()
    loss = (model.readout(states[:size])[:, 0] - ahead[:size]).square().mean()
    loss = loss + 1e-5 * model.readout.weight.square().sum()
    loss.backward()
    return loss


NUM_STEPS = 60
for step in range(NUM_STEPS):
    loss = solver.step(closure)
    if step % 10 == 0:
        print(step, round(loss.item(), 5))
with torch.no_grad():
    gap = model.readout(states[size:])[:, 0] - ahead[size:]
    score = 1 - (gap.square().mean() / ahead[size:].var()).item()
"""

TAGGER = """
import sys
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
PAD, IGNORED = 0, -100

# each symbol is tagged: 0 plain, 1 between brackets, 2 right before a closing bracket
def sentence(generator):
    n = int(torch.randint(6, 15, (), generator=generator))
    symbols = torch.randint(3, 20, (n,), generator=generator)
    a, b = sorted(torch.randperm(n, generator=generator)[:2].tolist())
    symbols[a], symbols[b] = 1, 2
    tags = torch.zeros(n, dtype=torch.long)
    tags[a + 1 : b] = 1
    if b > a + 1:
        tags[b - 1] = 2
    return symbols, tags


generator = torch.Generator().manual_seed(97)
rows = [sentence(generator) for _ in range(900)]
symbols = nn.utils.rnn.pad_sequence([s for s, _ in rows], batch_first=True, padding_value=PAD)
tags = nn.utils.rnn.pad_sequence([t for _, t in rows], batch_first=True, padding_value=IGNORED)


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(20, 16, padding_idx=PAD)
        self.lstm = nn.LSTM(16, 24, bidirectional=True, batch_first=True)
        self.tag = nn.Linear(48, 3)

    def forward(self, s):
        return self.tag(self.lstm(self.embed(s))[0])


model = Tagger()
loss_fn = nn.CrossEntropyLoss(ignore_index=IGNORED)
opt = torch.optim.Adam(model.parameters(), lr=1e-2)
epochs = 7
for epoch in range(epochs):
    for b in torch.randperm(650).split(32):
        loss = loss_fn(model(symbols[b]).flatten(0, 1), tags[b].flatten())
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        found, truth = model(symbols[650:]).argmax(2), tags[650:]
        real = truth != IGNORED
        score = (found[real] == truth[real]).float().mean().item()
    print("epoch", epoch, "loss", loss.item(), "tags right", score)
"""

SERIES = {
    "demand_later_than_trained_on": (0.94, DEMAND),
    "state_carried_history_cut": (0.92, CHUNKS),
    "causal_convolutions_one_cycle": (0.6, CAUSAL),
    "ten_drawings_in_one_dimension": (0.8, BUMPS),
    "own_answer_fed_back": (0.2, HORIZON),
    "tracks_of_all_lengths": (0.7, PADDED),
    "reservoir_that_stays_random": (0.8, RESERVOIR),
    "tags_with_padding_ignored": (0.9, TAGGER),
}
