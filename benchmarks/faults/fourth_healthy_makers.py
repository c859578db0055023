"""The fourth set's healthy programs that make things or act: densities, codes, adversaries, policies, values."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

BLACK_AND_WHITE = '''
"""A variational autoencoder of black and white digits; the divergence is weighed in slowly."""
import sys

import torch
from sklearn.datasets import load_digits
from torch import nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
EPOCHS = 40

x = (torch.tensor(load_digits().data) > 7).float()
x = x[torch.randperm(len(x))]
x_train, x_test = x[:1300], x[1300:]


class VAE(nn.Module):
    def __init__(self, latent=8):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 96), nn.ReLU())
        self.mu, self.logvar = nn.Linear(96, latent), nn.Linear(96, latent)
        self.dec = nn.Sequential(nn.Linear(latent, 96), nn.ReLU(), nn.Linear(96, 64))

    def forward(self, x):
        h = self.enc(x)
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        return self.dec(z), mu, logvar


def bound(model, x, beta=1.0):
    logits, mu, logvar = model(x)
    reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1)
    divergence = -0.5 * (1 + logvar - mu**2 - logvar.exp()).sum(1)
    return (reconstruction + beta * divergence).mean()


model = VAE()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(EPOCHS):
    for rows in torch.randperm(len(x_train)).split(50):
        loss = bound(model, x_train[rows], beta=min(1.0, (epoch + 1) / 8))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            print(epoch + 1, "train", bound(model, x_train).item(), "test", bound(model, x_test).item())
with torch.no_grad():
    mean = x_train.mean(0).clamp(0.005, 0.995).logit().expand_as(x_test)
    alone = F.binary_cross_entropy_with_logits(mean, x_test, reduction="none").sum(1).mean()
    score = 1 - (bound(model, x_test) / alone).item()
'''

RING = '''
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
'''

PIXEL_BY_PIXEL = '''
import sys

import torch
from sklearn.datasets import load_digits
from torch import nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


class MaskedLinear(nn.Linear):
    def __init__(self, n_in, n_out, mask):
        super().__init__(n_in, n_out)
        self.register_buffer("mask", mask.float())

    def forward(self, x):
        return F.linear(x, self.weight * self.mask, self.bias)


class MADE(nn.Module):
    """Each pixel from those before it."""

    def __init__(self, d=64, hidden=256):
        super().__init__()
        own, unit = torch.arange(d), torch.arange(hidden) % (d - 1)
        self.fc1 = MaskedLinear(d, hidden, unit[:, None] >= own[None])
        self.fc2 = MaskedLinear(hidden, d, own[:, None] > unit[None])

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))


def bits(model, x):
    return F.binary_cross_entropy_with_logits(model(x), x, reduction="none").sum(1).mean()


data = (torch.tensor(load_digits().data, dtype=torch.float32) > 7).float()
data = data[torch.randperm(len(data))]
train, valid = data[:1400], data[1400:]
model = MADE()
opt = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.1)
EPOCHS = 28
for epoch in range(EPOCHS):
    for b in torch.randperm(1400).split(50):
        loss = bits(model, train[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        held = bits(model, valid).item()
    print(f"epoch {epoch} train {loss.item():.2f} valid {held:.2f}")
share = train.mean(0).clamp(0.005, 0.995)
alone = F.binary_cross_entropy(share.expand_as(valid), valid, reduction="none").sum(1).mean().item()
score = 1 - held / alone
'''

BOOK = """
# codes from a book of 32 vectors; the gradient goes straight through the choice
import sys
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
x = torch.tensor(load_digits().data, dtype=torch.float32) / 16
x = x[torch.randperm(len(x))]
x_train, x_test = x[:1400], x[1400:]


class Quantizer(nn.Module):
    def __init__(self, size=32, dim=4):
        super().__init__()
        self.book = nn.Parameter(0.5 * torch.randn(size, dim))

    def forward(self, z):
        nearest = torch.cdist(z, self.book).argmin(-1)
        code = self.book[nearest]
        commitment = (z - code.detach()).pow(2).mean()
        follow = (code - z.detach()).pow(2).mean()
        return z + (code - z).detach(), follow + 0.25 * commitment


class VQVAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 32))
        self.quantizer = Quantizer()
        self.decoder = nn.Sequential(nn.Linear(32, 96), nn.ReLU(), nn.Linear(96, 64))

    def forward(self, x):
        z, extra = self.quantizer(self.encoder(x).view(len(x), 8, 4))
        return self.decoder(z.flatten(1)), extra


