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
