"""Seven kinds of outdoor surfaces from eighteen numbers of a picture segment."""
import sys

import numpy as np
import torch
import torch.nn as nn
from river import datasets
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder, StandardScaler
from torch.utils.data import DataLoader, TensorDataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)

rows = [(list(x.values()), y) for x, y in datasets.ImageSegments()]
X = np.array([r[0] for r in rows], dtype=np.float32)
y = LabelEncoder().fit_transform([r[1] for r in rows])
X, first = np.unique(X, axis=0, return_index=True)  # a few rows stand twice in this table
y = y[first]

X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, stratify=y, random_state=seed)
scaler = StandardScaler()
X_train = torch.tensor(scaler.fit_transform(X_train), dtype=torch.float32)
X_test = torch.tensor(scaler.transform(X_test), dtype=torch.float32)
y_train, y_test = torch.tensor(y_train), torch.tensor(y_test)

model = nn.Sequential(
    nn.Linear(18, 64),
    nn.BatchNorm1d(64),
    nn.ReLU(),
    nn.Linear(64, 32),
    nn.BatchNorm1d(32),
    nn.ReLU(),
    nn.Linear(32, 7),
)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-4)
train_loader = DataLoader(TensorDataset(X_train, y_train), batch_size=64, shuffle=True)

num_epochs = 30
for epoch in range(num_epochs):
    model.train()
    running = 0.0
    for inputs, labels in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()
        running += loss.item() * len(labels)
    if (epoch + 1) % 5 == 0:
        print(f"Epoch {epoch + 1}/{num_epochs}, loss {running / len(X_train):.4f}")

model.eval()
with torch.no_grad():
    logits = model(X_test)
    score = (logits.argmax(dim=1) == y_test).float().mean().item()
print("test accuracy", score)
