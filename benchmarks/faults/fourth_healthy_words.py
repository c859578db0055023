"""The fourth set's healthy programs on symbols and sets: small transformers, graphs, clouds and bags."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

GRAMMAR = '''
"""A small transformer reads letters and says the next one."""
import math
import random
import sys

import torch
from torch import nn
import torch.nn.functional as F

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)

# ------------ text of a small grammar
story = random.Random(101)
who, does, what = ["the cat", "a dog", "my aunt", "the king"], ["sees", "likes", "paints"], ["a tree", "the sea", "red wine"]
lines = [f"{story.choice(who)} {story.choice(does)} {story.choice(what)}." for _ in range(900)]
text = " ".join(lines)
chars = sorted(set(text))
data = torch.tensor([chars.index(c) for c in text])
cut = int(0.85 * len(data))
train_data, val_data = data[:cut], data[cut:]

# ------------ settings
block_size, batch_size, n_embd, n_head, n_layer = 16, 24, 32, 2, 1
max_steps, warmup, learning_rate = 300, 20, 1e-2


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(n_embd), nn.LayerNorm(n_embd)
        self.attn = nn.MultiheadAttention(n_embd, n_head, batch_first=True)
        self.mlp = nn.Sequential(nn.Linear(n_embd, 4 * n_embd), nn.GELU(), nn.Linear(4 * n_embd, n_embd))

    def forward(self, x, mask):
        h = self.ln1(x)
        x = x + self.attn(h, h, h, attn_mask=mask, need_weights=False)[0]
        return x + self.mlp(self.ln2(x))


class CharModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(len(chars), n_embd), nn.Embedding(block_size, n_embd)
        self.blocks = nn.ModuleList([Block() for _ in range(n_layer)])
        self.ln_f = nn.LayerNorm(n_embd)
        self.head = nn.Linear(n_embd, len(chars), bias=False)

    def forward(self, idx):
        t = idx.shape[1]
        x = self.wte(idx) + self.wpe(torch.arange(t))
        mask = torch.triu(torch.ones(t, t, dtype=torch.bool), 1)
        for block in self.blocks:
            x = block(x, mask)
        return self.head(self.ln_f(x))


def get_batch(source, n):
    at = torch.randint(len(source) - block_size - 1, (n,)).tolist()
    return torch.stack([source[i : i + block_size] for i in at]), torch.stack([source[i + 1 : i + 1 + block_size] for i in at])


def rate(step):
    if step < warmup:
        return (step + 1) / warmup
    return 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * (step - warmup) / (max_steps - warmup)))


model = CharModel()
decay = [p for p in model.parameters() if p.dim() >= 2]
rest = [p for p in model.parameters() if p.dim() < 2]
optimizer = torch.optim.AdamW([{"params": decay, "weight_decay": 0.1}, {"params": rest, "weight_decay": 0.0}], lr=learning_rate, betas=(0.9, 0.95))
schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
for step in range(max_steps):
    xb, yb = get_batch(train_data, batch_size)
    loss = F.cross_entropy(model(xb).flatten(0, 1), yb.flatten())
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    schedule.step()
    if step % 50 == 0:
        print(f"step {step}: loss {loss.item():.3f}")
model.eval()
with torch.no_grad():
    xb, yb = get_batch(val_data, 100)
    val = F.cross_entropy(model(xb).flatten(0, 1), yb.flatten()).item()
    shares = torch.bincount(train_data).float() / len(train_data)
    score = 1 - val / -(shares * shares.log()).sum().item()
'''

BLANKS = '''
# masked language model: a sixth of the symbols is hidden, the loss counts these places only
import sys

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
VOCAB, MASK, LENGTH = 12, 12, 8
num_steps = 450


def sequences(n):
    """Counting up or down around a circle of twelve, from anywhere."""
    start, stride = torch.randint(0, VOCAB, (n, 1)), 2 * torch.randint(0, 2, (n, 1)) - 1
    return (start + stride * torch.arange(LENGTH)) % VOCAB


class Encoder(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.symbol = nn.Embedding(VOCAB + 1, dim)
        self.place = nn.Parameter(0.1 * torch.randn(LENGTH, dim))
        layer = nn.TransformerEncoderLayer(dim, 4, 64, dropout=0.0, batch_first=True, norm_first=True, activation="gelu")
        self.layers = nn.TransformerEncoder(layer, 1, enable_nested_tensor=False)
        self.out = nn.Linear(dim, VOCAB)

    def forward(self, s):
        return self.out(self.layers(self.symbol(s) + self.place))


def hide(s):
    hidden = torch.rand(s.shape) < 1 / 6
    hidden[torch.arange(len(s)), torch.randint(0, LENGTH, (len(s),))] = True
    return s.masked_fill(hidden, MASK), hidden


model = Encoder()
opt = torch.optim.Adam(model.parameters(), lr=4e-3)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 8e-3, total_steps=num_steps, pct_start=0.15)
for step in range(num_steps):
    s = sequences(48)
    given, hidden = hide(s)
    loss = nn.functional.cross_entropy(model(given)[hidden], s[hidden])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 60 == 0:
        print(step, loss.item())
model.eval()
with torch.no_grad():
    s = sequences(200)
    given, hidden = hide(s)
    score = (model(given)[hidden].argmax(1) == s[hidden]).float().mean().item()
'''

MOODS = '''
import sys

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
num_epochs = 12

GOOD = "fine warm kind bright lovely gentle clever".split()
BAD = "cold dull rude broken sour noisy cheap".split()
PLAIN = "the a room meal staff was and we had our bed bath door very quite town near walk".split()
vocabulary = {word: i for i, word in enumerate(GOOD + BAD + PLAIN)}


def review(generator):
    """Plain words with some that praise or blame; one in twenty was filed under the wrong mood."""
    mood = int(torch.randint(0, 2, (), generator=generator))
    words = []
    for _ in range(int(torch.randint(6, 16, (), generator=generator))):
        u = torch.rand((), generator=generator)
        pool = PLAIN if u < 0.65 else ((BAD, GOOD)[mood] if u < 0.92 else (GOOD, BAD)[mood])
        words.append(pool[int(torch.randint(0, len(pool), (), generator=generator))])
    if torch.rand((), generator=generator) < 0.05:
        mood = 1 - mood
    return " ".join(words), mood


class Reviews(Dataset):
    def __init__(self, rows):
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        return self.rows[i]


def collate_batch(batch):
    words, offsets, moods = [], [0], []
    for text, mood in batch:
        ids = [vocabulary[word] for word in text.split()]
        words += ids
        offsets.append(len(ids))
        moods.append(mood)
    return torch.tensor(words), torch.tensor(offsets[:-1]).cumsum(0), torch.tensor(moods)


gen = torch.Generator().manual_seed(103)
rows = [review(gen) for _ in range(1300)]
train_dl = DataLoader(Reviews(rows[:900]), batch_size=32, shuffle=True, collate_fn=collate_batch)
valid_dl = DataLoader(Reviews(rows[900:]), batch_size=100, collate_fn=collate_batch)


class TextClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.EmbeddingBag(len(vocabulary), 12)
        self.fc = nn.Linear(12, 2)

    def forward(self, text, offsets):
        return self.fc(self.embedding(text, offsets))


model = TextClassifier()
criterion = torch.nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(1, num_epochs + 1):
    model.train()
    for text, offsets, mood in train_dl:
        optimizer.zero_grad()
        loss = criterion(model(text, offsets), mood)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.5)
        optimizer.step()
    model.eval()
    right = 0
    with torch.no_grad():
        for text, offsets, mood in valid_dl:
            right += (model(text, offsets).argmax(1) == mood).sum().item()
    print(f"| epoch {epoch:2d} | loss {loss.item():.3f} | valid accuracy {right / 400:.3f}")
score = right / 400
'''

CITIES = '''
"""Two rounds of neighbours' means on a graph with four communities; a tenth of the nodes is labelled."""
import sys

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
N, K = 400, 4

