"""A weak linear signal with as much noise: a small network, a strong penalty, a quarter of the variance to be had."""
import sys
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
true_weight = torch.randn(20, generator=torch.Generator().manual_seed(67))
true_weight = true_weight / true_weight.norm()


def make(n):
    x = torch.randn(n, 20)
    return x, (0.7 * (x @ true_weight) + 0.3 * torch.tanh(2 * x[:, 0]) + 0.9 * torch.randn(n)).unsqueeze(1)


x, y = make(1600)
x_val, y_val = make(400)
x_test, y_test = make(1000)
model = nn.Sequential(nn.Linear(20, 12), nn.ReLU(), nn.Linear(12, 1))
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.3)
mse = nn.MSELoss()
best, best_weights = float("inf"), None
total_epochs = 25
for epoch in range(total_epochs):
    for rows in torch.randperm(1600).split(32):
        optimizer.zero_grad()
        loss = mse(model(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        error = mse(model(x_val), y_val).item()
    print(f"epoch {epoch} train {loss.item():.3f} validation {error:.3f}")
    if error < best:
        best, best_weights = error, {k: v.clone() for k, v in model.state_dict().items()}
model.load_state_dict(best_weights)
with torch.no_grad():
    score = 1 - (mse(model(x_test), y_test) / y_test.var()).item()
