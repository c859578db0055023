import sys
import numpy as np
import torch
from torch import nn
from river import datasets

# flow of water every hour: the last day's readings and the clock give the next hour; later weeks are the test
torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
stamps, flow = zip(*((x["Time"], y) for x, y in datasets.WaterFlow()))
flow = np.log(np.array(flow, dtype=np.float32))
hour = np.array([s.hour for s in stamps], dtype=np.float32)
LAGS = 24
past = np.stack([flow[i : i + LAGS] for i in range(len(flow) - LAGS)])
clock = np.stack([np.sin(hour * np.pi / 12), np.cos(hour * np.pi / 12)], 1)[LAGS:]
target = flow[LAGS:]
cut, end = int(0.6 * len(target)), int(0.75 * len(target))
mean, std = flow[: cut + LAGS].mean(), flow[: cut + LAGS].std()
X = torch.tensor(np.concatenate([(past - mean) / std, 1.4 * clock], 1), dtype=torch.float32)
y = torch.tensor((target - mean) / std, dtype=torch.float32).unsqueeze(1)

model = nn.Sequential(nn.Linear(LAGS + 2, 24), nn.ReLU(), nn.Dropout(0.1), nn.Linear(24, 1))
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.1)
loss_fn = nn.SmoothL1Loss()
best, state, bad_epochs, patience = np.inf, None, 0, 8
max_epochs = 60
for epoch in range(max_epochs):
    model.train()
    for rows in torch.randperm(cut).split(32):
        optimizer.zero_grad()
        loss = loss_fn(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        val = loss_fn(model(X[cut:end]), y[cut:end]).item()
    if val < best:
        best, bad_epochs, state = val, 0, {k: v.clone() for k, v in model.state_dict().items()}
    else:
        bad_epochs += 1
        if bad_epochs == patience:
            break
print("epochs", epoch + 1, "validation", best)
model.load_state_dict(state)
with torch.no_grad():
    error = (model(X[end:]) - y[end:]).pow(2).mean()
score = 1 - (error / y[end:].var()).item()
