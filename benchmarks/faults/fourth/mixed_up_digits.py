import sys
import numpy as np
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
np.random.seed(seed)

X, y = load_digits(return_X_y=True)
shuffle = np.random.permutation(len(X))
X, y = torch.Tensor(X[shuffle] / 16), torch.LongTensor(y[shuffle])
X_train, y_train, X_test, y_test = X[:1200], y[:1200], X[1200:], y[1200:]
model = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)


def mixup_data(x, y, alpha=0.4):
    lam = np.random.beta(alpha, alpha)
    index = torch.randperm(len(x))
    return lam * x + (1 - lam) * x[index], y, y[index], lam


def mixup_criterion(pred, y_a, y_b, lam):
    return lam * nn.functional.cross_entropy(pred, y_a) + (1 - lam) * nn.functional.cross_entropy(pred, y_b)


n_epochs = 25
for epoch in range(n_epochs):
    for rows in torch.randperm(1200).split(48):
        mixed, y_a, y_b, lam = mixup_data(X_train[rows], y_train[rows])
        loss = mixup_criterion(model(mixed), y_a, y_b, lam)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        plain = nn.functional.cross_entropy(model(X_train), y_train)
        test = nn.functional.cross_entropy(model(X_test), y_test)
    if epoch % 5 == 4:
        print('epoch', epoch + 1, 'mixed', loss.item(), 'plain', plain.item(), 'test', test.item())
with torch.no_grad():
    score = (model(X_test).argmax(1) == y_test).float().mean().item()
