import sys
import numpy as np
import torch

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
np.random.seed(seed)
torch.manual_seed(seed)


def f(p):
    return np.sinc(p[:, 0]) * np.cos(p[:, 1]) + 0.2 * p[:, 0]


pts = np.random.uniform(-2, 2, size=(1800, 2))
val = f(pts) + np.random.normal(0, 0.05, size=1800)
tr, te = slice(0, 1300), slice(1300, None)
P = torch.tensor(pts / 1.155, dtype=torch.float32)
V = torch.tensor((val - val[tr].mean()) / val[tr].std(), dtype=torch.float32).reshape(-1, 1)

model = torch.nn.Sequential(torch.nn.Linear(2, 50), torch.nn.Softplus(), torch.nn.Linear(50, 50), torch.nn.Softplus(), torch.nn.Linear(50, 1))
opt = torch.optim.Adagrad(model.parameters(), lr=0.1)
n_epochs = 120
for ep in range(n_epochs):
    idx = torch.randperm(1300)
    for lo in range(0, 1300, 50):
        rows = idx[lo : lo + 50]
        loss = torch.nn.functional.mse_loss(model(P[tr][rows]), V[tr][rows])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if ep % 10 == 9:
        with torch.no_grad():
            print(ep + 1, "train", loss.item(), "test", torch.nn.functional.mse_loss(model(P[te]), V[te]).item())
with torch.no_grad():
    score = 1 - (torch.nn.functional.mse_loss(model(P[te]), V[te]) / V[te].var()).item()
