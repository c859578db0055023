"""Five networks on resampled rows; one small network is taught their mean answer on unlabelled rows besides."""
import sys
import torch
from torch import nn
from sklearn.datasets import make_friedman1

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
X, y = make_friedman1(2300, n_features=7, noise=1.0, random_state=seed)
X = torch.tensor((X - 0.5) / 0.29, dtype=torch.float32)
y = torch.tensor((y - y[:600].mean()) / y[:600].std(), dtype=torch.float32).unsqueeze(1)
labelled, unlabelled, test = slice(0, 600), slice(600, 1700), slice(1700, 2300)
member_steps, pupil_steps = 300, 800


def mlp(width):
    return nn.Sequential(nn.Linear(7, width), nn.SiLU(), nn.Linear(width, 1))


def fit(net, x, target, steps, lr):
    opt = torch.optim.Adam(net.parameters(), lr=lr, weight_decay=1e-3)
    for _ in range(steps):
        rows = torch.randint(len(x), (50,))
        loss = nn.functional.mse_loss(net(x[rows]), target[rows])
        opt.zero_grad()
        loss.backward()
        opt.step()
    return net.eval()


members = []
for k in range(5):
    bag = torch.randint(600, (600,))
    members.append(fit(mlp(48), X[labelled][bag], y[labelled][bag], member_steps, 1e-2))
with torch.no_grad():
    everything = torch.cat([X[labelled], X[unlabelled]])
    soft = torch.stack([m(everything) for m in members]).mean(0)
model = fit(mlp(24), everything, soft, pupil_steps, 5e-3)


def explained(said):
    return 1 - ((said - y[test]).pow(2).mean() / y[test].var()).item()


with torch.no_grad():
    print("members", [round(explained(m(X[test])), 3) for m in members])
    print("all", explained(torch.stack([m(X[test]) for m in members]).mean(0)))
    score = explained(model(X[test]))
