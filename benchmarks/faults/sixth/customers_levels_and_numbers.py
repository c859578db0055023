"""Will the customer leave? Contract, region and payment by embeddings, four numbers beside them."""
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
rng = np.random.default_rng(seed)


def table(n):
    months = rng.exponential(24, n).clip(1, 72)
    bill = rng.gamma(6, 11, n)
    calls = rng.poisson(1.5, n)
    age = rng.uniform(18, 80, n)
    contract, region, pays = rng.integers(0, 3, n), rng.integers(0, 12, n), rng.integers(0, 4, n)
    pull = np.sin(np.arange(12) * 2.4)[region] + np.array([1.4, 0.0, -1.6])[contract] + np.array([0.8, 0, 0, -0.6])[pays]
    logit = pull - 0.05 * months + 0.02 * (bill - 66) + 0.6 * (calls - 1.5) + 0.6 - 0.02 * (age - 50) * (contract == 0)
    leaves = rng.random(n) < 1 / (1 + np.exp(-logit))
    return np.stack([months, bill, calls, age], 1), np.stack([contract, region, pays], 1), leaves


class Customers(Dataset):
    def __init__(self, numbers, levels, leaves):
        self.numbers = torch.tensor(numbers, dtype=torch.float32)
        self.levels = torch.tensor(levels)
        self.leaves = torch.tensor(leaves, dtype=torch.float32)

    def __len__(self):
        return len(self.leaves)

    def __getitem__(self, i):
        return self.numbers[i], self.levels[i], self.leaves[i]


class Net(nn.Module):
    def __init__(self, sizes=((3, 2), (12, 4), (4, 2))):
        super().__init__()
        self.tables = nn.ModuleList(nn.Embedding(n, d) for n, d in sizes)
        self.body = nn.Sequential(nn.Linear(4 + 8, 24), nn.ReLU(), nn.Dropout(0.1), nn.Linear(24, 1))

    def forward(self, numbers, levels):
        looked_up = [t(levels[:, j]) for j, t in enumerate(self.tables)]
        return self.body(torch.cat([numbers, *looked_up], dim=1)).squeeze(1)


numbers, levels, leaves = table(3200)
mean, std = numbers[:2400].mean(0), numbers[:2400].std(0)
numbers = (numbers - mean) / std
train, test = Customers(numbers[:2400], levels[:2400], leaves[:2400]), Customers(numbers[2400:], levels[2400:], leaves[2400:])
model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3, weight_decay=1e-4)
N_EPOCHS = 14
for epoch in range(N_EPOCHS):
    model.train()
    for batch in DataLoader(train, batch_size=64, shuffle=True):
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(model(*batch[:2]), batch[2])
        loss.backward()
        optimizer.step()
    print("epoch", epoch, "last batch", round(loss.item(), 4))
model.eval()
with torch.no_grad():
    said = model(test.numbers, test.levels) > 0
score = (said == test.leaves.bool()).float().mean().item()
