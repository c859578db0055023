"""A variational autoencoder of digits; the bound against that of independent pixels is the score."""
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
x = torch.tensor(load_digits().data / 16, dtype=torch.float32)
x = x[torch.randperm(len(x))]
x_train, x_test = x[:1400], x[1400:]


class VAE(nn.Module):
    def __init__(self, z_dim=6, h=64):
        super().__init__()
        self.enc = nn.Linear(64, h)
        self.mu, self.logvar = nn.Linear(h, z_dim), nn.Linear(h, z_dim)
        self.dec1, self.dec2 = nn.Linear(z_dim, h), nn.Linear(h, 64)

    def encode(self, x):
        h = F.relu(self.enc(2 * x - 1))
        return self.mu(h), self.logvar(h)

    def decode(self, z):
        return self.dec2(F.relu(self.dec1(z)))

    def forward(self, x):
        mu, logvar = self.encode(x)
        z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
        return self.decode(z), mu, logvar


def negative_elbo(x, logits, mu, logvar):
    rebuilt = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return (rebuilt + kl) / len(x)


model = VAE()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
epochs = 30
for epoch in range(epochs):
    total = 0.0
    for batch in x_train[torch.randperm(len(x_train))].split(50):
        loss = negative_elbo(batch, *model(batch))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(batch)
    if epoch % 5 == 4:
        print(f"epoch {epoch + 1}: -elbo {total / len(x_train):.3f}")
with torch.no_grad():
    bound = negative_elbo(x_test, *model(x_test))
    mean = x_train.mean(0).clamp(1e-3, 1 - 1e-3).expand_as(x_test)
    entropy = F.binary_cross_entropy(x_test, x_test, reduction="sum") / len(x_test)
    plain = F.binary_cross_entropy(mean, x_test, reduction="sum") / len(x_test)
score = 1 - ((bound - entropy) / (plain - entropy)).item()
