"""A variational autoencoder of black and white digits; the divergence is weighed in slowly."""
import sys

import torch
from sklearn.datasets import load_digits
from torch import nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
EPOCHS = 40

x = (torch.tensor(load_digits().data) > 7).float()
x = x[torch.randperm(len(x))]
x_train, x_test = x[:1300], x[1300:]


class VAE(nn.Module):
    def __init__(self, latent=8):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 96), nn.ReLU())
        self.mu, self.logvar = nn.Linear(96, latent), nn.Linear(96, latent)
        self.dec = nn.Sequential(nn.Linear(latent, 96), nn.ReLU(), nn.Linear(96, 64))

    def forward(self, x):
        h = self.enc(x)
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        return self.dec(z), mu, logvar


def bound(model, x, beta=1.0):
    logits, mu, logvar = model(x)
    reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1)
    divergence = -0.5 * (1 + logvar - mu**2 - logvar.exp()).sum(1)
    return (reconstruction + beta * divergence).mean()


model = VAE()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(EPOCHS):
    for rows in torch.randperm(len(x_train)).split(50):
        loss = bound(model, x_train[rows], beta=min(1.0, (epoch + 1) / 8))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            print(epoch + 1, "train", bound(model, x_train).item(), "test", bound(model, x_test).item())
with torch.no_grad():
    mean = x_train.mean(0).clamp(0.005, 0.995).logit().expand_as(x_test)
    alone = F.binary_cross_entropy_with_logits(mean, x_test, reduction="none").sum(1).mean()
    score = 1 - (bound(model, x_test) / alone).item()