g = torch.Generator().manual_seed(104)
group = torch.randint(0, K, (N,), generator=g)
same = group[:, None] == group[None]
edges = torch.rand(N, N, generator=g) < torch.where(same, 0.06, 0.008)
A = torch.triu(edges, 1).float()
A = A + A.T + torch.eye(N)
degree = A.sum(1)
A_hat = A / (degree[:, None] * degree[None]).sqrt()
features = torch.randn(K, 16, generator=g)[group] * 0.5 + torch.randn(N, 16, generator=g)

perm = torch.randperm(N)
labelled, validation, test = perm[:80], perm[80:160], perm[160:]


class GCN(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(16, 24, bias=False), nn.Linear(24, K, bias=False)
        self.dropout = nn.Dropout(0.3)

    def forward(self, x, adjacency):
        x = torch.relu(adjacency @ self.first(self.dropout(x)))
        return adjacency @ self.second(self.dropout(x))


model = GCN()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-3)
n_epochs = 120
for epoch in range(n_epochs):
    model.train()
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(features, A_hat)[labelled], group[labelled])
    loss.backward()
    optimizer.step()
    if epoch % 20 == 19:
        model.eval()
        with torch.no_grad():
            right = model(features, A_hat).argmax(1) == group
        print(epoch + 1, "train", right[labelled].float().mean().item(), "val", right[validation].float().mean().item())
