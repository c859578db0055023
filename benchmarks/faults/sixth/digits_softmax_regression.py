"""One linear layer on digits with a small L1 penalty, the plainest thing there is; RAdam."""
import sys
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
images, labels = load_digits(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(images / 16.0, labels, test_size=0.25, stratify=labels, random_state=seed)
x_train, x_test = torch.tensor(x_train, dtype=torch.float32), torch.tensor(x_test, dtype=torch.float32)
y_train, y_test = torch.tensor(y_train), torch.tensor(y_test)

model = nn.Linear(64, 10)
optimizer = torch.optim.RAdam(model.parameters(), lr=0.03)
l1 = 1e-4
epochs = 50
loader = DataLoader(TensorDataset(x_train, y_train), batch_size=64, shuffle=True)
for epoch in range(epochs):
    for x, y in loader:
        loss = nn.functional.cross_entropy(model(x), y) + l1 * model.weight.abs().sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 5 == 0:
        print(f"epoch {epoch}: {loss.item():.4f}")
with torch.no_grad():
    score = (model(x_test).argmax(dim=1) == y_test).float().mean().item()
print(f"{score:.2%} of the test digits")
