"""The adding problem on twelve steps: two of the numbers are marked, their sum is the answer."""
import sys
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
LENGTH = 10


def marked(n):
    numbers = torch.rand(n, LENGTH) * 2 - 1
    places = torch.rand(n, LENGTH).argsort(dim=1)[:, :2]
    marks = torch.zeros(n, LENGTH).scatter_(1, places, 1.0)
    return torch.stack([numbers, marks], dim=2), (numbers * marks).sum(1, keepdim=True)


x_test, y_test = marked(500)
cell = nn.GRU(2, 24, batch_first=True)
readout = nn.Linear(24, 1)
model = nn.ModuleDict({"cell": cell, "readout": readout})
optimizer = torch.optim.RMSprop(model.parameters(), lr=3e-3)
num_steps = 500
decay = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: 1 - 0.95 * s / num_steps)
for step in range(num_steps):
    x, y = marked(40)
    states, _ = cell(x)
    loss = (readout(states[:, -1]) - y).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_value_(model.parameters(), 0.5)
    optimizer.step()
    decay.step()
    if step % 100 == 99:
        print(step + 1, loss.item())
with torch.no_grad():
    predicted = readout(cell(x_test)[0][:, -1])
score = 1 - ((predicted - y_test).pow(2).mean() / y_test.var()).item()
