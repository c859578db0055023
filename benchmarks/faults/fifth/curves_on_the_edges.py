"""Every edge has a curve of its own, piecewise linear on a grid; the second layer adds them up (after Kolmogorov and Arnold)."""
import sys

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


class Edges(nn.Module):
    """Hat functions on [-2, 2], one set of heights per pair of input and output, beside a plain linear map."""

    def __init__(self, inputs, outputs, knots=12):
        super().__init__()
        self.register_buffer("grid", torch.linspace(-2, 2, knots))
        self.gap = 4 / (knots - 1)
        self.heights = nn.Parameter(0.1 * torch.randn(inputs * knots, outputs) / inputs**0.5)
        self.line = nn.Linear(inputs, outputs)

    def forward(self, x):
        hats = (1 - (x.unsqueeze(-1) - self.grid).abs() / self.gap).clamp(min=0)
        return self.line(x) + hats.flatten(1) @ self.heights


def truth(x):
    return torch.exp(torch.sin(torch.pi * x[:, :1]) + x[:, 1:2] ** 2 - 1) - x[:, 2:3].abs()


x_train, x_test = (torch.rand(n, 3) * 2 - 1 for n in (1200, 600))
y_train, y_test = truth(x_train) + 0.05 * torch.randn(1200, 1), truth(x_test)
level, scale = y_train.mean(), y_train.std()
model = nn.Sequential(Edges(3, 5), Edges(5, 1))
optimizer = torch.optim.LBFGS(model.parameters(), lr=0.5, max_iter=10, history_size=20, line_search_fn="strong_wolfe")


def closure():
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x_train), (y_train - level) / scale)
    loss = loss + 1e-4 * sum(layer.heights.pow(2).sum() for layer in model)
    loss.backward()
    return loss


for outer in range(12):
    loss = optimizer.step(closure)
    with torch.no_grad():
        score = 1 - ((model(x_test) * scale + level - y_test).pow(2).mean() / y_test.var()).item()
    print(f"{outer} loss before {loss.item():.5f} explained {score:.4f}")
