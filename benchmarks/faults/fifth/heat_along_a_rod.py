"""Physics in the loss: u_t = 0.1 u_xx on a rod held at zero, from its start alone; the exact solution judges."""
import math
import sys

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
ALPHA = 0.1


class Field(nn.Module):
    def __init__(self, width=24):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(2, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1)
        )

    def forward(self, x, t):
        return self.net(torch.cat([2 * x - 1, 2 * t - 1], dim=1))


def grad(out, inp):
    return torch.autograd.grad(out.sum(), inp, create_graph=True)[0]


def residual(model, x, t):
    x, t = x.requires_grad_(), t.requires_grad_()
    u = model(x, t)
    u_x = grad(u, x)
    return grad(u, t) - ALPHA * grad(u_x, x)


model = Field()
steps = 700
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.996)
start = torch.linspace(0, 1, 50).unsqueeze(1)
for step in range(steps):
    interior = residual(model, torch.rand(128, 1), torch.rand(128, 1))
    t_edge = torch.rand(32, 1)
    edges = torch.cat([model(torch.zeros_like(t_edge), t_edge), model(torch.ones_like(t_edge), t_edge)])
    initial = model(start, torch.zeros_like(start)) - torch.sin(math.pi * start)
    loss = interior.pow(2).mean() + 10 * edges.pow(2).mean() + 10 * initial.pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    if step % 100 == 0:
        print(f"step {step} loss {loss.item():.5f}")

x, t = (a.reshape(-1, 1) for a in torch.meshgrid(torch.linspace(0, 1, 30), torch.linspace(0, 1, 30), indexing="ij"))
exact = torch.exp(-ALPHA * math.pi**2 * t) * torch.sin(math.pi * x)
with torch.no_grad():
    score = 1 - ((model(x, t) - exact).pow(2).mean() / exact.var()).item()
