import os
import sys
import tempfile
import torch
from torch import nn
from sklearn.datasets import make_friedman2
from sklearn.preprocessing import QuantileTransformer

# the best validation epoch is written to a file and read again at the end, as in most repositories
torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
X, y = make_friedman2(n_samples=1800, noise=30.0, random_state=seed)
to_normal = QuantileTransformer(n_quantiles=100, output_distribution="normal", random_state=0).fit(X[:1100])
X = torch.tensor(to_normal.transform(X), dtype=torch.float32).clamp(-2.5, 2.5)
y = torch.tensor((y - y[:1100].mean()) / y[:1100].std(), dtype=torch.float32)
train, val, test = slice(0, 1100), slice(1100, 1400), slice(1400, 1800)


class MLP(nn.Module):
    def __init__(self, d_in, d_hidden=32):
        super().__init__()
        self.fc1, self.fc2, self.fc3 = nn.Linear(d_in, d_hidden), nn.Linear(d_hidden, d_hidden), nn.Linear(d_hidden, 1)

    def forward(self, x):
        x = nn.functional.gelu(self.fc1(x))
        x = nn.functional.gelu(self.fc2(x))
        return self.fc3(x).squeeze(1)


def mse(net, part):
    net.eval()
    with torch.no_grad():
        return nn.functional.mse_loss(net(X[part]), y[part]).item()


model = MLP(4)
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
epochs = 40
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "best.pt")
    best = float("inf")
    for epoch in range(epochs):
        model.train()
        for rows in torch.randperm(1100).split(40):
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(X[train][rows]), y[train][rows])
            loss.backward()
            optimizer.step()
        current = mse(model, val)
        if current < best:
            best = current
            torch.save({"epoch": epoch, "model": model.state_dict(), "optimizer": optimizer.state_dict()}, path)
    checkpoint = torch.load(path)
model.load_state_dict(checkpoint["model"])
print("epoch", checkpoint["epoch"], "validation", best)
score = 1 - mse(model, test) / y[test].var().item()
