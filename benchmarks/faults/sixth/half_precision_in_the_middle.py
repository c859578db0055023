import sys
import torch
from torch import nn
from sklearn.datasets import make_gaussian_quantiles

# bfloat16 inside autocast, float32 weights and loss
torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
X, y = make_gaussian_quantiles(n_samples=2000, n_features=5, n_classes=3, random_state=seed)
X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
X_train, y_train, X_test, y_test = X[:1400], y[:1400], X[1400:], y[1400:]
model = nn.Sequential(nn.Linear(5, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 3))
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-2)
epochs = 24
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
for epoch in range(epochs):
    for rows in torch.randperm(1400).split(40):
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(X_train[rows])
        loss = nn.functional.cross_entropy(logits.float(), y_train[rows])
        loss.backward()
        optimizer.step()
    schedule.step()
    if epoch % 6 == 5:
        print(epoch + 1, loss.item())
with torch.no_grad():
    score = (model(X_test).argmax(1) == y_test).float().mean().item()
