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
