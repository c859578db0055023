import sys
import random
import numpy as np
import torch
from torch import nn
from river.datasets import Phishing

torch.set_num_threads(1)
SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 0
random.seed(SEED)
np.random.seed(SEED)
torch.manual_seed(SEED)

# nine answers of a check list (0, 0.5 or 1); is the site after one's password?
features, labels = [], []
for row, bad in Phishing():
    features.append(list(row.values()))
    labels.append(float(bad))
features = torch.tensor(features) * 2 - 1
labels = torch.tensor(labels)

perm = torch.randperm(len(labels))
n_train = 900
train_idx, test_idx = perm[:n_train], perm[n_train:]


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(9, 24)
        self.fc2 = nn.Linear(24, 1)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x))).squeeze(-1)


model = Detector()
loss_fn = nn.BCEWithLogitsLoss()
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3)
batch_size = 32
EPOCHS = 40

for epoch in range(EPOCHS):
    shuffled = train_idx[torch.randperm(n_train)]
    for i in range(0, n_train, batch_size):
        b = shuffled[i : i + batch_size]
        loss = loss_fn(model(features[b]), labels[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 8 == 0:
        with torch.no_grad():
            train_loss = loss_fn(model(features[train_idx]), labels[train_idx])
            test_loss = loss_fn(model(features[test_idx]), labels[test_idx])
        print(epoch, round(train_loss.item(), 4), round(test_loss.item(), 4))

with torch.no_grad():
    predicted = torch.sigmoid(model(features[test_idx])) > 0.5
score = (predicted == labels[test_idx].bool()).float().mean().item()
