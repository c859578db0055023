import sys
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split

# a fifth of the labels are drawn by lot: nobody gets far beyond eighty percent here
torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
X, y = make_classification(3000, n_features=12, n_informative=5, n_redundant=0, n_clusters_per_class=1, class_sep=0.9, flip_y=0.2, random_state=61)
X = X.astype(np.float32)
X_fit, X_test, y_fit, y_test = train_test_split(X, y, test_size=800, random_state=seed)
X_fit, X_val, y_fit, y_val = train_test_split(X_fit, y_fit, test_size=500, random_state=seed)
center, width = X_fit.mean(0), X_fit.std(0)
X_fit, X_val, X_test = (torch.from_numpy((a - center) / width) for a in (X_fit, X_val, X_test))
y_fit, y_val, y_test = (torch.from_numpy(a).long() for a in (y_fit, y_val, y_test))


class EarlyStopping:
    def __init__(self, patience=6):
        self.patience, self.counter, self.best, self.state = patience, 0, float("inf"), None

    def __call__(self, value, net):
        if value < self.best:
            self.best, self.counter = value, 0
            self.state = {k: v.clone() for k, v in net.state_dict().items()}
        else:
            self.counter += 1
        return self.counter >= self.patience


model = nn.Sequential(nn.Linear(12, 32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, 2))
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.05)
stopper = EarlyStopping()
max_epochs = 40
for epoch in range(max_epochs):
    model.train()
    for rows in torch.randperm(len(X_fit)).split(64):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(X_fit[rows]), y_fit[rows])
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        val_loss = nn.functional.cross_entropy(model(X_val), y_val).item()
    print(f"{epoch:2d} val {val_loss:.4f}")
    if stopper(val_loss, model):
        break
model.load_state_dict(stopper.state)
model.eval()
with torch.no_grad():
    score = (model(X_test).argmax(1) == y_test).float().mean().item()
