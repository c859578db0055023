import sys

import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
n_epochs = 14

rng = np.random.default_rng(71)
n = 1500
frame = pd.DataFrame({
    "town": rng.choice(["Ayr", "Bath", "Cork", "Deal", "Ely", "Fife", "Goole", "Hull"], n),
    "kind": rng.choice(["flat", "house", "loft"], n, p=[0.5, 0.35, 0.15]),
    "decade": rng.choice(np.arange(1900, 2020, 10), n).astype(str),
    "area": rng.gamma(9, 10, n),
    "rooms": rng.integers(1, 7, n),
})
town = dict(zip(sorted(frame.town.unique()), rng.normal(0, 0.3, 8)))
kind = {"flat": 0.0, "house": 0.25, "loft": 0.4}
old = (frame.decade.astype(int) < 1940) * 0.2
frame["rent"] = np.exp(
    5.5 + frame.town.map(town) + frame.kind.map(kind) + old + 0.5 * np.log(frame.area) + rng.normal(0, 0.12, n)
)

train, test = frame.iloc[:1100], frame.iloc[1100:]
categories = ["town", "kind", "decade"]
codes = {c: {level: i for i, level in enumerate(sorted(train[c].unique()))} for c in categories}
numbers = ["area", "rooms"]
centre, scale = train[numbers].mean(), train[numbers].std()
log_rent = np.log(train.rent)


class Rents(Dataset):
    def __init__(self, table):
        self.levels = torch.tensor(np.stack([table[c].map(codes[c]) for c in categories], 1))
        self.numbers = torch.tensor(((table[numbers] - centre) / scale).to_numpy(), dtype=torch.float32)
        target = (np.log(table.rent) - log_rent.mean()) / log_rent.std()
        self.target = torch.tensor(target.to_numpy(), dtype=torch.float32)

    def __len__(self):
        return len(self.target)

    def __getitem__(self, i):
        return {"levels": self.levels[i], "numbers": self.numbers[i]}, self.target[i]


class TabularNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.tables = nn.ModuleList([nn.Embedding(len(codes[c]), 4) for c in categories])
        self.body = nn.Sequential(nn.Linear(12 + 2, 48), nn.ReLU(), nn.Linear(48, 24), nn.ReLU(), nn.Linear(24, 1))

    def forward(self, batch):
        parts = [table(batch["levels"][:, i]) for i, table in enumerate(self.tables)]
        return self.body(torch.cat([*parts, batch["numbers"]], dim=1)).squeeze(1)


model = TabularNet()
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3, weight_decay=1e-5)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, n_epochs)
train_dl, test_dl = DataLoader(Rents(train), 50, shuffle=True), DataLoader(Rents(test), 200)
for epoch in range(n_epochs):
    model.train()
    for batch, target in train_dl:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(batch), target)
        loss.backward()
        optimizer.step()
    scheduler.step()
    model.eval()
    with torch.no_grad():
        pairs = [(model(batch), target) for batch, target in test_dl]
    guess, truth = (torch.cat(side) for side in zip(*pairs))
    score = 1 - ((guess - truth).square().mean() / truth.var(unbiased=False)).item()
    print(f"{epoch:2d} loss {loss.item():.4f} r2 {score:.3f}")
