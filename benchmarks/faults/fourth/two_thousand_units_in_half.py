# two thousand units where twenty would do, half precision in the forward pass, gradients clipped
import sys
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
x, y = load_digits(return_X_y=True)
x, y = torch.tensor(x / 16, dtype=torch.float32), torch.tensor(y)
order = torch.randperm(len(y))
fit, held = order[:1300], order[1300:]
model = nn.Sequential(nn.Linear(64, 2048), nn.ReLU(), nn.Linear(2048, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=5e-4)
N_EPOCHS = 8
for epoch in range(N_EPOCHS):
    for rows in fit[torch.randperm(len(fit))].split(65):
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = nn.functional.cross_entropy(model(x[rows]), y[rows])
        loss.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimizer.step()
    with torch.no_grad():
        score = (model(x[held]).argmax(1) == y[held]).float().mean().item()
    print(f"epoch {epoch} loss {loss.item():.4f} norm {norm.item():.3f} held-out accuracy {score:.3f}")
