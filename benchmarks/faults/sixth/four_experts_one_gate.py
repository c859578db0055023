import sys
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


class MixtureOfExperts(nn.Module):
    """A soft gate weighs four small experts; a small term keeps all of them in use."""

    def __init__(self, n_in, n_experts=4, width=16):
        super().__init__()
        self.experts = nn.ModuleList(nn.Sequential(nn.Linear(n_in, width), nn.ReLU(), nn.Linear(width, 1)) for _ in range(n_experts))
        self.gate = nn.Linear(n_in, n_experts)

    def forward(self, x):
        shares = torch.softmax(self.gate(x), dim=1)
        answers = torch.cat([expert(x) for expert in self.experts], dim=1)
        return (shares * answers).sum(1), shares


def piecewise(n):
    x = torch.rand(n, 3) * 4 - 2
    region = (x[:, 0] > 0).long() * 2 + (x[:, 1] > 0).long()
    slopes = torch.tensor([[1.0, -1.0, 0.5], [-1.0, 0.5, 1.0], [0.5, 1.0, -1.0], [-0.5, -1.0, 0.0]])
    return x / 1.155, (slopes[region] * x).sum(1) + 0.1 * torch.randn(n)


x_train, y_train = piecewise(1500)
x_test, y_test = piecewise(500)
model = MixtureOfExperts(3)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
epochs = 36
sched = torch.optim.lr_scheduler.StepLR(optimizer, 14, gamma=0.4)
for epoch in range(epochs):
    for rows in torch.randperm(1500).split(50):
        said, shares = model(x_train[rows])
        used = shares.mean(0)
        balance = (used * (used * 4).log()).sum()
        loss = (said - y_train[rows]).pow(2).mean() + 0.01 * balance
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    sched.step()
    if epoch % 6 == 5:
        print(epoch + 1, loss.item(), [round(u, 2) for u in used.tolist()])
with torch.no_grad():
    score = 1 - ((model(x_test)[0] - y_test).pow(2).mean() / y_test.var()).item()
