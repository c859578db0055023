import sys
import torch
from torch import nn
from sklearn.datasets import load_digits


class Binarize(torch.autograd.Function):
    """Plus or minus one; backward lets the slope pass where the input is within one (straight-through)."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.where(x >= 0, 1.0, -1.0)

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad * (x.abs() <= 1).float()


class BinaryNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.enter, self.norm = nn.Linear(64, 96), nn.BatchNorm1d(96)
        self.leave = nn.Linear(96, 10)

    def forward(self, x):
        return self.leave(Binarize.apply(self.norm(self.enter(x))))


torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
X, y = load_digits(return_X_y=True)
perm = torch.randperm(len(y))
X, y = torch.tensor(X, dtype=torch.float32)[perm] / 8 - 1, torch.tensor(y)[perm]
model = BinaryNet()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
epochs = 20
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
for epoch in range(epochs):
    model.train()
    for rows in torch.randperm(1300).split(50):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
    schedule.step()
    if epoch % 4 == 3:
        print(f"{epoch + 1}: {loss.item():.4f}")
model.eval()
with torch.no_grad():
    score = (model(X[1300:]).argmax(1) == y[1300:]).float().mean().item()
