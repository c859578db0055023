"""Depthwise separable blocks with skips over three kinds of texture, one cycle of the rate, labels smoothed."""
import sys

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
kernels = torch.randn(5, 1, 3, 3, generator=torch.Generator().manual_seed(68))


def textures(n):
    kind = torch.randint(0, 5, (n,))
    noise = torch.randn(n, 1, 16, 16)
    fields = torch.conv2d(noise, kernels, padding=1)[torch.arange(n), kind].unsqueeze(1)
    return (fields - fields.mean((2, 3), keepdim=True)) / fields.std((2, 3), keepdim=True), kind


class Separable(nn.Module):
    def __init__(self, ch):
        super().__init__()
        self.depth = nn.Conv2d(ch, ch, 3, padding=1, groups=ch, bias=False)
        self.point = nn.Conv2d(ch, ch, 1, bias=False)
        self.bn = nn.BatchNorm2d(ch)

    def forward(self, x):
        return x + torch.relu(self.bn(self.point(self.depth(x))))


x, y = textures(600)
x_test, y_test = textures(300)
model = nn.Sequential(
    nn.Conv2d(1, 16, 3, stride=2, bias=False), nn.BatchNorm2d(16), nn.ReLU(), Separable(16), Separable(16), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 5)
)
epochs, bs = 14, 30
opt = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-3)
cycle = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=0.15, total_steps=epochs * len(x) // bs)
loss_fn = nn.CrossEntropyLoss(label_smoothing=0.05)
for epoch in range(epochs):
    model.train()
    for rows in torch.randperm(len(x)).split(bs):
        loss = loss_fn(model(x[rows]), y[rows])
        opt.zero_grad()
        loss.backward()
        opt.step()
        cycle.step()
    model.eval()
    with torch.no_grad():
        score = (model(x_test).argmax(1) == y_test).float().mean().item()
    print(epoch, loss.item(), score)
