# five networks, each gives a mean and a spread; their mixture answers
import sys
import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)


def sample(n):
    x = torch.rand(n, 2) * 4 - 2
    mean = torch.sin(2 * x[:, 0]) + x[:, 1] ** 2 / 2
    spread = 0.1 + 0.25 * torch.sigmoid(3 * x[:, 0])
    return x, (mean + spread * torch.randn(n)).unsqueeze(1)


x_train, y_train = sample(1500)
x_test, y_test = sample(800)
shift, width = y_train.mean(), y_train.std()


class Gaussian(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 2))

    def forward(self, x):
        mean, raw = self.net(x).chunk(2, dim=1)
        return mean, F.softplus(raw) ** 2 + 1e-4


model = nn.ModuleList(Gaussian() for _ in range(5))
nll = nn.GaussianNLLLoss()
for number, member in enumerate(model):
    optimizer = torch.optim.Adam(member.parameters(), lr=8e-3)
    decay = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.8)
    for epoch in range(14):
        for rows in torch.randperm(1500).split(100):
            mean, variance = member(x_train[rows])
            loss = nll(mean, (y_train[rows] - shift) / width, variance)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(member.parameters(), 5.0)
            optimizer.step()
        decay.step()
    print("member", number, "last loss", round(loss.item(), 3))
with torch.no_grad():
    means, variances = (torch.stack(part) for part in zip(*(member(x_test) for member in model)))
    mean = means.mean(0) * width + shift
    score = (1 - (mean - y_test).pow(2).mean() / y_test.var()).item()
    inside = ((mean - y_test).abs() < 2 * width * (variances + means.var(0)).mean(0).sqrt()).float().mean()
print("within two spreads:", round(inside.item(), 3))
