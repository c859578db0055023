import sys

import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

# rain of the next day: often none at all, else a lognormal amount
g = torch.Generator().manual_seed(85)
w = torch.randn(3000, 5, generator=g)
wet = torch.rand(3000, generator=g) < torch.sigmoid(1.5 * w[:, 0] + w[:, 1] ** 2 - 1.0)
amount = torch.exp(0.6 * w[:, 0] + 0.5 * torch.sin(2 * w[:, 2]) + 0.4 * torch.randn(3000, generator=g))
rain = torch.where(wet, amount, torch.zeros(()))


class Rain(nn.Module):
    def __init__(self):
        super().__init__()
        self.shared = nn.Sequential(nn.Linear(5, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU())
        self.occurs = nn.Linear(32, 1)
        self.log_amount = nn.Linear(32, 1)

    def forward(self, weather):
        h = self.shared(weather)
        return self.occurs(h)[:, 0], self.log_amount(h)[:, 0]


def losses(out, rain):
    logit, log_amount = out
    is_wet = rain > 0
    occurrence = F.binary_cross_entropy_with_logits(logit, is_wet.float())
    size = F.mse_loss(log_amount[is_wet], rain[is_wet].log())
    return occurrence, size


model = Rain()
optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)
max_epoch = 20
for epoch in range(max_epoch):
    for b in torch.randperm(2200).split(64):
        occurrence, size = losses(model(w[b]), rain[b])
        optimizer.zero_grad()
        (occurrence + size).backward()
        optimizer.step()
    with torch.no_grad():
        test_occurrence, test_size = losses(model(w[2200:]), rain[2200:])
    print(f"{epoch}: occurs {occurrence:.3f}/{test_occurrence:.3f} amount {size:.3f}/{test_size:.3f}")
held = rain[2200:]
score = 1 - (test_size / held[held > 0].log().var()).item()
