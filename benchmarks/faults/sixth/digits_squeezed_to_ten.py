"""An autoencoder of digits: sixty-four pixels through ten numbers; better than ten principal components."""
import sys
import torch
from torch import nn
from torch.utils.data import DataLoader
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
pixels = torch.tensor(load_digits().data / 16.0, dtype=torch.float32)
pixels = pixels[torch.randperm(len(pixels))]
train, test = pixels[:1400], pixels[1400:]


class Autoencoder(nn.Module):
    def __init__(self, code=10):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, code))
        self.decoder = nn.Sequential(nn.Linear(code, 64), nn.ReLU(), nn.Linear(64, 64), nn.Sigmoid())

    def forward(self, x):
        return self.decoder(self.encoder(x))


model = Autoencoder()
loss_fn = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
loader = DataLoader(train, batch_size=35, shuffle=True)
num_epochs = 30
for epoch in range(num_epochs):
    for batch in loader:
        loss = loss_fn(model(batch), batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 6 == 5:
        print(f"epoch {epoch + 1}: loss {loss.item():.5f}")
with torch.no_grad():
    score = 1 - ((model(test) - test).pow(2).mean() / (test - train.mean(0)).pow(2).mean()).item()
