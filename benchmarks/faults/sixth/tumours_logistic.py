import sys
import torch
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import RobustScaler

"""Plain logistic regression with a ridge: one layer, nothing hidden."""
torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)

cancer = load_breast_cancer()
x_train, x_test, y_train, y_test = train_test_split(
    cancer.data, cancer.target, test_size=0.3, random_state=seed, stratify=cancer.target
)
robust = RobustScaler().fit(x_train)
x_train, x_test = (torch.as_tensor(robust.transform(a)).float().clamp(-5, 5) for a in (x_train, x_test))
y_train, y_test = (torch.as_tensor(a).float().view(-1, 1) for a in (y_train, y_test))


class LogisticRegression(torch.nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.linear = torch.nn.Linear(n_features, 1)

    def forward(self, x):
        return torch.sigmoid(self.linear(x))


model = LogisticRegression(x_train.shape[1])
criterion = torch.nn.BCELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-3)
epochs = 400
for epoch in range(epochs):
    optimizer.zero_grad()
    y_hat = model(x_train)
    loss = criterion(y_hat, y_train)
    loss.backward()
    optimizer.step()
    if epoch % 50 == 0:
        print(f"epoch {epoch}: loss {loss.item():.4f}")

with torch.no_grad():
    score = (model(x_test).round() == y_test).float().mean().item()
print(f"accuracy {score:.4f}")
