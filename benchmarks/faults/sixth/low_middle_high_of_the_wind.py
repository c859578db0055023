import sys
import torch
from torch import nn

"""Three quantiles at once by the pinball loss; each is the one before plus something positive."""
torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
LEVELS = torch.tensor([0.1, 0.5, 0.9])


def wind(n):
    hour = torch.rand(n, 1) * 2 - 1
    front = (torch.rand(n, 1) < 0.4).float()
    speed = 4 + 2 * torch.sin(3 * hour) + 3 * front + (0.5 + front + 0.5 * hour.abs()) * torch.randn(n, 1)
    return torch.cat([hour / 0.58, (front - 0.4) / 0.49], 1), speed


class Fan(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(2, 24), nn.SiLU(), nn.Linear(24, 3))

    def forward(self, x):
        first, *gaps = self.body(x).split(1, dim=1)
        low = first
        middle = low + nn.functional.softplus(gaps[0])
        return torch.cat([low, middle, middle + nn.functional.softplus(gaps[1])], dim=1)


def pinball(said, truth):
    off = truth - said
    return torch.maximum(LEVELS * off, (LEVELS - 1) * off).mean()


x, y = wind(2000)
x_test, y_test = wind(1000)
centre, width = y.mean(), y.std()
y, y_test = (y - centre) / width, (y_test - centre) / width
model = Fan()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
epochs = 22
decay = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.9)
for epoch in range(epochs):
    for rows in torch.randperm(2000).split(50):
        optimizer.zero_grad()
        loss = pinball(model(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
    decay.step()
    if epoch % 5 == 4:
        print(epoch + 1, loss.item())
with torch.no_grad():
    plain = torch.quantile(y[:, 0], LEVELS).expand(1000, 3)
    covered = ((y_test > model(x_test)[:, :1]) & (y_test < model(x_test)[:, 2:])).float().mean().item()
    score = 1 - (pinball(model(x_test), y_test) / pinball(plain, y_test)).item()
print("between low and high", covered)
