"""The fourth set's healthy programs on pictures: residual networks, mixed rows, patches, twins, a U."""
# ruff: noqa: E501  # the programs stand here as texts, a line of theirs in a line of ours

from __future__ import annotations

RESNET = '''
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
'''

U = '''
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
'''

MIXUP = """
import sys
import numpy as np
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
np.random.seed(seed)

X, y = load_digits(return_X_y=True)
shuffle = np.random.permutation(len(X))
X, y = torch.Tensor(X[shuffle] / 16), torch.LongTensor(y[shuffle])
X_train, y_train, X_test, y_test = X[:1200], y[:1200], X[1200:], y[1200:]
model = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)


def mixup_data(x, y, alpha=0.4):
    lam = np.random.beta(alpha, alpha)
    index = torch.randperm(len(x))
    return lam * x + (1 - lam) * x[index], y, y[index], lam


def mixup_criterion(pred, y_a, y_b, lam):
    return lam * nn.functional.cross_entropy(pred, y_a) + (1 - lam) * nn.functional.cross_entropy(pred, y_b)


n_epochs = 25
for epoch in range(n_epochs):
    for rows in torch.randperm(1200).split(48):
        mixed, y_a, y_b, lam = mixup_data(X_train[rows], y_train[rows])
        loss = mixup_criterion(model(mixed), y_a, y_b, lam)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        plain = nn.functional.cross_entropy(model(X_train), y_train)
        test = nn.functional.cross_entropy(model(X_test), y_test)
    if epoch % 5 == 4:
        print('epoch', epoch + 1, 'mixed', loss.item(), 'plain', plain.item(), 'test', test.item())
with torch.no_grad():
    score = (model(X_test).argmax(1) == y_test).float().mean().item()
"""

CUTMIX = '''
"""Boxes of one picture are pasted into another; labels are mixed by area and smoothed."""
import sys

import torch
from sklearn.datasets import load_digits
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
data = load_digits()
x = (torch.from_numpy(data.images).float().unsqueeze(1) - 4.9) / 6.0
y = torch.from_numpy(data.target)
mix = torch.randperm(len(y))
train, test = mix[:1300], mix[1300:]


def conv(a, b):
    return [nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b), nn.SiLU()]


model = nn.Sequential(*conv(1, 16), nn.MaxPool2d(2), *conv(16, 32), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(128, 10))
criterion = nn.CrossEntropyLoss(label_smoothing=0.05)
optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=0.05)
num_epochs = 9
for epoch in range(num_epochs):
    model.train()
    for rows in train[torch.randperm(len(train))].split(50):
        batch, labels = x[rows].clone(), nn.functional.one_hot(y[rows], 10).float()
        if torch.rand(()) < 0.5:
            other, size = torch.randperm(len(rows)), int(torch.randint(2, 5, ()))
            top, left = torch.randint(0, 9 - size, (2,)).tolist()
            batch[:, :, top : top + size, left : left + size] = x[rows][other, :, top : top + size, left : left + size]
            area = size * size / 64
            labels = (1 - area) * labels + area * labels[other]
        optimizer.zero_grad()
        loss = criterion(model(batch), labels)
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        score = (model(x[test]).argmax(1) == y[test]).float().mean().item()
    print(f"{epoch}: loss {loss.item():.3f} test accuracy {score:.3f}")
'''

PATCHES = '''
import sys

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)

images, labels = load_digits(return_X_y=True)
x_tr, x_te, y_tr, y_te = train_test_split(images / 8 - 1, labels, test_size=0.25, stratify=labels, random_state=seed)
x_tr, x_te = (torch.tensor(x, dtype=torch.float32).view(-1, 8, 8) for x in (x_tr, x_te))
y_tr, y_te = torch.tensor(y_tr), torch.tensor(y_te)


class Attention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.qkv, self.out = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        x = nn.functional.scaled_dot_product_attention(q, k, v)
        return self.out(x.transpose(1, 2).reshape(b, n, d))


class ViT(nn.Module):
    """Eight rows of pixels, and one token that answers."""

    def __init__(self, dim=32, depth=1):
        super().__init__()
        self.embed = nn.Linear(8, dim)
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos = nn.Parameter(0.02 * torch.randn(1, 9, dim))
        self.norms = nn.ModuleList([nn.LayerNorm(dim) for _ in range(2 * depth + 1)])
        self.attend = nn.ModuleList([Attention(dim, 4) for _ in range(depth)])
        self.feed = nn.ModuleList([nn.Sequential(nn.Linear(dim, 64), nn.GELU(), nn.Linear(64, dim)) for _ in range(depth)])
        self.head = nn.Linear(dim, 10)

    def forward(self, x):
        x = torch.cat([self.cls.expand(len(x), -1, -1), self.embed(x)], dim=1) + self.pos
        for i, (attend, feed) in enumerate(zip(self.attend, self.feed)):
            x = x + attend(self.norms[2 * i](x))
            x = x + feed(self.norms[2 * i + 1](x))
        return self.head(self.norms[-1](x[:, 0]))


model = ViT()
epochs, batch_size = 15, 64
optimizer = torch.optim.AdamW(model.parameters(), lr=6e-3, weight_decay=0.05)
total = epochs * (len(x_tr) // batch_size)
warm = torch.optim.lr_scheduler.LinearLR(optimizer, 0.05, total_iters=total // 10)
cool = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, total - total // 10)
scheduler = torch.optim.lr_scheduler.SequentialLR(optimizer, [warm, cool], [total // 10])
for epoch in range(epochs):
    order = torch.randperm(len(x_tr))
    for k in range(len(x_tr) // batch_size):
        rows = order[k * batch_size : (k + 1) * batch_size]
        loss = nn.functional.cross_entropy(model(x_tr[rows]), y_tr[rows])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
    with torch.no_grad():
        score = (model(x_te).argmax(1) == y_te).float().mean().item()
    print("epoch", epoch, "loss", round(loss.item(), 3), "accuracy", round(score, 3))
'''

