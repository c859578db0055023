"""Gradients of four small batches are added up before each step, each divided by four."""
import sys
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch.utils.data import DataLoader, TensorDataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
accumulate, epochs = 4, 30
X, y = load_breast_cancer(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, stratify=y, random_state=seed)
scaler = StandardScaler().fit(X_train)
train = TensorDataset(torch.tensor(scaler.transform(X_train)).float(), torch.tensor(y_train).float())
X_test, y_test = torch.tensor(scaler.transform(X_test)).float(), torch.tensor(y_test)
loader = DataLoader(train, batch_size=8, shuffle=True, drop_last=True)

model = nn.Sequential(nn.Linear(30, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=1e-3)
criterion = nn.BCEWithLogitsLoss()
for epoch in range(epochs):
    model.train()
    optimizer.zero_grad()
    for i, (xb, yb) in enumerate(loader):
        loss = criterion(model(xb).squeeze(1), yb) / accumulate
        loss.backward()
        if (i + 1) % accumulate == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
    if epoch % 6 == 5:
        print(f"epoch {epoch + 1} loss {accumulate * loss.item():.4f}")
model.eval()
with torch.no_grad():
    score = ((model(X_test).squeeze(1) > 0) == (y_test == 1)).float().mean().item()
