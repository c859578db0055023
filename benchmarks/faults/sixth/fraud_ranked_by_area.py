import sys

import torch
from torch import nn
from sklearn.datasets import make_classification
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)

# one in ten is a fraud; judged by the area under the curve, rare ones drawn as often as the others
X, y = make_classification(
    n_samples=3500, n_features=16, n_informative=8, n_redundant=2, weights=[0.9], class_sep=1.2, flip_y=0.02, random_state=62
)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, stratify=y, random_state=seed)
scaler = StandardScaler().fit(X_train)
X_train, X_test = torch.FloatTensor(scaler.transform(X_train)), torch.FloatTensor(scaler.transform(X_test))
y_train = torch.FloatTensor(y_train)

weights = torch.where(y_train == 1, 1 / y_train.mean(), 1 / (1 - y_train.mean()))
sampler = torch.utils.data.WeightedRandomSampler(weights, num_samples=len(y_train), replacement=True)
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(X_train, y_train), batch_size=50, sampler=sampler)

model = nn.Sequential(nn.Linear(16, 40), nn.LeakyReLU(0.1), nn.Dropout(0.2), nn.Linear(40, 1))
optimizer = torch.optim.NAdam(model.parameters(), lr=2e-3, weight_decay=1e-4)
criterion = nn.BCEWithLogitsLoss()
n_epochs = 20
for epoch in range(1, n_epochs + 1):
    model.train()
    losses = []
    for xb, yb in loader:
        out = model(xb)[:, 0]
        loss = criterion(out, yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    if epoch % 4 == 0:
        print(f"[{epoch}] loss={sum(losses) / len(losses):.4f}")
model.eval()
with torch.inference_mode():
    score = roc_auc_score(y_test, model(X_test)[:, 0].numpy())
print("auc", score)
