# low-rank adapters: a network that knows one field is led to a neighbouring one, its own weights stay
import sys
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
pre_steps, adapt_steps = 700, 500
direction = torch.randn(8, 3, generator=torch.Generator().manual_seed(132))


def field(n, turn):
    x = torch.randn(n, 8)
    a = x @ direction / 8**0.5
    y = torch.sin(2 * a[:, 0] + turn) + a[:, 1] * a[:, 2] + 0.5 * turn * a[:, 1]
    return x, y.unsqueeze(1) + 0.05 * torch.randn(n, 1)


class LoRALinear(nn.Module):
    def __init__(self, base, rank=4, alpha=8):
        super().__init__()
        self.base = base.requires_grad_(False)
        self.A = nn.Parameter(torch.randn(rank, base.in_features) / base.in_features**0.5)
        self.B = nn.Parameter(torch.zeros(base.out_features, rank))
        self.scale = alpha / rank

    def forward(self, x):
        return self.base(x) + self.scale * (x @ self.A.T @ self.B.T)


def train(net, x, y, steps, lr):
    optimizer = torch.optim.AdamW((p for p in net.parameters() if p.requires_grad), lr=lr, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for step in range(steps):
        rows = torch.randint(len(x), (64,))
        loss = nn.functional.mse_loss(net(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    print("last loss", loss.item())


model = nn.Sequential(nn.Linear(8, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
train(model, *field(4000, 0.0), pre_steps, 6e-3)
model.requires_grad_(False)
for k in (0, 2, 4):
    model[k] = LoRALinear(model[k])
train(model, *field(1500, 0.8), adapt_steps, 1e-2)
x, y = field(1000, 0.8)
with torch.no_grad():
    score = 1 - ((model(x) - y).pow(2).mean() / y.var()).item()
