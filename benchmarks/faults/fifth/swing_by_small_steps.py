# a pendulum with friction: the network gives the change, Euler's rule adds it up
import sys
import torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

DT = 0.1
def law(s):
    return torch.stack([s[..., 1], -2.0 * torch.sin(s[..., 0]) - 0.2 * s[..., 1]], -1)

def simulate(n, steps=10, fine=10):
    s = torch.randn(n, 2) * torch.tensor([1.0, 0.7])
    path = [s]
    for _ in range(steps):
        for _ in range(fine):
            s = s + DT / fine * law(s)
        path.append(s)
    return torch.stack(path, 1)

train, test = simulate(500), simulate(200)
train_seen = train + 0.02 * torch.randn_like(train)

class ODEFunc(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 2))

    def forward(self, s):
        return self.net(s)

def rollout(f, s, steps):
    path = []
    for _ in range(steps):
        s = s + DT * f(s)
        path.append(s)
    return torch.stack(path, 1)

model = ODEFunc()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
n_iter = 400
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, n_iter, eta_min=1e-4)
for it in range(n_iter):
    rows = torch.randint(500, (64,))
    loss = (rollout(model, train_seen[rows, 0], 10) - train_seen[rows, 1:]).abs().mean()
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    scheduler.step()
    if it % 50 == 0:
        print("iteration %d  mean error %.4f" % (it, loss.item()))
with torch.no_grad():
    moved = test[:, 1:] - test[:, :1]
    wrong = rollout(model, test[:, 0], 10) - test[:, 1:]
score = 1 - (wrong.pow(2).mean() / moved.pow(2).mean()).item()
