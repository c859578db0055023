import sys
import torch
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler
from sklearn.model_selection import train_test_split

# a linear machine with several margins: the multi-class hinge and a ridge
torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.4, stratify=y, random_state=seed)
scaler = StandardScaler().fit(X_train)
X_train, X_test = (torch.tensor(scaler.transform(part), dtype=torch.float32) for part in (X_train, X_test))
y_train, y_test = torch.tensor(y_train), torch.tensor(y_test)
model = torch.nn.Linear(13, 3)
hinge = torch.nn.MultiMarginLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, weight_decay=1e-2)
num_epochs = 100
for epoch in range(num_epochs):
    for rows in torch.randperm(len(y_train)).split(12):
        loss = hinge(model(X_train[rows]), y_train[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 20 == 19:
        print(epoch + 1, loss.item())
with torch.no_grad():
    score = (model(X_test).argmax(1) == y_test).float().mean().item()
