# focal loss: one transaction in fifteen is not what it seems
import sys
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed); rs = np.random.RandomState(seed)

N = 6000
amount = rs.lognormal(3, 1, N); hour = rs.uniform(0, 24, N); distance = rs.exponential(30, N)
count_day = rs.poisson(3, N); age = rs.uniform(0, 10, N)
risk = 0.9 * (np.log(amount) - 3) + 1.4 * (np.abs(hour - 3) < 3) + 0.02 * distance * (age < 2) + 0.25 * count_day - 5.2
fraud = (rs.uniform(size=N) < 1 / (1 + np.exp(-1.4 * risk - 1))).astype(int)
X = np.c_[np.log(amount), np.sin(hour * np.pi / 12), np.cos(hour * np.pi / 12), np.log1p(distance), count_day, age]
X_tr, X_te, y_tr, y_te = train_test_split(X, fraud, test_size=1500, stratify=fraud, random_state=seed)
scale = StandardScaler().fit(X_tr)
X_tr, X_te = [torch.as_tensor(scale.transform(a), dtype=torch.float32) for a in (X_tr, X_te)]
y_tr = torch.as_tensor(y_tr, dtype=torch.float32)
print("share of frauds", round(fraud.mean(), 3))

def focal(logit, y, gamma=2.0, alpha=0.75):
    ce = F.binary_cross_entropy_with_logits(logit, y, reduction="none")
    p_right = torch.exp(-ce)
    weight = alpha * y + (1 - alpha) * (1 - y)
    return (weight * (1 - p_right) ** gamma * ce).mean()

model = nn.Sequential(nn.Linear(6, 24), nn.LeakyReLU(0.1), nn.Linear(24, 24), nn.LeakyReLU(0.1), nn.Linear(24, 1))
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
step = 0
for epoch in range(18):
    for rows in torch.randperm(len(X_tr)).split(128):
        loss = focal(model(X_tr[rows]).view(-1), y_tr[rows])
        opt.zero_grad()
        loss.backward()
        opt.step()
        if step % 100 == 0:
            print("step", step, "focal loss", round(loss.item(), 4))
        step += 1
with torch.no_grad():
    p = torch.sigmoid(model(X_te)).view(-1).numpy()
score = 2 * roc_auc_score(y_te, p) - 1
