"""Handwritten digits of eight by eight pixels; a residual network, one cycle of the rate."""
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
EPOCHS = 6

digits = load_digits()
images = torch.tensor(digits.images / 16.0, dtype=torch.float32).unsqueeze(1)
labels = torch.tensor(digits.target)
perm = torch.randperm(len(labels))
images, labels = images[perm], labels[perm]
train_loader = DataLoader(TensorDataset(images[:1300], labels[:1300]), batch_size=50, shuffle=True)
test_loader = DataLoader(TensorDataset(images[1300:], labels[1300:]), batch_size=500)


class BasicBlock(nn.Module):
    def __init__(self, cin, cout, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(cout)
        self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(cout)
        self.down = nn.Conv2d(cin, cout, 1, stride, bias=False) if (cin, stride) != (cout, 1) else nn.Identity()

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(out)) + self.down(x))


model = nn.Sequential(
    nn.Conv2d(1, 12, 3, 1, 1), BasicBlock(12, 12, 1), BasicBlock(12, 24, 2),
    nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(96, 10),
)
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9, weight_decay=5e-4, nesterov=True)
scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, epochs=EPOCHS, steps_per_epoch=len(train_loader))
for epoch in range(EPOCHS):
    model.train()
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        scheduler.step()
    model.eval()
    correct, test_loss = 0, 0.0
    with torch.no_grad():
        for x, y in test_loader:
            out = model(x)
            test_loss += F.cross_entropy(out, y, reduction="sum").item()
            correct += out.argmax(1).eq(y).sum().item()
    print(f"Epoch {epoch}: test loss {test_loss / 497:.3f}, accuracy {correct / 497:.3f}")
score = correct / 497
