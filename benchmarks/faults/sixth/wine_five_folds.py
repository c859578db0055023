# five stratified folds, a fresh network and a fresh scaler in each; the mean accuracy is what is reported
import sys
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_wine
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
X, y = load_wine(return_X_y=True)


def make_model():
    return nn.Sequential(nn.Linear(13, 20), nn.ReLU(), nn.Dropout(0.2), nn.Linear(20, 3))


def train_one(X_tr, y_tr, epochs=30):
    net = make_model()
    opt = torch.optim.Adam(net.parameters(), lr=0.01, weight_decay=1e-3)
    net.train()
    for _ in range(epochs):
        for idx in torch.randperm(len(X_tr)).split(16):
            opt.zero_grad()
            loss = nn.functional.cross_entropy(net(X_tr[idx]), y_tr[idx])
            loss.backward()
            opt.step()
    return net.eval(), loss.item()


accuracies = []
folds = StratifiedKFold(n_splits=5, shuffle=True, random_state=seed)
for k, (tr, va) in enumerate(folds.split(X, y)):
    scaler = StandardScaler().fit(X[tr])
    X_tr = torch.tensor(scaler.transform(X[tr]), dtype=torch.float32)
    X_va = torch.tensor(scaler.transform(X[va]), dtype=torch.float32)
    y_tr, y_va = torch.tensor(y[tr]), torch.tensor(y[va])
    model, last = train_one(X_tr, y_tr)
    with torch.no_grad():
        acc = (model(X_va).argmax(1) == y_va).float().mean().item()
    accuracies.append(acc)
    print(f"fold {k}: last batch {last:.3f}, accuracy {acc:.3f}")
score = float(np.mean(accuracies))
