import sys

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


def cells(n, g):
    """Bright bodies on an uneven, noisy ground, and where they are."""
    a = torch.arange(16.0)
    centre, radius = 2 + 12 * torch.rand(n, 3, 2, 1, 1, generator=g), 1.5 + 1.5 * torch.rand(n, 3, 1, 1, generator=g)
    far = ((a[:, None] - centre[:, :, 0]) ** 2 + (a - centre[:, :, 1]) ** 2).sqrt()
    mask = (far < radius).any(1, keepdim=True).float()
    ground = torch.rand(n, 1, 1, 1, generator=g) * a[:, None] / 8 + torch.rand(n, 1, 1, 1, generator=g) * a / 8
    return mask + ground + 0.4 * torch.randn(n, 1, 16, 16, generator=g), mask


def double_conv(a, b):
    return nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.GroupNorm(2, b), nn.ReLU(inplace=True),
                         nn.Conv2d(b, b, 3, padding=1), nn.GroupNorm(2, b), nn.ReLU(inplace=True))


class UNet(nn.Module):
    def __init__(self, c=8):
        super().__init__()
        self.down1, self.down2 = double_conv(1, c), double_conv(c, 2 * c)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.ConvTranspose2d(2 * c, c, 2, stride=2)
        self.last = double_conv(2 * c, c)
        self.out = nn.Conv2d(c, 1, 1)

    def forward(self, x):
        skip = self.down1(x)
        x = self.up(self.down2(self.pool(skip)))
        return self.out(self.last(torch.cat([skip, x], dim=1)))


g = torch.Generator().manual_seed(112)
x_train, m_train = cells(320, g)
x_val, m_val = cells(120, g)
model = UNet()
n_epochs = 10
optimizer = torch.optim.AdamW(model.parameters(), lr=8e-3)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, n_epochs)
for epoch in range(n_epochs):
    for i in torch.randperm(320).split(20):
        optimizer.zero_grad()
        loss = nn.functional.binary_cross_entropy_with_logits(model(x_train[i]), m_train[i])
        loss.backward()
        optimizer.step()
    scheduler.step()
    with torch.no_grad():
        found = model(x_val) > 0
    overlap = (found & m_val.bool()).sum() / (found | m_val.bool()).sum()
    print("epoch", epoch, "loss", loss.item(), "overlap", overlap.item())
score = overlap.item()
