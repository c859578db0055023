"""Mean teacher: ninety labelled digits and a thousand without; the teacher is the moving average of the pupil."""
import copy
import sys

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
x, y = load_digits(return_X_y=True)
x, y = torch.tensor(x / 8 - 1, dtype=torch.float32), torch.tensor(y)
order = torch.randperm(len(y))
train, test = order[:1300], order[1300:]
labelled = torch.cat([train[y[train] == digit][:12] for digit in range(10)])
pupil = nn.Sequential(nn.Linear(64, 80), nn.ReLU(), nn.Dropout(0.3), nn.Linear(80, 10))
model = copy.deepcopy(pupil).requires_grad_(False).eval()
optimizer = torch.optim.Adam(pupil.parameters(), lr=2e-3, weight_decay=1e-4)
num_steps = 700
for step in range(num_steps):
    a = labelled[torch.randint(len(labelled), (24,))]
    b = train[torch.randint(len(train), (60,))]
    noisy = x[b] + 0.3 * torch.randn(60, 64)
    supervised = F.cross_entropy(pupil(x[a] + 0.3 * torch.randn(24, 64)), y[a])
    agree = F.mse_loss(pupil(noisy).softmax(1), model(x[b]).softmax(1))
    loss = supervised + 10 * min(1.0, step / 200) * agree
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        keep = min(0.98, 1 - 1 / (step + 2))
        for slow, quick in zip(model.parameters(), pupil.parameters()):
            slow.mul_(keep).add_((1 - keep) * quick)
    if step % 100 == 99:
        print(step + 1, round(supervised.item(), 4), round(agree.item(), 5))
score = (model(x[test]).argmax(1) == y[test]).float().mean().item()
