import sys

import torch
from sklearn.datasets import load_digits
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

# four by four pixels in, eight by eight out: the network adds to what interpolation gives
fine = torch.tensor(load_digits().images / 16, dtype=torch.float32).unsqueeze(1)
fine = fine[torch.randperm(len(fine))]
coarse = nn.functional.avg_pool2d(fine, 2)
fine_train, fine_test, coarse_train, coarse_test = fine[:1300], fine[1300:], coarse[:1300], coarse[1300:]


class Sharper(nn.Module):
    def __init__(self, width=24):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, width, 3, padding=1), nn.PReLU(), nn.Conv2d(width, width, 3, padding=1), nn.PReLU(),
            nn.Conv2d(width, 4, 3, padding=1), nn.PixelShuffle(2),
        )

    def forward(self, small):
        return nn.functional.interpolate(small, scale_factor=2, mode="bilinear") + self.layers(small)


model = Sharper()
l1 = nn.L1Loss()
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=2)
max_epochs = 14
for epoch in range(max_epochs):
    running, count = 0.0, 0
    for idx in torch.randperm(1300).split(50):
        loss = l1(model(coarse_train[idx]), fine_train[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running, count = running + loss.item(), count + 1
    plateau.step(running / count)
    with torch.no_grad():
        test = l1(model(coarse_test), fine_test).item()
    print(f"epoch {epoch} train {running / count:.4f} test {test:.4f}")
blurred = l1(nn.functional.interpolate(coarse_test, scale_factor=2, mode="bilinear"), fine_test).item()
score = 1 - test / blurred
