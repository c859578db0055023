import sys
import torch
from torch import nn
from sklearn.datasets import load_digits

# each hidden matrix is a product of two thin ones, started so that the product has the variance of He's rule
torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


class ThinLinear(nn.Module):
    def __init__(self, n_in, n_out, rank):
        super().__init__()
        self.u = nn.Parameter(torch.randn(n_in, rank) / n_in**0.5)
        self.v = nn.Parameter(torch.randn(rank, n_out) * (2 / rank) ** 0.5)
        self.bias = nn.Parameter(torch.zeros(n_out))

    def forward(self, x):
        return x @ self.u @ self.v + self.bias


X, y = load_digits(return_X_y=True)
order = torch.randperm(len(y))
X, y = torch.tensor(X, dtype=torch.float32)[order], torch.tensor(y)[order]
X = (X - X[:1250].mean()) / X[:1250].std()
model = nn.Sequential(ThinLinear(64, 128, 12), nn.ReLU(), ThinLinear(128, 128, 12), nn.ReLU(), nn.Linear(128, 10))
decayed = [p for p in model.parameters() if p.dim() > 1]
others = [p for p in model.parameters() if p.dim() <= 1]
optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.05}, {"params": others, "weight_decay": 0.0}], lr=2e-3)
epochs = 16
for epoch in range(epochs):
    for rows in torch.randperm(1250).split(32):
        loss = nn.functional.cross_entropy(model(X[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 4 == 3:
        with torch.no_grad():
            print(epoch + 1, loss.item(), (model(X[1250:]).argmax(1) == y[1250:]).float().mean().item())
with torch.no_grad():
    score = (model(X[1250:]).argmax(1) == y[1250:]).float().mean().item()
