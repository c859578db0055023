import sys
import torch
from torch import nn

# a set goes in, its spread comes out, in whatever order: sums over members between two small networks
torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


def bags(n, most=12):
    size = torch.randint(4, most + 1, (n, 1))
    values = torch.randn(n, 1) + (0.3 + 1.2 * torch.rand(n, 1)) * torch.randn(n, most)
    mask = (torch.arange(most) < size).float()
    mean = (values * mask).sum(1, keepdim=True) / size
    spread = ((values - mean).pow(2) * mask).sum(1, keepdim=True).div(size).sqrt()
    return values * mask, mask, spread[:, 0]


class DeepSet(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.phi = nn.Sequential(nn.Linear(1, width), nn.ReLU(), nn.Linear(width, width))
        self.rho = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 1))

    def forward(self, values, mask):
        each = self.phi(values.unsqueeze(2)) * mask.unsqueeze(2)
        return self.rho(each.sum(1) / mask.sum(1, keepdim=True)).squeeze(1)


*train, y_train = bags(1600)
*test, y_test = bags(500)
centre, width = y_train.mean(), y_train.std()
model = DeepSet()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
n_epochs = 30
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, n_epochs)
for epoch in range(n_epochs):
    for rows in torch.randperm(1600).split(40):
        said = model(train[0][rows], train[1][rows])
        loss = nn.functional.mse_loss(said, (y_train[rows] - centre) / width)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    scheduler.step()
    print(epoch + 1, round(loss.item(), 4))
with torch.no_grad():
    score = 1 - ((model(*test) * width + centre - y_test).pow(2).mean() / y_test.var()).item()
