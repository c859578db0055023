"""An optimiser of one's own: the sign of an interpolated momentum, decay apart from it."""
import sys

import torch
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


class Lion(torch.optim.Optimizer):
    def __init__(self, params, lr=3e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.add_((b1 * m + (1 - b1) * p.grad).sign(), alpha=-group["lr"])
                m.lerp_(p.grad, 1 - b2)


X, y = load_digits(return_X_y=True)
p = torch.randperm(len(y)).numpy()
X, y = X[p], y[p]
pca = PCA(24, whiten=False).fit(X[:1300])
X = torch.tensor(pca.transform(X) / 16, dtype=torch.float32)
y = torch.tensor(y)
model = nn.Sequential(nn.Linear(24, 64), nn.GELU(), nn.Linear(64, 10))
optimizer = Lion(model.parameters(), lr=2e-3, weight_decay=0.1)
EPOCHS = 24
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
for epoch in range(EPOCHS):
    seen, mean_loss = 0, 0.0
    for b in torch.randperm(1300).split(50):
        loss = nn.functional.cross_entropy(model(X[:1300][b]), y[:1300][b])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        seen += 1
        mean_loss += (loss.item() - mean_loss) / seen
    scheduler.step()
    print("epoch", epoch, "mean loss", mean_loss)
with torch.no_grad():
    score = (model(X[1300:]).argmax(1) == y[1300:]).float().mean().item()
