"""Three channels of a worn sensor: walking, running, sitting or falling. Convolutions first, then an LSTM."""
import sys
import numpy as np
import torch
from torch import nn
from sklearn.model_selection import train_test_split

torch.set_num_threads(1)
SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(SEED)
rng = np.random.default_rng(SEED)


def recording(kind, length=40):
    t = np.arange(length)
    pace, strength = [(0.5, 0.8), (1.0, 1.2), (0.0, 0.0), (0.5, 0.5)][kind]
    pace *= rng.uniform(0.85, 1.15)
    phase = rng.uniform(0, 6.28, 3)[:, None]
    signal = strength * np.sin(pace * t + phase) + rng.normal(0, 0.8, (3, length))
    if kind == 3:
        at = rng.integers(8, length - 8)
        signal[:, at : at + 3] += rng.normal(0, 3, (3, 1))
    return signal


labels = rng.integers(0, 4, 1000)
data = np.stack([recording(k) for k in labels]).astype(np.float32)
X_train, X_test, y_train, y_test = train_test_split(data, labels, test_size=0.3, stratify=labels, random_state=SEED)
mean, std = X_train.mean((0, 2), keepdims=True), X_train.std((0, 2), keepdims=True)
X_train, X_test = torch.tensor((X_train - mean) / std), torch.tensor((X_test - mean) / std)
y_train, y_test = torch.tensor(y_train), torch.tensor(y_test)


class ConvLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv1d(3, 16, 5, padding=2), nn.BatchNorm1d(16), nn.ReLU(), nn.MaxPool1d(4))
        self.lstm = nn.LSTM(16, 16, batch_first=True)
        self.drop = nn.Dropout(0.2)
        self.fc = nn.Linear(16, 4)

    def forward(self, x):
        out, _ = self.lstm(self.conv(x).transpose(1, 2))
        return self.fc(self.drop(out.amax(dim=1)))


model = ConvLSTM()
optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3, weight_decay=1e-2)
loss_fn = nn.CrossEntropyLoss()
epochs = 24
for epoch in range(epochs):
    model.train()
    for rows in torch.randperm(len(y_train)).split(50):
        optimizer.zero_grad()
        loss = loss_fn(model(X_train[rows]), y_train[rows])
        loss.backward()
        optimizer.step()
    print("epoch", epoch, "loss", round(loss.item(), 4))
model.eval()
with torch.no_grad():
    score = (model(X_test).argmax(1) == y_test).float().mean().item()
