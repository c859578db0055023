"""Mixup on a table whose labels are partly wrong in training: two rows and their labels are averaged at random."""
import sys
import torch
import torch.nn.functional as F
from torch import nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
X, y = load_digits(return_X_y=True)
perm = torch.randperm(len(y))
X, y = torch.tensor(X / 8 - 1, dtype=torch.float32)[perm], torch.tensor(y)[perm]
train_x, train_y, test_x, test_y = X[:1300], y[:1300].clone(), X[1300:], y[1300:]
wrong = torch.rand(1300) < 0.1
train_y[wrong] = torch.randint(10, (int(wrong.sum()),))  # one label in ten is a slip, the test rows are clean
soft = F.one_hot(train_y, 10).float()
beta = torch.distributions.Beta(0.8, 0.8)

model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3)
n_epochs = 30
sched = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, n_epochs)
for epoch in range(n_epochs):
    for rows in torch.randperm(1300).split(50):
        other = rows[torch.randperm(len(rows))]
        share = beta.sample()
        mixed = share * train_x[rows] + (1 - share) * train_x[other]
        labels = share * soft[rows] + (1 - share) * soft[other]
        loss = F.cross_entropy(model(mixed), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    sched.step()
    if epoch % 6 == 5:
        print(epoch + 1, loss.item())
with torch.no_grad():
    score = (model(test_x).argmax(1) == test_y).float().mean().item()
