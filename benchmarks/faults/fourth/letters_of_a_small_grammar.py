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
