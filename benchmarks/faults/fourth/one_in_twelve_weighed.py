# one transaction in twelve is a fraud; the loss weighs it accordingly, and the score is the balanced accuracy
import sys
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import make_classification

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
X, y = make_classification(n_samples=3000, n_features=12, n_informative=6, n_redundant=0, weights=[0.92],
                           n_clusters_per_class=2, class_sep=1.3, flip_y=0.0, random_state=74)
X = ((X - X[:2000].mean(0)) / X[:2000].std(0)).astype(np.float32)
X, y = torch.from_numpy(X), torch.from_numpy(y)
Xtr, ytr, Xva, yva = X[:2000], y[:2000], X[2000:], y[2000:]

share = torch.bincount(ytr) / len(ytr)
model = nn.Sequential(nn.Linear(12, 32), nn.LeakyReLU(), nn.Linear(32, 32), nn.LeakyReLU(), nn.Linear(32, 2))
criterion = nn.CrossEntropyLoss(weight=0.5 / share)
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=1e-3)
NUM_EPOCHS = 16
for epoch in range(1, NUM_EPOCHS + 1):
    perm = torch.randperm(len(Xtr))
    epoch_loss = 0.0
    for i in range(0, len(Xtr), 64):
        b = perm[i:i + 64]
        optimizer.zero_grad()
        loss = criterion(model(Xtr[b]), ytr[b])
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item() * len(b)
    with torch.no_grad():
        pred = model(Xva).argmax(1)
        recall = [(pred[yva == k] == k).float().mean().item() for k in (0, 1)]
    print(f'Epoch [{epoch}/{NUM_EPOCHS}] loss: {epoch_loss / len(Xtr):.4f} recalls: {recall}')
score = sum(recall) / 2
