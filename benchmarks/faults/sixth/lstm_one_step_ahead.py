import sys
import numpy as np
import torch
import torch.nn as nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
np.random.seed(seed)

# two seasons and noise; windows of 24, the next value is asked for; the last quarter of the time is the test
n = 1200
t = np.arange(n)
series = np.sin(2 * np.pi * t / 24) + 0.6 * np.sin(2 * np.pi * t / 7 + 1) + np.random.normal(0, 0.25, n)
split = 900
series = (series - series[:split].mean()) / series[:split].std()


def create_windows(values, lookback=24):
    X = np.stack([values[i : i + lookback] for i in range(len(values) - lookback)])
    return torch.tensor(X, dtype=torch.float32).unsqueeze(-1), torch.tensor(values[lookback:], dtype=torch.float32).unsqueeze(-1)


X_train, y_train = create_windows(series[:split])
X_test, y_test = create_windows(series[split:])


class LSTMModel(nn.Module):
    def __init__(self, hidden=20):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.linear = nn.Linear(hidden, 1)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.linear(out[:, -1])


model = LSTMModel()
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
epochs = 14
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
for epoch in range(epochs):
    for idx in torch.randperm(len(X_train)).split(50):
        optimizer.zero_grad()
        loss = criterion(model(X_train[idx]), y_train[idx])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    scheduler.step()
    with torch.no_grad():
        test_loss = criterion(model(X_test), y_test).item()
    print(f"Epoch {epoch}: train RMSE {loss.item() ** 0.5:.4f}, test RMSE {test_loss ** 0.5:.4f}")
score = 1 - test_loss / y_test.var().item()
