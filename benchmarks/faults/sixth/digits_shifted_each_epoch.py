"""Digits moved by a pixel at random while training, cosine schedule, weights counted at the start."""
import sys
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=450, stratify=y, random_state=seed)
X_train, X_test = (torch.tensor(a / 8 - 1, dtype=torch.float32).view(-1, 1, 8, 8) for a in (X_train, X_test))
y_train, y_test = torch.tensor(y_train), torch.tensor(y_test)


def augment(batch):
    padded = F.pad(batch, (1, 1, 1, 1), value=-1.0)
    dy, dx = torch.randint(0, 3, (2,)).tolist()
    return padded[:, :, dy : dy + 8, dx : dx + 8]


model = nn.Sequential(
    nn.Conv2d(1, 16, 3), nn.BatchNorm2d(16), nn.ReLU(),
    nn.Conv2d(16, 24, 3), nn.BatchNorm2d(24), nn.ReLU(),
    nn.Flatten(), nn.Linear(24 * 16, 10),
)  # fmt: skip
print(sum(p.numel() for p in model.parameters()), "weights")
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-2)
num_epochs = 10
batches = len(X_train) // 32
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, num_epochs * batches)
for epoch in range(num_epochs):
    model.train()
    perm = torch.randperm(len(X_train))
    for k in range(batches):
        rows = perm[32 * k : 32 * k + 32]
        loss = F.cross_entropy(model(augment(X_train[rows])), y_train[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
    model.eval()
    with torch.no_grad():
        acc = (model(X_test).argmax(1) == y_test).float().mean().item()
    print(f"epoch {epoch + 1} loss {loss.item():.4f} test accuracy {acc:.4f}")
score = acc