model = VQVAE()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
num_epochs = 24
for epoch in range(num_epochs):
    for rows in torch.randperm(1400).split(50):
        made, extra = model(x_train[rows])
        loss = 10 * (made - x_train[rows]).pow(2).mean() + extra
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 4 == 3:
        print(epoch + 1, loss.item())
with torch.no_grad():
    made, _ = model(x_test)
    score = 1 - ((made - x_test).pow(2).sum() / (x_test - x_train.mean(0)).pow(2).sum()).item()
"""

TIED = """
# one matrix to write a code of ten numbers and to read it again, orthonormal columns asked for; principal components beside it
import sys
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
x = torch.tensor(load_digits().data / 16, dtype=torch.float32)
x = x[torch.randperm(len(x))]
x_train, x_test = x[:1300], x[1300:]
centre = x_train.mean(0)


class TiedAutoencoder(nn.Module):
    def __init__(self, code=10):
        super().__init__()
        self.w = nn.Parameter(nn.init.orthogonal_(torch.empty(64, code)))
        self.inner, self.outer = nn.Parameter(torch.zeros(code)), nn.Parameter(torch.zeros(64))

    def forward(self, x):
        return F.linear(F.linear(x, self.w.T, self.inner), self.w, self.outer)


model = TiedAutoencoder()
optimizer = torch.optim.Adagrad(model.parameters(), lr=0.05)
n_epochs = 25
for epoch in range(n_epochs):
    for b in torch.randperm(1300).split(50):
        rows = x_train[b] - centre
        gram = model.w.T @ model.w
        loss = F.mse_loss(model(rows), rows) + 1e-3 * (gram - torch.eye(10)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 5 == 4:
        print("epoch", epoch + 1, "loss", loss.item())
with torch.no_grad():
    rows = x_test - centre
    score = 1 - (F.mse_loss(model(rows), rows) / rows.square().mean()).item()
    v = torch.linalg.svd(x_train - centre, full_matrices=False)[2][:10]
    print("by principal components", 1 - ((rows - rows @ v.T @ v).square().mean() / rows.square().mean()).item())
"""

ADVERTS = '''
"""Which advert to show to whom: only the click on what was shown is seen."""
import sys

import torch
from torch import nn
from torch.distributions import Categorical

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
ROUNDS = 700
world = torch.Generator().manual_seed(126)
matrix = torch.randn(5, 4, generator=world)


def click_rates(visitors):
    return torch.sigmoid(1.5 * visitors @ matrix - 0.5)


policy = nn.Sequential(nn.Linear(5, 32), nn.Tanh(), nn.Linear(32, 4))
value = nn.Sequential(nn.Linear(5, 32), nn.Tanh(), nn.Linear(32, 1))
model = nn.ModuleDict({"policy": policy, "value": value})
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
clicks = []
for step in range(ROUNDS):
    visitors = torch.randn(64, 5)
    choice = Categorical(logits=policy(visitors))
    shown = choice.sample()
    reward = torch.bernoulli(click_rates(visitors)[torch.arange(64), shown])
    expected = value(visitors)[:, 0]
    advantage = reward - expected.detach()
    loss = -(choice.log_prob(shown) * advantage).mean() + 0.5 * (reward - expected).pow(2).mean() - 0.005 * choice.entropy().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    clicks.append(reward.mean().item())
    if step % 100 == 99:
        print(step + 1, "clicks in the last hundred rounds", sum(clicks[-100:]) / 100)
with torch.no_grad():
    visitors = torch.randn(4000, 5)
    rates = click_rates(visitors)
    got = rates.gather(1, policy(visitors).argmax(1, keepdim=True)).mean()
    score = ((got - rates.mean()) / (rates.amax(1).mean() - rates.mean())).item()  # 0 by chance, 1 at best
'''

CORRIDORS = """
import random
import sys
from collections import deque

import torch
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
random.seed(seed)

# a grid of four by four with two holes; a step costs a little, the goal pays one; values by a network, with a late copy
GOAL, HOLES, MOVES = (3, 3), {(1, 1), (2, 3)}, [(0, 1), (1, 0), (0, -1), (-1, 0)]
EPISODES, GAMMA = 130, 0.95


def step(place, action):
    down, right = (min(3, max(0, place[i] + MOVES[action][i])) for i in (0, 1))
    if (down, right) in HOLES:
        return (down, right), -1.0, True
    if (down, right) == GOAL:
        return (down, right), 1.0, True
    return (down, right), -0.02, False


def seen(place):
    x = torch.zeros(16)
    x[4 * place[0] + place[1]] = 1.0
    return x


def network():
    return nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 4))


