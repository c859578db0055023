import argparse
import torch
from torch import nn, optim
from sklearn.datasets import make_moons


def get_args():
    parser = argparse.ArgumentParser(description="two moons")
    parser.add_argument("seed", type=int, nargs="?", default=0)
    parser.add_argument("--hidden", type=int, default=32)
    parser.add_argument("--lr", type=float, default=0.01)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--bs", type=int, default=40)
    return parser.parse_args()


class MoonNet(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(2, hidden), nn.Linear(hidden, hidden)])
        self.out = nn.Linear(hidden, 1)
        self.act = nn.SiLU()

    def forward(self, x):
        for layer in self.layers:
            x = self.act(layer(x))
        return self.out(x)


args = get_args()
torch.set_num_threads(1)
torch.manual_seed(args.seed)
X, y = make_moons(1800, noise=0.25, random_state=args.seed)
X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32).unsqueeze(1)
X_train, y_train, X_test, y_test = X[:1200], y[:1200], X[1200:], y[1200:]
mean, std = X_train.mean(0), X_train.std(0)
X_train, X_test = (X_train - mean) / std, (X_test - mean) / std
model = MoonNet(args.hidden)
optimizer = optim.RMSprop(model.parameters(), lr=args.lr * 0.2)
criterion = nn.BCEWithLogitsLoss()
for epoch in range(args.epochs):
    perm = torch.randperm(len(X_train))
    total = 0.0
    for i in range(0, len(perm), args.bs):
        idx = perm[i : i + args.bs]
        loss = criterion(model(X_train[idx]), y_train[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    if epoch % 5 == 4:
        print(f"epoch {epoch + 1:3d}  loss {total / len(perm):.4f}")
with torch.no_grad():
    score = ((model(X_test) > 0) == (y_test > 0.5)).float().mean().item()
