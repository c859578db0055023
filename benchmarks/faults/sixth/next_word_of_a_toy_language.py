"""A tiny decoder with causal attention over sentences of a small chain; the loss against that of single words is the score."""
import math
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
VOCAB, LENGTH, DIM, HEADS = 5, 16, 32, 4
follow = F.softmax(2.5 * torch.randn(VOCAB, VOCAB, VOCAB, generator=torch.Generator().manual_seed(70)), dim=-1)


def sentences(n):
    words = [torch.randint(VOCAB, (n,)), torch.randint(VOCAB, (n,))]
    for _ in range(LENGTH - 1):
        words.append(torch.multinomial(follow[words[-2], words[-1]], 1)[:, 0])
    return torch.stack(words, 1)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(DIM), nn.LayerNorm(DIM)
        self.qkv, self.proj = nn.Linear(DIM, 3 * DIM), nn.Linear(DIM, DIM)
        self.mlp = nn.Sequential(nn.Linear(DIM, 4 * DIM), nn.GELU(), nn.Linear(4 * DIM, DIM))

    def forward(self, x):
        B, T, _ = x.shape
        q, k, v = (a.view(B, T, HEADS, -1).transpose(1, 2) for a in self.qkv(self.ln1(x)).split(DIM, dim=2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.proj(y.transpose(1, 2).reshape(B, T, DIM))
        return x + self.mlp(self.ln2(x))


class MiniGPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok, self.pos = nn.Embedding(VOCAB, DIM), nn.Embedding(LENGTH, DIM)
        self.blocks = nn.Sequential(Block())
        self.ln, self.head = nn.LayerNorm(DIM), nn.Linear(DIM, VOCAB, bias=False)

    def forward(self, idx):
        x = self.tok(idx) + self.pos.weight[: idx.shape[1]]
        return self.head(self.ln(self.blocks(x)))


test = sentences(150)
model = MiniGPT()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2, betas=(0.9, 0.95), weight_decay=0.05)
max_steps = 420
for step in range(max_steps):
    rate = min((step + 1) / 30, 0.5 + 0.5 * math.cos(math.pi * step / max_steps))
    for group in optimizer.param_groups:
        group["lr"] = 1e-2 * rate
    batch = sentences(16)
    loss = F.cross_entropy(model(batch[:, :-1]).reshape(-1, VOCAB), batch[:, 1:].reshape(-1))
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    if step % 50 == 49:
        print(f"step {step + 1}: loss {loss.item():.4f}")
with torch.no_grad():
    held_out = F.cross_entropy(model(test[:, 1:-1]).reshape(-1, VOCAB), test[:, 2:].reshape(-1)).item()
share = torch.bincount(test.flatten(), minlength=VOCAB) / test.numel()
score = 1 - held_out / -(share * share.log()).sum().item()