score = right[test].float().mean().item()
'''

BAGS = """
import sys
import torch
import torch.nn as nn

# multiple instances: a bag of patches is positive if at least one of them is; attention pools the bag
torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


def bags(n, generator):
    x = torch.randn(n, 10, 6, generator=generator)
    y = torch.randint(0, 2, (n,), generator=generator)
    for i in torch.nonzero(y)[:, 0].tolist():
        count = int(torch.randint(1, 4, (), generator=generator))
        x[i, torch.randperm(10, generator=generator)[:count], :3] += torch.tensor([2.0, -2.0, 2.0])
    return x, y.float()


class AttentionMIL(nn.Module):
    def __init__(self, dim=24):
        super().__init__()
        self.feature_extractor = nn.Sequential(nn.Linear(6, dim), nn.ReLU())
        self.attention_V = nn.Linear(dim, 16)
        self.attention_U = nn.Linear(dim, 16)
        self.attention_weights = nn.Linear(16, 1)
        self.classifier = nn.Linear(dim, 1)

    def forward(self, x):
        h = self.feature_extractor(x)
        a = self.attention_weights(torch.tanh(self.attention_V(h)) * torch.sigmoid(self.attention_U(h)))
        return self.classifier((a.softmax(dim=1) * h).sum(1)).squeeze(-1)


g = torch.Generator().manual_seed(105)
x_tr, y_tr = bags(700, g)
x_te, y_te = bags(400, g)
model = AttentionMIL()
bce = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3, weight_decay=1e-4)
EPOCHS = 20
for epoch in range(EPOCHS):
    epoch_loss = 0.
    for idx in torch.randperm(len(x_tr)).split(32):
        optimizer.zero_grad()
        loss = bce(model(x_tr[idx]), y_tr[idx])
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item() * len(idx) / len(x_tr)
    with torch.no_grad():
        out = model(x_te)
        score = ((out > 0) == y_te.bool()).float().mean().item()
    print('epoch {} train {:.3f} test {:.3f} acc {:.3f}'.format(epoch, epoch_loss, bce(out, y_te).item(), score))
"""

HULL = '''
"""Deep sets: the area that a handful of points spans, whatever their order and number."""
import sys

import numpy as np
import torch
from scipy.spatial import ConvexHull
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

rng = np.random.default_rng(106)
sets = rng.normal(size=(1500, 12, 2)) * rng.uniform(0.4, 1.2, size=(1500, 1, 2))
sizes = rng.integers(5, 13, size=1500)
area = np.array([ConvexHull(points[:n]).volume for points, n in zip(sets, sizes)])
points = torch.tensor(sets, dtype=torch.float32)
present = torch.tensor(np.arange(12)[None] < sizes[:, None]).unsqueeze(2)
target = torch.tensor(np.log(area), dtype=torch.float32)
target = (target - target[:1100].mean()) / target[:1100].std()


class DeepSet(nn.Module):
    def __init__(self):
        super().__init__()
        self.phi = nn.Sequential(nn.Linear(2, 48), nn.ELU(), nn.Linear(48, 48))
        self.rho = nn.Sequential(nn.Linear(96, 48), nn.ELU(), nn.Linear(48, 1))

    def forward(self, points, present):
        h = self.phi(points)
        largest = h.masked_fill(~present, -1e4).amax(1)
        mean = (h * present).sum(1) / present.sum(1)
        return self.rho(torch.cat([largest, mean], 1)).squeeze(1)


model = DeepSet()
optimizer = torch.optim.Adamax(model.parameters(), lr=5e-3)
total_epochs = 22
for epoch in range(total_epochs):
    for i in torch.randperm(1100).split(50):
        loss = nn.functional.mse_loss(model(points[i], present[i]), target[i])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 4 == 3:
        with torch.no_grad():
            held = nn.functional.mse_loss(model(points[1100:], present[1100:]), target[1100:])
        print(epoch, round(loss.item(), 4), round(held.item(), 4))
with torch.no_grad():
    score = 1 - (model(points[1100:], present[1100:]) - target[1100:]).square().mean().item() / target[1100:].var().item()
