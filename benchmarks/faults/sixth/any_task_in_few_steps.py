"""Reptile: a start from which a few steps learn any one of a family of sines; judged on new ones after those steps."""
import copy
import sys

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


class Task:
    def __init__(self):
        self.amplitude, self.phase = 0.5 + 1.5 * torch.rand(1), 1.5 * torch.rand(1)

    def points(self, n):
        x = torch.rand(n, 1) * 4 - 2
        return x / 1.155, self.amplitude * torch.sin(1.5 * x + self.phase)


def adapted(net, x, y, steps=6, lr=0.05):
    fast = copy.deepcopy(net)
    inner = torch.optim.SGD(fast.parameters(), lr=lr)
    for _ in range(steps):
        loss = nn.functional.mse_loss(fast(x), y)
        inner.zero_grad()
        loss.backward()
        inner.step()
    return fast, loss.item()


model = nn.Sequential(nn.Linear(1, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh(), nn.Linear(40, 1))
meta_iters, rate = 450, 0.5
for it in range(meta_iters):
    fast, last = adapted(model, *Task().points(20))
    share = rate * (1 - it / meta_iters)
    with torch.no_grad():
        for slow, quick in zip(model.parameters(), fast.parameters()):
            slow.add_(share * (quick - slow))
    if it % 100 == 99:
        print(it + 1, "loss at the end of a task", round(last, 4))

errors, spreads = [], []
for _ in range(40):
    task = Task()
    fast, _ = adapted(model, *task.points(12), steps=12)
    x, y = task.points(100)
    with torch.no_grad():
        errors.append((fast(x) - y).pow(2).mean())
        spreads.append(y.pow(2).mean())
score = 1 - (sum(errors) / sum(spreads)).item()
