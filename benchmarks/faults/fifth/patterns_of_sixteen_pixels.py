"""Bars or stripes in four by four pixels: there are few different pictures, so rows repeat, some with a flipped pixel."""
import sys

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


def draw(n):
    upright = torch.rand(n) < 0.5
    lines = (torch.rand(n, 4) < 0.5).float()
    # all or no lines would be both: draw these again
    while (same := lines.std(1) == 0).any():
        lines[same] = (torch.rand(int(same.sum()), 4) < 0.5).float()
    pictures = torch.where(upright[:, None, None], lines[:, None, :].expand(n, 4, 4), lines[:, :, None].expand(n, 4, 4))
    flips = torch.rand(n, 16) < 0.06
    return torch.logical_xor(pictures.reshape(n, 16) > 0.5, flips).float(), upright.long()


x, y = draw(2600)
x_train, y_train, x_test, y_test = x[:2000], y[:2000], x[2000:], y[2000:]

model = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-3)
epochs = 20
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=epochs * 40)
for epoch in range(epochs):
    model.train()
    running = 0.0
    for batch in torch.randperm(2000).split(50):
        logits = model(2 * x_train[batch] - 1)
        loss = nn.functional.cross_entropy(logits, y_train[batch], label_smoothing=0.02)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        running += loss.item() / 40
    model.eval()
    with torch.no_grad():
        score = (model(2 * x_test - 1).argmax(1) == y_test).float().mean().item()
    print(f"epoch {epoch:2d} loss {running:.4f} accuracy {score:.4f}")
