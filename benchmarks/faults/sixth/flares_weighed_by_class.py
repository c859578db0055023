"""Will this group of sunspots flare? Ten answers in levels, one-hot; quiet groups are commoner, so the loss is weighed."""
import sys

import torch
from river.datasets import SolarFlare
from sklearn.feature_extraction import DictVectorizer
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
groups, flares = zip(*SolarFlare())
groups = [{name: str(value) for name, value in group.items()} for group in groups]
active = [int(flare["c-class-flares"] > 0) for flare in flares]
fit, test, y_fit, y_test = train_test_split(groups, active, test_size=0.35, stratify=active, random_state=seed)
levels = DictVectorizer(sparse=False).fit(fit)
x_fit, x_test = torch.tensor(levels.transform(fit)).float(), torch.tensor(levels.transform(test)).float()
y_fit = torch.tensor(y_fit).float()

model = nn.Sequential(nn.Linear(x_fit.shape[1], 12), nn.Tanh(), nn.Dropout(0.2), nn.Linear(12, 1))
loss_fn = nn.BCEWithLogitsLoss(pos_weight=(1 - y_fit.mean()) / y_fit.mean())
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.1)
epochs = 30
for epoch in range(epochs):
    model.train()
    for rows in torch.randperm(len(y_fit)).split(32):
        optimizer.zero_grad()
        loss = loss_fn(model(x_fit[rows]).squeeze(1), y_fit[rows])
        loss.backward()
        optimizer.step()
    if epoch % 6 == 5:
        print(epoch + 1, loss.item())
model.eval()
with torch.no_grad():
    score = roc_auc_score(y_test, model(x_test).squeeze(1).numpy())
