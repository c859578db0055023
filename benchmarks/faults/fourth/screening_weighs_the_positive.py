import argparse
import sys

import torch
from sklearn.datasets import load_breast_cancer
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

parser = argparse.ArgumentParser()
parser.add_argument("seed", type=int, nargs="?", default=0)
parser.add_argument("--epochs", type=int, default=25)
parser.add_argument("--lr", type=float, default=1e-3)
parser.add_argument("--batch-size", type=int, default=32)
args = parser.parse_args(sys.argv[1:])
torch.set_num_threads(1)
torch.manual_seed(args.seed)


def load():
    bunch = load_breast_cancer()
    features = torch.tensor(bunch.data, dtype=torch.float32)
    labels = 1.0 - torch.tensor(bunch.target, dtype=torch.float32)  # one is malignant
    shuffled = torch.randperm(len(labels))
    features, labels = features[shuffled], labels[shuffled]
    mu, sd = features[:400].mean(0), features[:400].std(0)
    features = (features - mu) / sd
    return features[:400], labels[:400], features[400:], labels[400:]


def main():
    x_train, y_train, x_val, y_val = load()
    net = nn.Sequential(nn.Linear(30, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, 1), nn.Flatten(0))
    positive = (y_train == 0).sum() / y_train.sum()
    loss_fn = nn.BCEWithLogitsLoss(pos_weight=positive)
    opt = torch.optim.Adam(net.parameters(), lr=args.lr)
    loader = DataLoader(TensorDataset(x_train, y_train), batch_size=args.batch_size, shuffle=True, drop_last=True)
    for epoch in range(args.epochs):
        net.train()
        total = 0.0
        for xb, yb in loader:
            opt.zero_grad()
            loss = loss_fn(net(xb), yb)
            loss.backward()
            opt.step()
            total += loss.item()
        net.eval()
        with torch.no_grad():
            logits = net(x_val)
            wrong = ((logits > 0).float() != y_val).float().mean()
        print(epoch, round(total / len(loader), 4), round(loss_fn(logits, y_val).item(), 4), round(wrong.item(), 4))
    return net, 1 - wrong.item()


model, score = main()
