import sys
import math
import torch

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

# fit a noisy sine, the first thing one does
x = torch.rand(500, 1) * 2 * math.pi - math.pi
y = torch.sin(2 * x) + 0.1 * torch.randn_like(x)
x_train, y_train = x[:350], y[:350]
x_test, y_test = x[350:], y[350:]

model = torch.nn.Sequential(
    torch.nn.Linear(1, 40),
    torch.nn.Tanh(),
    torch.nn.Linear(40, 40),
    torch.nn.Tanh(),
    torch.nn.Linear(40, 1),
)
loss_fn = torch.nn.MSELoss(reduction="mean")
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
steps = 1500
for t in range(steps):
    y_pred = model(x_train)
    loss = loss_fn(y_pred, y_train)
    if t % 100 == 99:
        print(t, loss.item())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
with torch.no_grad():
    score = 1 - (loss_fn(model(x_test), y_test) / y_test.var(unbiased=False)).item()
