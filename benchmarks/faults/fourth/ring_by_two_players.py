# two players, hinge losses, spectral norms: points on a ring
import sys
import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


def real(n):
    turn = 6.2832 * torch.rand(n, 1)
    return torch.cat([turn.cos(), turn.sin()], 1) + 0.05 * torch.randn(n, 2)


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 2))

    def forward(self, n):
        return self.net(torch.randn(n, 2))


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(spectral_norm(nn.Linear(2, 64)), nn.LeakyReLU(0.2), spectral_norm(nn.Linear(64, 64)),
                                 nn.LeakyReLU(0.2), spectral_norm(nn.Linear(64, 1)))

    def forward(self, x):
        return 4 * self.net(x)


G, D = Generator(), Discriminator()
opt_G = torch.optim.Adam(G.parameters(), lr=2e-3, betas=(0.0, 0.9))
opt_D = torch.optim.Adam(D.parameters(), lr=3e-3, betas=(0.0, 0.9))
n_steps = 500
for step in range(n_steps):
    fake = G(64).detach()
    d_loss = torch.relu(1 - D(real(64))).mean() + torch.relu(1 + D(fake)).mean()
    opt_D.zero_grad()
    d_loss.backward()
    opt_D.step()

    for p in D.parameters():
        p.requires_grad_(False)
    g_loss = -D(G(64)).mean()
    opt_G.zero_grad()
    g_loss.backward()
    opt_G.step()
    for p in D.parameters():
        p.requires_grad_(True)
    if step % 100 == 99:
        print(f"[{step + 1}] D {d_loss.item():.3f} G {g_loss.item():.3f}")


def sliced(a, b):
    """The mean distance between sorted projections, over 64 directions."""
    way = torch.nn.functional.normalize(torch.randn(2, 64), dim=0)
    return ((a @ way).sort(0).values - (b @ way).sort(0).values).abs().mean().item()


model = G
with torch.no_grad():
    score = 1 - sliced(G(1500), real(1500)) / sliced(torch.zeros(1500, 2), real(1500))
