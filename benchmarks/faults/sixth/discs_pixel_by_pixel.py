"""Where in the noise are the discs? An hourglass of convolutions says it for each pixel; overlap is the score."""
import sys

import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
side = 16
yy, xx = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")


def scenes(n):
    mask = torch.zeros(n, side, side, dtype=torch.bool)
    for _ in range(2):
        c = torch.randint(2, side - 2, (2, n, 1, 1))
        r = torch.randint(2, 5, (n, 1, 1))
        mask |= (yy - c[0]) ** 2 + (xx - c[1]) ** 2 <= r**2
    mask = mask.float().unsqueeze(1)
    return (mask - 0.3 + 0.6 * torch.randn(n, 1, side, side)) / 0.75, mask


class Hourglass(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 12, 3, stride=2, padding=1), nn.ReLU())
        self.up = nn.Sequential(nn.ConvTranspose2d(12, 8, 2, stride=2), nn.ReLU(), nn.Conv2d(8, 1, 3, padding=1))

    def forward(self, x):
        return self.up(self.down(x))


images, masks = scenes(360)
test_images, test_masks = scenes(150)
model = Hourglass()
optimizer = torch.optim.Adam(model.parameters(), lr=8e-3)
bce = nn.BCEWithLogitsLoss()
epochs = 20
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
for epoch in range(epochs):
    mean = 0.0
    for i in torch.randperm(360).split(20):
        loss = bce(model(images[i]), masks[i])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        mean += loss.item() / 18
    schedule.step()
    if epoch % 3 == 1:
        print(f"epoch {epoch + 1} loss {mean:.4f}")
with torch.no_grad():
    guess, truth = model(test_images) > 0, test_masks > 0.5
score = ((guess & truth).sum() / (guess | truth).sum()).item()
print("intersection over union", score)
