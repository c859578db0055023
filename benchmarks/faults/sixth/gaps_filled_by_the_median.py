import sys
import numpy as np
import torch
from torch import nn
from sklearn.datasets import load_breast_cancer
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
rng = np.random.default_rng(seed)
X, y = load_breast_cancer(return_X_y=True)
X[rng.random(X.shape) < 0.15] = np.nan  # readings that were lost

X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=seed, stratify=y)
prepare = make_pipeline(SimpleImputer(strategy="median", add_indicator=False), StandardScaler())
X_train = torch.tensor(prepare.fit_transform(X_train), dtype=torch.float32)
X_test = torch.tensor(prepare.transform(X_test), dtype=torch.float32)
y_train, y_test = torch.tensor(y_train), torch.tensor(y_test)


class SmallNet(nn.Module):
    def __init__(self, p=0.3):
        super().__init__()
        self.drop = nn.Dropout(p)
        self.a = nn.Linear(30, 24)
        self.b = nn.Linear(24, 2)

    def forward(self, x):
        return self.b(self.drop(nn.functional.relu(self.a(x))))


model = SmallNet()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1)
epochs = 35
for epoch in range(epochs):
    model.train()
    for rows in torch.randperm(len(y_train)).split(16):
        loss = nn.functional.cross_entropy(model(X_train[rows]), y_train[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 7 == 6:
        print(f"epoch {epoch + 1:2d} loss {loss.item():.3f}")
model.eval()
with torch.no_grad():
    score = (model(X_test).argmax(1) == y_test).float().mean().item()
