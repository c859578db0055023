"""Two noised views of a digit attract, other digits repel; then a linear probe on the frozen features."""
import sys
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
data, label = load_digits(return_X_y=True)
perm = torch.randperm(len(label))
x = torch.tensor(data / 8 - 1, dtype=torch.float32)[perm]
label = label[perm.numpy()]


def view(batch):
    keep = torch.rand_like(batch) > 0.2
    return torch.where(keep, batch + 0.3 * torch.randn_like(batch), torch.zeros(()))


def info_nce(a, b, temperature=0.3):
    z = F.normalize(torch.cat([a, b]), dim=1)
    n = len(a)
    similar = (z @ z.T / temperature).masked_fill(torch.eye(2 * n, dtype=torch.bool), float("-inf"))
    return F.cross_entropy(similar, torch.cat([torch.arange(n, 2 * n), torch.arange(n)]))


encoder = nn.Sequential(nn.Linear(64, 96), nn.BatchNorm1d(96), nn.ReLU(), nn.Linear(96, 32), nn.ReLU())
projector = nn.Linear(32, 16)
model = nn.Sequential(encoder, projector)
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-3)
epochs = 16
for epoch in range(epochs):
    model.train()
    for rows in torch.randperm(1300).split(100):
        loss = info_nce(model(view(x[rows])), model(view(x[rows])))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 5 == 4:
        print("epoch", epoch + 1, "contrast", loss.item())
model.eval()
with torch.no_grad():
    features = encoder(x).numpy()
probe = LogisticRegression(max_iter=300, C=1.0).fit(features[:300], label[:300])
score = float(probe.score(features[1300:], label[1300:]))
