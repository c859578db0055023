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
