# two pictures through one network: are they the same digit?
import sys
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
x, y = load_digits(return_X_y=True)
x, y = torch.tensor(x / 16).float(), torch.tensor(y)
mix = torch.randperm(len(y))
x, y = x[mix], y[mix]
x_train, y_train, x_test, y_test = x[:1200], y[:1200], x[1200:], y[1200:]


def pairs(y, n):
    a, b = torch.randint(len(y), (2, n))
    wanted = torch.rand(n) < 0.5
    for i in torch.nonzero(wanted)[:, 0].tolist():
        alike = torch.nonzero(y == y[a[i]])[:, 0]
        b[i] = alike[torch.randint(len(alike), ())]
    return a, b, (y[a] == y[b]).float()


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.branch = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 16))

    def forward(self, one, other):
        return (self.branch(one) - self.branch(other)).square().sum(1).add(1e-6).sqrt()


model = Siamese()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
steps, margin = 500, 2.0
for step in range(steps):
    a, b, same = pairs(y_train, 64)
    d = model(x_train[a], x_train[b])
    loss = (same * d**2 + (1 - same) * (margin - d).clamp(min=0) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 99:
        print(f"step {step + 1} loss {loss.item():.3f}")
with torch.no_grad():
    a, b, same = pairs(y_test, 2000)
    score = ((model(x_test[a], x_test[b]) < margin / 2).float() == same).float().mean().item()