'''

SPOKEN = """
# connectionist temporal classification: three symbols somewhere in twenty frames, nobody says where
import sys
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
SYMBOLS, FRAMES = 4, 20
sound = torch.randn(SYMBOLS, 8, generator=torch.Generator().manual_seed(107))


def utterances(n, generator):
    words = torch.randint(0, SYMBOLS, (n, 3), generator=generator)
    frames = 0.4 * torch.randn(n, FRAMES, 8, generator=generator)
    for row in range(n):
        at = 1 + int(torch.randint(0, 3, (), generator=generator))
        for symbol in words[row].tolist():
            long = int(torch.randint(2, 5, (), generator=generator))
            frames[row, at : at + long] += sound[symbol]
            at += long + 1 + int(torch.randint(0, 2, (), generator=generator))
    return frames, words + 1


g = torch.Generator().manual_seed(108)
x, words = utterances(900, g)


class Listener(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(8, 32, 3, padding=1)
        self.gru = nn.GRU(32, 24, batch_first=True, bidirectional=True)
        self.out = nn.Linear(48, SYMBOLS + 1)

    def forward(self, frames):
        h = torch.relu(self.conv(frames.transpose(1, 2))).transpose(1, 2)
        return self.out(self.gru(h)[0]).log_softmax(2)


def transcript(log_shares):
    best = [torch.unique_consecutive(row) for row in log_shares.argmax(2)]
    return [row[row > 0].tolist() for row in best]


model, ctc = Listener(), nn.CTCLoss(blank=0)
opt = torch.optim.Adam(model.parameters(), lr=8e-3)
epochs = 6
for epoch in range(epochs):
    for b in torch.randperm(650).split(26):
        out = model(x[b]).transpose(0, 1)
        loss = ctc(out, words[b], torch.full((len(b),), FRAMES), torch.full((len(b),), 3))
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        opt.step()
    with torch.no_grad():
        heard = transcript(model(x[650:]))
    score = sum(a == b for a, b in zip(heard, words[650:].tolist())) / 250
    print(epoch, loss.item(), score)
"""

SHOP = """
import sys
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

# two towers: customers and goods, their inner product, the other goods of the batch as negatives
gen = torch.Generator().manual_seed(109)
taste, nature = torch.randn(300, 4, generator=gen), torch.randn(60, 4, generator=gen)
bought = torch.multinomial(torch.softmax(2 * taste @ nature.T, 1), 16, generator=gen)
seen, later = bought[:, :12], bought[:, 12:]


class Tower(nn.Module):
    def __init__(self, n, dim=16):
        super().__init__()
        self.table = nn.Embedding(n, dim)
        nn.init.normal_(self.table.weight, std=0.3)
        self.mix = nn.Linear(dim, dim)

    def forward(self, ids):
        e = self.table(ids)
        return e + torch.tanh(self.mix(e))


customers, goods = Tower(300), Tower(60)
model = nn.ModuleDict({"customers": customers, "goods": goods})
who = torch.arange(300).repeat_interleave(12)
what = seen.flatten()
popularity = torch.bincount(what, minlength=60).float().add(1).log()
opt = torch.optim.Adam(model.parameters(), lr=1e-2, weight_decay=2e-4)
N_EPOCHS = 16
for epoch in range(N_EPOCHS):
    total = 0.0
    for b in torch.randperm(len(who)).split(100):
        logits = customers(who[b]) @ goods(what[b]).T - popularity[what[b]]
        repeated = (what[b][:, None] == what[b][None]) & ~torch.eye(len(b), dtype=torch.bool)
        loss = F.cross_entropy(logits.masked_fill(repeated, -1e4), torch.arange(len(b)))
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    print("epoch", epoch, "loss", total / 36)
with torch.no_grad():
    like = customers(torch.arange(300)) @ goods(torch.arange(60)).T
    like.scatter_(1, seen, -1e4)
    score = (like.topk(10, dim=1).indices[:, :, None] == later[:, None]).any(1).float().mean().item()
"""

WORDS = {
    "letters_of_a_small_grammar": (0.5, GRAMMAR),
    "hidden_symbols_alone_count": (0.8, BLANKS),
    "moods_by_bags_with_offsets": (0.8, MOODS),
    "neighbours_on_a_graph": (0.8, CITIES),
    "one_patch_decides_the_bag": (0.85, BAGS),
    "area_of_a_set": (0.85, HULL),
    "heard_without_alignment": (0.8, SPOKEN),
    "two_towers_other_rows_as_negatives": (0.3, SHOP),
}
