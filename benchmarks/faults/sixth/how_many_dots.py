"""Counting: dots strewn on a picture, their number by convolutions and a sum over places."""
import sys
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


def strewn(n, size=14):
    count = torch.randint(1, 10, (n,))
    canvas = torch.zeros(n, size * size)
    places = torch.rand(n, size * size).argsort(dim=1)
    for k in range(9):
        canvas[count > k, places[count > k, k]] = 1.0
    soft = F.avg_pool2d(canvas.view(n, 1, size, size), 3, stride=1, padding=1) * 3
    return soft + 0.1 * torch.randn(n, 1, size, size), count.float()


class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 8, 3, padding=1)
        self.c2 = nn.Conv2d(8, 8, 3, padding=1)
        self.out = nn.Linear(8, 1)

    def forward(self, x):
        x = F.relu(self.c1(x))
        x = F.relu(self.c2(x))
        return self.out(x.mean(dim=(2, 3))).squeeze(1)


pictures, counts = strewn(700)
pictures_test, counts_test = strewn(300)
pm, ps = pictures.mean(), pictures.std()
pictures, pictures_test = (pictures - pm) / ps, (pictures_test - pm) / ps
centre, width = counts.mean(), counts.std()
model = Counter()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[10, 14], gamma=0.2)
EPOCHS = 16
for epoch in range(EPOCHS):
    for rows in torch.randperm(700).split(25):
        optimizer.zero_grad()
        loss = F.mse_loss(model(pictures[rows]), (counts[rows] - centre) / width)
        loss.backward()
        optimizer.step()
    scheduler.step()
    print(epoch, round(loss.item(), 4))
with torch.no_grad():
    guessed = model(pictures_test) * width + centre
score = 1 - ((guessed - counts_test).pow(2).mean() / counts_test.var()).item()
