"""A picture as a function of place: sine units, started as their authors say; every fourth pixel is held out."""
import sys
import math

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
STEPS, OMEGA = 500, 10.0


class Sine(nn.Module):
    def __init__(self, n_in, n_out, first=False):
        super().__init__()
        self.linear = nn.Linear(n_in, n_out)
        bound = 1 / n_in if first else math.sqrt(6 / n_in) / OMEGA
        nn.init.uniform_(self.linear.weight, -bound, bound)

    def forward(self, x):
        return torch.sin(OMEGA * self.linear(x))


line = torch.linspace(-1, 1, 48)
place = torch.cartesian_prod(line, line)
value = torch.sin(6 * place[:, 0]) * torch.cos(5 * place[:, 1]) + torch.tanh(8 * (place[:, 0] * place[:, 1]))
value = value.unsqueeze(1)
held = torch.rand(len(place)) < 0.25
x, y, x_held, y_held = place[~held], value[~held], place[held], value[held]
model = nn.Sequential(Sine(2, 48, first=True), Sine(48, 48), nn.Linear(48, 1))
nn.init.uniform_(model[2].weight, -0.1, 0.1)
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for step in range(STEPS):
    rows = torch.randint(len(x), (256,))
    loss = (model(x[rows]) - y[rows]).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 100 == 0:
        print(step, loss.item())
with torch.no_grad():
    score = 1 - ((model(x_held) - y_held).pow(2).mean() / y_held.var()).item()
