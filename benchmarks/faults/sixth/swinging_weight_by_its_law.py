"""A damped oscillator from its equation and its start alone; nobody shows the network the solution."""
import math
import sys

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
DAMPING, OMEGA, END = 0.3, 2.0, 3.0


def solution(t):
    w = math.sqrt(OMEGA**2 - DAMPING**2)
    return torch.exp(-DAMPING * t) * (torch.cos(w * t) + DAMPING / w * torch.sin(w * t))


class Path(nn.Module):
    """x(0) = 1 and x'(0) = 0 hold by the way it is written."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))

    def forward(self, t):
        return 1 + t**2 * self.net(2 * t / END - 1) / 4


def slope(y, t):
    return torch.autograd.grad(y.sum(), t, create_graph=True)[0]


model = Path()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
num_steps = 800
scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1e-2, total_steps=num_steps)
for step in range(num_steps):
    t = (torch.rand(48, 1) * END).requires_grad_(True)
    x = model(t)
    v = slope(x, t)
    residual = slope(v, t) + 2 * DAMPING * v + OMEGA**2 * x
    loss = residual.pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    if step % 100 == 99:
        print(step + 1, loss.item())
t = torch.linspace(0, END, 200).unsqueeze(1)
with torch.no_grad():
    score = 1 - ((model(t) - solution(t)).pow(2).mean() / solution(t).var()).item()
