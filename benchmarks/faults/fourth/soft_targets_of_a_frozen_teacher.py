"""A wide teacher is trained, frozen, and taught to a narrow pupil at temperature three."""
import sys

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
teacher_epochs, pupil_epochs, T = 12, 24, 3.0
x, y = load_digits(return_X_y=True)
order = torch.randperm(len(y))
x, y = torch.tensor(x / 16, dtype=torch.float32)[order], torch.tensor(y)[order]
x_tr, y_tr, x_te, y_te = x[:1300], y[:1300], x[1300:], y[1300:]


def mlp(width):
    return nn.Sequential(nn.Linear(64, width), nn.ReLU(), nn.Linear(width, 10))


def fit(net, epochs, loss_of):
    optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
    for epoch in range(epochs):
        for b in torch.randperm(1300).split(40):
            loss = loss_of(net, b)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        if epoch % 4 == 3:
            print(f"epoch {epoch + 1} loss {loss.item():.3f}")
    return net.eval()


def distilled(net, b):
    with torch.no_grad():
        soft = F.softmax(teacher(x_tr[b]) / T, dim=1)
    out = net(x_tr[b])
    return 0.7 * T * T * F.kl_div(F.log_softmax(out / T, dim=1), soft, reduction="batchmean") + 0.3 * F.cross_entropy(out, y_tr[b])


teacher = fit(mlp(200), teacher_epochs, lambda net, b: F.cross_entropy(net(x_tr[b]), y_tr[b])).requires_grad_(False)
model = fit(mlp(20), pupil_epochs, distilled)
score = (model(x_te).argmax(1) == y_te).float().mean().item()
print("teacher", (teacher(x_te).argmax(1) == y_te).float().mean().item(), "pupil", score)
