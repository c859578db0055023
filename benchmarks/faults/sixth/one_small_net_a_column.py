"""A neural additive model: each column has a small network of its own, the answers are added up."""
import sys
import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


class Shape(nn.Module):
    def __init__(self, width=12):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(1, width), nn.Tanh(), nn.Linear(width, 1, bias=False))

    def forward(self, column):
        return self.f(column)


class Additive(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.shapes = nn.ModuleList([Shape() for _ in range(columns)])
        self.level = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        parts = [shape(x[:, k : k + 1]) for k, shape in enumerate(self.shapes)]
        return self.level + torch.cat(parts, dim=1).sum(dim=1)


def rows(n):
    x = torch.randn(n, 4)
    return x, torch.sin(2 * x[:, 0]) + 0.5 * x[:, 1] ** 2 + x[:, 2].abs() - 0.8 * x[:, 3] - 1.3 + 0.2 * torch.randn(n)


x_train, y_train = rows(1200)
x_test, y_test = rows(500)
model = Additive(4)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
epochs = 40
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)
for epoch in range(epochs):
    for i in torch.randperm(1200).split(40):
        loss = nn.functional.mse_loss(model(x_train[i]), y_train[i])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    scheduler.step()
    if epoch % 5 == 4:
        print(epoch + 1, loss.item())
with torch.no_grad():
    score = 1 - ((model(x_test) - y_test).pow(2).mean() / y_test.var()).item()
