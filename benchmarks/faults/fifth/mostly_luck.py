# Tomorrow's demand for spare parts: mostly luck, a tenth to a quarter of it can be known.
import sys

import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
rng = np.random.RandomState(seed + 77)

def make(n):
    X = rng.normal(size=(n, 15)).astype("float32")
    signal = np.sin(1.5 * X[:, 0]) + 0.5 * X[:, 1] * (X[:, 2] > 0) + 0.4 * X[:, 3]
    return X, (signal + rng.normal(scale=1.9, size=n)).astype("float32")[:, None]

X, y = make(9000)
Xv, yv = make(3000)
Xt, yt = make(3000)
y_mean, y_std = y.mean(), y.std()
X, Xv, Xt = map(torch.from_numpy, (X, Xv, Xt))
y, yv, yt = (torch.from_numpy((a - y_mean) / y_std) for a in (y, yv, yt))

model = nn.Sequential(
    nn.Linear(15, 40), nn.LayerNorm(40), nn.GELU(), nn.Dropout(0.3),
    nn.Linear(40, 20), nn.GELU(), nn.Dropout(0.1), nn.Linear(20, 1),
)
mse = nn.MSELoss()
opt = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.1)
best, keep, since = np.inf, None, 0
for ep in range(24):
    model.train()
    perm = torch.randperm(len(X))
    for i in range(0, len(X), 300):
        j = perm[i:i + 300]
        opt.zero_grad(set_to_none=True)
        out = mse(model(X[j]), y[j])
        out.backward()
        opt.step()
    model.eval()
    with torch.inference_mode():
        v = mse(model(Xv), yv).item()
    print(f"epoch {ep} last batch {out.item():.3f} validation {v:.4f}")
    since += 1
    if v < best:
        best, since = v, 0
        keep = {name: w.clone() for name, w in model.state_dict().items()}
    if since >= 10:
        print("no better for ten epochs")
        break
model.load_state_dict(keep)
model.eval()
with torch.no_grad():
    score = (1 - mse(model(Xt), yt) / yt.var()).item()
