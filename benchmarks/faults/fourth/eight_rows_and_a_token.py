import sys

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)

images, labels = load_digits(return_X_y=True)
x_tr, x_te, y_tr, y_te = train_test_split(images / 8 - 1, labels, test_size=0.25, stratify=labels, random_state=seed)
x_tr, x_te = (torch.tensor(x, dtype=torch.float32).view(-1, 8, 8) for x in (x_tr, x_te))
y_tr, y_te = torch.tensor(y_tr), torch.tensor(y_te)


class Attention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.qkv, self.out = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        x = nn.functional.scaled_dot_product_attention(q, k, v)
        return self.out(x.transpose(1, 2).reshape(b, n, d))


class ViT(nn.Module):
    """Eight rows of pixels, and one token that answers."""

    def __init__(self, dim=32, depth=1):
        super().__init__()
        self.embed = nn.Linear(8, dim)
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos = nn.Parameter(0.02 * torch.randn(1, 9, dim))
        self.norms = nn.ModuleList([nn.LayerNorm(dim) for _ in range(2 * depth + 1)])
        self.attend = nn.ModuleList([Attention(dim, 4) for _ in range(depth)])
        self.feed = nn.ModuleList([nn.Sequential(nn.Linear(dim, 64), nn.GELU(), nn.Linear(64, dim)) for _ in range(depth)])
        self.head = nn.Linear(dim, 10)

    def forward(self, x):
        x = torch.cat([self.cls.expand(len(x), -1, -1), self.embed(x)], dim=1) + self.pos
        for i, (attend, feed) in enumerate(zip(self.attend, self.feed)):
            x = x + attend(self.norms[2 * i](x))
            x = x + feed(self.norms[2 * i + 1](x))
        return self.head(self.norms[-1](x[:, 0]))


model = ViT()
epochs, batch_size = 15, 64
optimizer = torch.optim.AdamW(model.parameters(), lr=6e-3, weight_decay=0.05)
total = epochs * (len(x_tr) // batch_size)
warm = torch.optim.lr_scheduler.LinearLR(optimizer, 0.05, total_iters=total // 10)
cool = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, total - total // 10)
scheduler = torch.optim.lr_scheduler.SequentialLR(optimizer, [warm, cool], [total // 10])
for epoch in range(epochs):
    order = torch.randperm(len(x_tr))
    for k in range(len(x_tr) // batch_size):
        rows = order[k * batch_size : (k + 1) * batch_size]
        loss = nn.functional.cross_entropy(model(x_tr[rows]), y_tr[rows])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
    with torch.no_grad():
        score = (model(x_te).argmax(1) == y_te).float().mean().item()
    print("epoch", epoch, "loss", round(loss.item(), 3), "accuracy", round(score, 3))
