import sys
import torch
import torch.nn as nn
from sklearn.datasets import make_friedman3

# blocks of norm, layer, activation, layer on a table, with skips
torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)


class ResBlock(nn.Module):
    def __init__(self, dim, hidden, p):
        super().__init__()
        self.norm = nn.BatchNorm1d(dim)
        self.fc1, self.fc2 = nn.Linear(dim, hidden), nn.Linear(hidden, dim)
        self.drop = nn.Dropout(p)

    def forward(self, x):
        return x + self.fc2(self.drop(torch.relu(self.fc1(self.norm(x)))))


class TabResNet(nn.Module):
    def __init__(self, n_in, dim=24, blocks=2):
        super().__init__()
        self.first = nn.Linear(n_in, dim)
        self.blocks = nn.Sequential(*[ResBlock(dim, 2 * dim, 0.05) for _ in range(blocks)])
        self.head = nn.Sequential(nn.BatchNorm1d(dim), nn.ReLU(), nn.Linear(dim, 1))

    def forward(self, x):
        return self.head(self.blocks(self.first(x))).squeeze(1)


X, y = make_friedman3(2000, noise=0.05, random_state=seed)
X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
tr, te = slice(0, 1400), slice(1400, 2000)
X = (X - X[tr].mean(0)) / X[tr].std(0)
y = (y - y[tr].mean()) / y[tr].std()
model = TabResNet(4)
optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=1e-2)
epochs = 28
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
loss_fn = nn.MSELoss()
for epoch in range(epochs):
    model.train()
    for rows in torch.randperm(1400).split(50):
        optimizer.zero_grad()
        loss = loss_fn(model(X[tr][rows]), y[tr][rows])
        loss.backward()
        optimizer.step()
    scheduler.step()
    if epoch % 5 == 4:
        print(epoch + 1, round(loss.item(), 4))
model.eval()
with torch.no_grad():
    score = 1 - (loss_fn(model(X[te]), y[te]) / y[te].var()).item()
