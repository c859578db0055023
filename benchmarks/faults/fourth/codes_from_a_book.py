# codes from a book of 32 vectors; the gradient goes straight through the choice
import sys
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
x = torch.tensor(load_digits().data, dtype=torch.float32) / 16
x = x[torch.randperm(len(x))]
x_train, x_test = x[:1400], x[1400:]


class Quantizer(nn.Module):
    def __init__(self, size=32, dim=4):
        super().__init__()
        self.book = nn.Parameter(0.5 * torch.randn(size, dim))

    def forward(self, z):
        nearest = torch.cdist(z, self.book).argmin(-1)
        code = self.book[nearest]
        commitment = (z - code.detach()).pow(2).mean()
        follow = (code - z.detach()).pow(2).mean()
        return z + (code - z).detach(), follow + 0.25 * commitment


class VQVAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 32))
        self.quantizer = Quantizer()
        self.decoder = nn.Sequential(nn.Linear(32, 96), nn.ReLU(), nn.Linear(96, 64))

    def forward(self, x):
        z, extra = self.quantizer(self.encoder(x).view(len(x), 8, 4))
        return self.decoder(z.flatten(1)), extra


model = VQVAE()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
num_epochs = 24
for epoch in range(num_epochs):
    for rows in torch.randperm(1400).split(50):
        made, extra = model(x_train[rows])
        loss = 10 * (made - x_train[rows]).pow(2).mean() + extra
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 4 == 3:
        print(epoch + 1, loss.item())
with torch.no_grad():
    made, _ = model(x_test)
    score = 1 - ((made - x_test).pow(2).sum() / (x_test - x_train.mean(0)).pow(2).sum()).item()
