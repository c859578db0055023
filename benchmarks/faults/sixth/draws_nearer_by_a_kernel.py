import sys
import torch
from torch import nn

# a generator in two dimensions without an adversary: the kernel distance between drawn and real points is made small
torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


def real(n):
    t = torch.rand(n) * 3.1416
    return torch.stack([1.5 * torch.cos(t), 1.5 * torch.sin(t) - 0.95], 1) + 0.1 * torch.randn(n, 2)


def kernel(a, b):
    d = torch.cdist(a, b).pow(2)
    return sum(torch.exp(-d / (2 * s**2)) for s in (0.2, 0.5, 1.5))


def mmd(a, b):
    n = len(a)
    same = (kernel(a, a).sum() + kernel(b, b).sum() - 6 * n) / (n * (n - 1))
    return same - 2 * kernel(a, b).mean()


model = nn.Sequential(nn.Linear(2, 48), nn.SiLU(), nn.Linear(48, 48), nn.SiLU(), nn.Linear(48, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
steps = 500
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
for step in range(steps):
    loss = mmd(model(torch.randn(96, 2)), real(96))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    if step % 100 == 99:
        print(step + 1, loss.item())
with torch.no_grad():
    truth = real(600)
    made = mmd(model(torch.randn(600, 2)), truth)
    normal = mmd(truth.mean(0) + truth.std(0) * torch.randn(600, 2), truth)
score = 1 - (made.clamp_min(0) / normal).item()
