"""Sharpness-aware minimisation by hand: climb a little, take the gradient there, step from where one was."""
import sys

import torch
from sklearn.datasets import make_circles
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
X, y = make_circles(1600, noise=0.15, factor=0.4, random_state=seed)
X, y = torch.tensor(X / 0.55, dtype=torch.float32), torch.tensor(y)
X_tr, y_tr, X_te, y_te = X[:1000], y[:1000], X[1000:], y[1000:]


class SAM:
    def __init__(self, params, rho=0.05, **options):
        self.params = list(params)
        self.base = torch.optim.SGD(self.params, **options)
        self.rho = rho

    def step(self, closure):
        loss = closure()
        grads = [p.grad.clone() for p in self.params]
        norm = torch.sqrt(sum((g**2).sum() for g in grads)) + 1e-12
        moves = [self.rho / norm * g for g in grads]
        with torch.no_grad():
            for p, e in zip(self.params, moves):
                p.add_(e)
        closure()
        with torch.no_grad():
            for p, e in zip(self.params, moves):
                p.sub_(e)
        self.base.step()
        return loss


model = nn.Sequential(nn.Linear(2, 24), nn.ReLU(), nn.Linear(24, 24), nn.ReLU(), nn.Linear(24, 2))
sam = SAM(model.parameters(), lr=0.05, momentum=0.9)
EPOCHS = 30
for epoch in range(EPOCHS):
    for rows in torch.randperm(1000).split(50):

        def closure():
            sam.base.zero_grad()
            loss = nn.functional.cross_entropy(model(X_tr[rows]), y_tr[rows])
            loss.backward()
            return loss

        loss = sam.step(closure)
    if epoch % 6 == 5:
        print(f"epoch {epoch + 1}: {loss.item():.4f}")
with torch.no_grad():
    score = (model(X_te).argmax(1) == y_te).float().mean().item()
