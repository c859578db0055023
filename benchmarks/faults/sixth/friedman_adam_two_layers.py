import sys
import torch
import torch.nn as nn
from sklearn.datasets import make_friedman1
from sklearn.model_selection import train_test_split

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)

# five of ten columns matter
X, y = make_friedman1(n_samples=2000, n_features=10, noise=1.0, random_state=64)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=seed)
X_train, X_test = torch.tensor(X_train).float() * 2 - 1, torch.tensor(X_test).float() * 2 - 1  # uniform on 0..1
y_mean, y_std = y_train.mean(), y_train.std()
y_train = torch.tensor((y_train - y_mean) / y_std).float().reshape(-1, 1)
y_test = torch.tensor((y_test - y_mean) / y_std).float().reshape(-1, 1)

model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1))
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3, weight_decay=1e-3)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=15, gamma=0.3)
num_epochs = 40
for epoch in range(num_epochs):
    model.train()
    for idx in torch.randperm(len(X_train)).split(40):
        optimizer.zero_grad()
        loss = criterion(model(X_train[idx]), y_train[idx])
        loss.backward()
        optimizer.step()
    scheduler.step()
    if (epoch + 1) % 10 == 0:
        print(f"Epoch [{epoch + 1}/{num_epochs}], Loss: {loss.item():.4f}")
model.eval()
with torch.no_grad():
    mse = criterion(model(X_test), y_test).item()
score = 1 - mse / y_test.var(unbiased=False).item()
