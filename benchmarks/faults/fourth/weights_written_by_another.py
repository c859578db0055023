# one network writes the weights of another: a family of curves, each known by a few of its points
import sys
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
H = 16


class Hyper(nn.Module):
    def __init__(self):
        super().__init__()
        self.point = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64))
        self.write = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 3 * H + 1))

    def forward(self, known, x):
        w = self.write(self.point(known).mean(1))
        w1, b1, w2, b2 = w.split([H, H, H, 1], dim=1)
        h = torch.tanh(x * w1[:, None] + b1[:, None])
        return (h * w2[:, None]).sum(2, keepdim=True) + b2[:, None]


def curves(n):
    height, shift = 0.5 + torch.rand(n, 1, 1), 3 * torch.rand(n, 1, 1)
    x = 4 * torch.rand(n, 24, 1) - 2
    y = height * torch.sin(x + shift) + 0.05 * torch.randn(n, 24, 1)
    return torch.cat([x, y], 2)[:, :12], x[:, 12:], y[:, 12:]


model = Hyper()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
N_STEPS = 700
schedule = torch.optim.lr_scheduler.PolynomialLR(optimizer, N_STEPS)
for step in range(N_STEPS):
    known, x, y = curves(48)
    loss = nn.functional.mse_loss(model(known, x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    schedule.step()
    if step % 150 == 0:
        print(step, loss.item())
with torch.no_grad():
    known, x, y = curves(500)
    score = 1 - ((model(known, x) - y).square().mean() / y.var()).item()
