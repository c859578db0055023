import sys
import torch
from torch import nn

# one answer in twelve is spoiled by a slip of the pen; Huber's loss looks past them, the test rows are clean
torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


def truth(x):
    return (torch.sin(2 * x[:, 0]) + 0.5 * x[:, 1] ** 2 - x[:, 2] * x[:, 1]).unsqueeze(1)


X_train, X_test = torch.rand(1500, 4) * 3 - 1.5, torch.rand(600, 4) * 3 - 1.5
y_train = truth(X_train) + 0.1 * torch.randn(1500, 1)
slips = torch.rand(1500) < 1 / 12
y_train[slips] += 8 * torch.randn(int(slips.sum()), 1)
y_test = truth(X_test)
X_train, X_test = X_train / 0.866, X_test / 0.866

model = nn.Sequential(nn.Linear(4, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh(), nn.Linear(40, 1))
huber = nn.HuberLoss(delta=0.3)
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
epochs = 45
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
for epoch in range(epochs):
    running = 0.0
    for index in torch.randperm(1500).split(30):
        optimizer.zero_grad()
        loss = huber(model(X_train[index]), y_train[index])
        loss.backward()
        optimizer.step()
        running += loss.item() / 50
    schedule.step()
    if epoch % 9 == 8:
        print(epoch + 1, "huber", round(running, 4))
with torch.no_grad():
    score = 1 - ((model(X_test) - y_test).pow(2).mean() / y_test.var()).item()
