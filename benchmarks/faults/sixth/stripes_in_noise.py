import sys
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)


class Stripes(Dataset):
    """Waves in one of three directions, of any phase, under heavy noise."""

    def __init__(self, n, rng):
        self.labels = rng.integers(0, 3, n)
        angle = np.array([0.0, np.pi / 3, 2 * np.pi / 3])[self.labels] + rng.normal(0, 0.12, n)
        phase = rng.uniform(0, 2 * np.pi, n)
        i, j = np.mgrid[:12, :12]
        wave = np.cos(angle)[:, None, None] * i + np.sin(angle)[:, None, None] * j
        self.images = np.sin(1.3 * wave + phase[:, None, None]) + rng.normal(0, 1.0, (n, 12, 12))

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, k):
        return torch.tensor(self.images[k][None], dtype=torch.float32) / 1.22, int(self.labels[k])


rng = np.random.default_rng(seed)
train_data, test_data = Stripes(900, rng), Stripes(400, rng)
loader = DataLoader(train_data, batch_size=30, shuffle=True)
model = nn.Sequential(
    nn.Conv2d(1, 12, kernel_size=5),
    nn.ReLU(),
    nn.AdaptiveMaxPool2d(1),
    nn.Flatten(),
    nn.Linear(12, 3),
)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
ce = nn.CrossEntropyLoss()
NUM_EPOCHS = 10
for epoch in range(NUM_EPOCHS):
    for images, labels in loader:
        optimizer.zero_grad()
        loss = ce(model(images), labels)
        loss.backward()
        optimizer.step()
    print("epoch", epoch, "loss", loss.item())
right = 0
with torch.no_grad():
    for images, labels in DataLoader(test_data, batch_size=100):
        right += (model(images).argmax(1) == labels).sum().item()
score = right / len(test_data)