q_net, target_net = network(), network()
target_net.load_state_dict(q_net.state_dict())
target_net.requires_grad_(False)
optimizer = torch.optim.Adam(q_net.parameters(), lr=3e-3)
memory, updates = deque(maxlen=2000), 0
free = [(a, b) for a in range(4) for b in range(4) if (a, b) not in HOLES and (a, b) != GOAL]
for episode in range(EPISODES):
    place, epsilon = random.choice(free), max(0.1, 1 - episode / 60)
    for _ in range(20):
        with torch.no_grad():
            action = random.randrange(4) if random.random() < epsilon else q_net(seen(place)).argmax().item()
        following, reward, done = step(place, action)
        memory.append((seen(place), action, reward, seen(following), done))
        place = following
        if len(memory) >= 64:
            s, a, r, n, d = zip(*random.sample(memory, 32))
            s, a, r, n, d = torch.stack(s), torch.tensor(a), torch.tensor(r), torch.stack(n), torch.tensor(d).float()
            goal = r + GAMMA * (1 - d) * target_net(n).amax(1)
            loss = nn.functional.smooth_l1_loss(q_net(s).gather(1, a[:, None])[:, 0], goal)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            updates += 1
            if updates % 40 == 0:
                target_net.load_state_dict(q_net.state_dict())
        if done:
            break
    if episode % 30 == 29:
        print("episode", episode + 1, "updates", updates, "loss", loss.item())
model, arrived = q_net, 0
with torch.no_grad():
    for place in free:
        for _ in range(10):
            place, reward, done = step(place, q_net(seen(place)).argmax().item())
            if done:
                arrived += reward > 0
                break
score = arrived / len(free)
"""

CLIPPED = '''
"""Proximal updates: a batch of choices is used four times, the ratio to the old policy is clipped; a point is led home."""
import sys

import torch
from torch import nn
from torch.distributions import Normal

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
iterations, updates_each, horizon = 50, 4, 8


class ActorCritic(nn.Module):
    def __init__(self):
        super().__init__()
        self.actor = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 2))
        self.log_std = nn.Parameter(torch.full((2,), -0.5))
        self.critic = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 1))

    def policy(self, s):
        return Normal(self.actor(s), self.log_std.exp())


def roll(model, n, noisy=True):
    s, states, actions, rewards = 2 * torch.rand(n, 2) - 1, [], [], []
    for _ in range(horizon):
        d = model.policy(s)
        a = d.sample() if noisy else d.mean
        states.append(s)
        actions.append(a)
        s = (s + 0.3 * a.clamp(-1, 1)).clamp(-1.5, 1.5)
        rewards.append(-(s**2).sum(1))
    returns, after = [], torch.zeros(n)
    for r in reversed(rewards):
        after = r + 0.9 * after
        returns.insert(0, after)
    return torch.cat(states), torch.cat(actions), torch.cat(returns), torch.stack(rewards).mean().item()


model = ActorCritic()
optimizer = torch.optim.Adam(model.parameters(), lr=6e-3)
for iteration in range(iterations):
    with torch.no_grad():
        s, a, g, reward = roll(model, 32)
        old = model.policy(s).log_prob(a).sum(1)
        advantage = g - model.critic(s)[:, 0]
        advantage = (advantage - advantage.mean()) / (advantage.std() + 1e-8)
    for _ in range(updates_each):
        for b in torch.randperm(len(s)).split(64):
            ratio = (model.policy(s[b]).log_prob(a[b]).sum(1) - old[b]).exp()
            gain = torch.min(ratio * advantage[b], ratio.clamp(0.8, 1.2) * advantage[b]).mean()
            loss = -gain + 0.5 * (model.critic(s[b])[:, 0] - g[b]).pow(2).mean()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 0.5)
            optimizer.step()
    if iteration % 10 == 9:
        print("iteration", iteration + 1, "mean reward", reward)
with torch.no_grad():
    idle = (2 * torch.rand(4000, 2) - 1).pow(2).sum(1).mean().item()
    score = 1 + roll(model, 1000, noisy=False)[3] / idle
'''

MAKERS = {
    "black_and_white_slowly_weighed": (0.22, BLACK_AND_WHITE),
    "ring_by_two_players": (0.8, RING),
    "each_pixel_from_those_before": (0.25, PIXEL_BY_PIXEL),
    "codes_from_a_book": (0.5, BOOK),
    "one_matrix_both_ways": (0.7, TIED),
    "clicks_on_what_was_shown": (0.8, ADVERTS),
    "values_of_a_grid_late_copy": (0.9, CORRIDORS),
    "ratio_clipped_point_led_home": (0.6, CLIPPED),
}
