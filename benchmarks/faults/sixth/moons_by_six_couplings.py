"""Two moons as a density: six affine couplings; the gain over one normal in nats, against what a mixture gains."""
import sys

import torch
from sklearn.datasets import make_moons
from sklearn.mixture import GaussianMixture
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
x = torch.tensor(make_moons(2600, noise=0.12, random_state=seed)[0], dtype=torch.float32)
x_train, x_test = x[:2000], x[2000:]
mean, std = x_train.mean(0), x_train.std(0)
x_train, x_test = (x_train - mean) / std, (x_test - mean) / std


class Coupling(nn.Module):
    def __init__(self, flip, width=32):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, width), nn.Tanh(), nn.Linear(width, 2))
        nn.init.zeros_(self.net[2].weight)
        nn.init.zeros_(self.net[2].bias)

    def forward(self, x):
        kept, moved = (x[:, 1:], x[:, :1]) if self.flip else (x[:, :1], x[:, 1:])
        log_scale, shift = self.net(kept).chunk(2, dim=1)
        log_scale = 1.5 * torch.tanh(log_scale)
        moved = moved * log_scale.exp() + shift
        return torch.cat([moved, kept] if self.flip else [kept, moved], 1), log_scale[:, 0]


class Flow(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(Coupling(flip=bool(k % 2)) for k in range(6))
        self.register_buffer("log_2pi", torch.log(torch.tensor(2 * torch.pi)))

    def log_prob(self, x):
        total = 0.0
        for layer in self.layers:
            x, log_det = layer(x)
            total = total + log_det
        return total - 0.5 * x.pow(2).sum(1) - self.log_2pi


model = Flow()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
n_steps = 450
decay = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, n_steps)
for step in range(n_steps):
    rows = torch.randint(len(x_train), (128,))
    loss = -model.log_prob(x_train[rows]).mean()
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    optimizer.step()
    decay.step()
    if step % 100 == 99:
        print(step + 1, loss.item())
with torch.no_grad():
    reached = model.log_prob(x_test).mean().item()
normal = GaussianMixture(1, random_state=0).fit(x_train.numpy()).score(x_test.numpy())
mixture = GaussianMixture(8, random_state=0).fit(x_train.numpy()).score(x_test.numpy())
score = (reached - normal) / (mixture - normal)
