"""Which of four forms is drawn, anywhere in a noisy picture of sixteen by sixteen?"""
import sys

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
grid_y, grid_x = torch.meshgrid(torch.arange(16.0), torch.arange(16.0), indexing="ij")


def draw(n):
    kind = torch.randint(0, 4, (n,))
    cx, cy, r = (torch.rand(3, n) * torch.tensor([[6.0], [6.0], [1.5]]) + torch.tensor([[5.0], [5.0], [3.0]])).unbind()
    dx, dy = (grid_x - cx[:, None, None]).abs(), (grid_y - cy[:, None, None]).abs()
    r = r[:, None, None]
    forms = torch.stack([
        ((dx**2 + dy**2).sqrt() - r).abs() < 0.8,
        (torch.maximum(dx, dy) - r).abs() < 0.8,
        (torch.minimum(dx, dy) < 0.8) & (torch.maximum(dx, dy) < r),
        ((dx - dy).abs() < 0.9) & (dx < r),
    ])
    picture = forms[kind, torch.arange(n)].float() + 0.25 * torch.randn(n, 16, 16)
    return (picture.unsqueeze(1) - 0.12) / 0.4, kind


def block(n_in, n_out):
    return nn.Sequential(nn.Conv2d(n_in, n_out, 3, padding=1, bias=False), nn.BatchNorm2d(n_out), nn.ReLU(), nn.MaxPool2d(2))


x_train, y_train = draw(700)
x_test, y_test = draw(400)
model = nn.Sequential(block(1, 8), block(8, 16), block(16, 32), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 4))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
epochs = 12
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)
for epoch in range(epochs):
    model.train()
    total, hits = 0.0, 0
    for rows in torch.randperm(len(y_train)).split(35):
        out = model(x_train[rows])
        loss = criterion(out, y_train[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
        hits += (out.argmax(1) == y_train[rows]).sum().item()
    scheduler.step()
    print(f"{epoch:2d} loss {total / len(y_train):.4f} accuracy {hits / len(y_train):.4f}")
model.eval()
with torch.no_grad():
    score = (model(x_test).argmax(1) == y_test).float().mean().item()