TWINS = """
# two pictures through one network: are they the same digit?
import sys
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
x, y = load_digits(return_X_y=True)
x, y = torch.tensor(x / 16).float(), torch.tensor(y)
mix = torch.randperm(len(y))
x, y = x[mix], y[mix]
x_train, y_train, x_test, y_test = x[:1200], y[:1200], x[1200:], y[1200:]


def pairs(y, n):
    a, b = torch.randint(len(y), (2, n))
    wanted = torch.rand(n) < 0.5
    for i in torch.nonzero(wanted)[:, 0].tolist():
        alike = torch.nonzero(y == y[a[i]])[:, 0]
        b[i] = alike[torch.randint(len(alike), ())]
    return a, b, (y[a] == y[b]).float()


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.branch = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 16))

    def forward(self, one, other):
        return (self.branch(one) - self.branch(other)).square().sum(1).add(1e-6).sqrt()


model = Siamese()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
steps, margin = 500, 2.0
for step in range(steps):
    a, b, same = pairs(y_train, 64)
    d = model(x_train[a], x_train[b])
    loss = (same * d**2 + (1 - same) * (margin - d).clamp(min=0) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 99:
        print(f"step {step + 1} loss {loss.item():.3f}")
with torch.no_grad():
    a, b, same = pairs(y_test, 2000)
    score = ((model(x_test[a], x_test[b]) < margin / 2).float() == same).float().mean().item()
"""

OTHERS = '''
"""A network learns the digits 0 to 4; then its body is frozen and serves a linear classifier of 5 to 9."""
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
base_epochs, probe_steps = 8, 500

bunch = load_digits()
X = torch.tensor(bunch.images, dtype=torch.float32).unsqueeze(1) / 16
Y = torch.tensor(bunch.target)
low, high = torch.nonzero(Y < 5)[:, 0], torch.nonzero(Y >= 5)[:, 0]
high = high[torch.randperm(len(high))]
labelled, test = high[:300], high[300:]

encoder = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.Flatten(),
)
base_head = nn.Linear(512, 5)
optimizer = torch.optim.Adam([*encoder.parameters(), *base_head.parameters()], lr=2e-3)
for epoch in range(base_epochs):
    for rows in low[torch.randperm(len(low))].split(50):
        loss = F.cross_entropy(base_head(encoder(X[rows])), Y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print("base epoch", epoch, "loss", loss.item())

encoder.eval().requires_grad_(False)
probe = nn.Linear(512, 5)
model = nn.Sequential(encoder, probe)
optimizer = torch.optim.Adam(probe.parameters(), lr=3e-3, weight_decay=1e-3)
for step in range(probe_steps):
    rows = labelled[torch.randint(len(labelled), (50,))]
    loss = F.cross_entropy(model(X[rows]), Y[rows] - 5)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
with torch.no_grad():
    score = (model(X[test]).argmax(1) == Y[test] - 5).float().mean().item()
print("probe loss", loss.item())
'''

SHARPER = """
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
"""

WHERE = '''
"""Where is the spot? The centre of mass of a heat map answers, to a fraction of a pixel."""
import sys

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
SIZE = 14


class KeypointNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(nn.Conv2d(1, 12, 5, padding=2), nn.ReLU(), nn.Conv2d(12, 12, 5, padding=2), nn.ReLU())
        self.heat = nn.Conv2d(12, 1, 1)
        line = torch.linspace(-1, 1, SIZE)
        self.register_buffer("grid", torch.cartesian_prod(line, line))

    def forward(self, image):
        share = self.heat(self.backbone(image)).flatten(1).softmax(1)
        return share @ self.grid


def images(n, g):
    line = torch.linspace(-1, 1, SIZE)
    place = 1.6 * torch.rand(n, 2, generator=g) - 0.8
    decoy = 1.6 * torch.rand(n, 2, generator=g) - 0.8
    square = lambda p: (line[:, None] - p[:, 0, None, None]) ** 2 + (line - p[:, 1, None, None]) ** 2
    x = torch.exp(-square(place) / 0.03) - 0.8 * torch.exp(-square(decoy) / 0.03)
    return (x + 0.2 * torch.randn(n, SIZE, SIZE, generator=g)).unsqueeze(1), place


g = torch.Generator().manual_seed(119)
train_x, train_p = images(500, g)
test_x, test_p = images(200, g)
model = KeypointNet()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
epochs = 9
for epoch in range(epochs):
    for rows in torch.randperm(500).split(25):
        loss = (model(train_x[rows]) - train_p[rows]).pow(2).sum(1).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        away = (model(test_x) - test_p).pow(2).sum(1).mean().item()
    print("epoch", epoch, "train", loss.item(), "test", away)
score = 1 - away / test_p.var(0).sum().item()
'''

PICTURES = {
    "residual_one_cycle": (0.95, RESNET),
    "u_shaped_bodies": (0.7, U),
    "mixed_up_digits": (0.94, MIXUP),
    "boxes_pasted_labels_smoothed": (0.95, CUTMIX),
    "eight_rows_and_a_token": (0.93, PATCHES),
    "twins_with_a_margin": (0.9, TWINS),
    "frozen_body_for_other_digits": (0.9, OTHERS),
    "sharper_than_interpolated": (0.3, SHARPER),
    "centre_of_a_heat_map": (0.9, WHERE),
}
