"""Learn to rebuild ordinary pictures; what is rebuilt badly is odd."""
import sys

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.metrics import roc_auc_score
from torch import nn
from torch.utils.data import DataLoader

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
np.random.seed(seed)

digits = load_digits()
images = (digits.data / 16).astype(np.float32)
ordinary = np.random.permutation(np.flatnonzero(np.isin(digits.target, [0, 1, 4, 6, 7])))
odd = np.flatnonzero(np.isin(digits.target, [2, 3, 5]))
train = torch.from_numpy(images[ordinary[:650]])
normal_test, odd_test = torch.from_numpy(images[ordinary[650:]]), torch.from_numpy(images[odd])
centre = train.mean(0)


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 48), nn.ELU(), nn.Linear(48, 10))
        self.decoder = nn.Sequential(nn.Linear(10, 48), nn.ELU(), nn.Linear(48, 64))

    def forward(self, x):
        return centre + self.decoder(self.encoder(x - centre))


model = Autoencoder()
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(40):
    losses = []
    for batch in DataLoader(train, batch_size=32, shuffle=True):
        optimizer.zero_grad()
        loss = criterion(model(batch), batch)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    if epoch % 8 == 7:
        print("epoch", epoch + 1, "rebuilt within", round(float(np.mean(losses)), 5))

with torch.no_grad():
    error = [(model(x) - x).pow(2).mean(1).numpy() for x in (normal_test, odd_test)]
auc = roc_auc_score([0] * len(error[0]) + [1] * len(error[1]), np.concatenate(error))
score = 2 * auc - 1
