import sys
import torch
from torch import nn

# two machines measure the same thing, one with an offset; labels come from the first alone.
# a reversed gradient takes the machine out of the features; the second machine is the test
torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


class Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, strength):
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx, upstream):
        return -ctx.strength * upstream, None


def measured(n, machine):
    y = torch.randint(0, 2, (n,))
    x = torch.randn(n, 6)
    x[:, :2] += 1.5 * (2 * y[:, None] - 1)
    x[:, 0] += 2.0 * machine
    x[:, 3] += 2.0 * machine
    return (x - torch.tensor([1.0, 0, 0, 1.0, 0, 0])) / torch.tensor([2.0, 1.8, 1, 1.4, 1, 1]), y


x_a, y_a = measured(800, 0)
x_b, _ = measured(800, 1)
x_test, y_test = measured(600, 1)
body = nn.Sequential(nn.Linear(6, 24), nn.ReLU(), nn.Linear(24, 8))
answer, machine = nn.Linear(8, 1), nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
model = nn.ModuleList([body, answer, machine])
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=1e-3)
bce = nn.BCEWithLogitsLoss()
which = torch.cat([torch.zeros(40, 1), torch.ones(40, 1)])
steps = 800
for step in range(steps):
    i, j = torch.randint(800, (40,)), torch.randint(800, (40,))
    features = body(torch.cat([x_a[i], x_b[j]]))
    strength = 0.5 * min(1.0, step / 300)
    task_loss = bce(answer(features[:40]), y_a[i].float().unsqueeze(1))
    machine_loss = bce(machine(Reverse.apply(features, strength)), which)
    loss = task_loss + machine_loss
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 100 == 99:
        print(step + 1, round(task_loss.item(), 4), round(machine_loss.item(), 4))
with torch.no_grad():
    score = ((answer(body(x_test))[:, 0] > 0).long() == y_test).float().mean().item()
