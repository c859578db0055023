import sys
import torch
from torch import nn
from torch.distributions import Categorical

"""Policy gradient with a learned value as baseline: keep a point near zero by pushes left, none or right."""
torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
HORIZON, PUSH = 25, torch.tensor([-0.3, 0.0, 0.3])


def reset(n):
    return torch.stack([torch.rand(n) * 4 - 2, torch.zeros(n)], dim=1)


def move(state, action):
    speed = 0.9 * state[:, 1] + PUSH[action] + 0.05 * torch.randn(len(state))
    place = (state[:, 0] + speed).clamp(-4, 4)
    return torch.stack([place, speed], 1), -place.abs()


class ActorCritic(nn.Module):
    def __init__(self):
        super().__init__()
        self.actor = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 3))
        self.critic = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 1))

    def forward(self, state):
        return Categorical(logits=self.actor(state)), self.critic(state).squeeze(1)


model = ActorCritic()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
rounds = 80
for k in range(rounds):
    state = reset(24)
    logs, values, rewards, entropies = [], [], [], []
    for _ in range(HORIZON):
        policy, value = model(state)
        action = policy.sample()
        state, reward = move(state, action)
        logs.append(policy.log_prob(action))
        values.append(value)
        rewards.append(reward)
        entropies.append(policy.entropy())
    back, returns = torch.zeros(24), []
    for reward in reversed(rewards):
        back = reward + 0.9 * back
        returns.insert(0, back)
    returns, values = torch.stack(returns) / 5, torch.stack(values)
    advantage = returns - values.detach()
    loss = -(torch.stack(logs) * advantage).mean() + (returns - values).pow(2).mean() - 0.005 * torch.stack(entropies).mean()
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    if k % 20 == 19:
        print(k + 1, "mean reward", torch.stack(rewards).mean().item())


@torch.no_grad()
def mean_distance(act):
    state, total = reset(300), 0.0
    for _ in range(HORIZON):
        state, reward = move(state, act(state))
        total -= reward.mean().item() / HORIZON
    return total


greedy = mean_distance(lambda s: model(s)[0].logits.argmax(1))
random = mean_distance(lambda s: torch.randint(0, 3, (len(s),)))
score = 1 - greedy / random
