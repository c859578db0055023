import sys
import torch
from torch import nn
from sklearn.datasets import make_regression

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

X, y = make_regression(n_samples=600, n_features=6, n_informative=4, noise=20.0, random_state=65)
X = torch.from_numpy(X).to(torch.float32)
y = torch.from_numpy(y).to(torch.float32).view(y.shape[0], 1)
perm = torch.randperm(600)
train, test = perm[:450], perm[450:]
scale = y[train].std()

# 1) model
model = nn.Linear(in_features=6, out_features=1)
# 2) loss and optimizer
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
# 3) training loop
num_epochs = 200
for epoch in range(num_epochs):
    y_predicted = model(X[train])
    loss = criterion(y_predicted, y[train] / scale)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    if (epoch + 1) % 20 == 0:
        print(f"epoch: {epoch + 1}, loss = {loss.item():.4f}")

with torch.no_grad():
    predicted = model(X[test]) * scale
score = 1 - (criterion(predicted, y[test]) / y[test].var(unbiased=False)).item()
