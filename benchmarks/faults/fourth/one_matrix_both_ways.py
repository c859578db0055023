# one matrix to write a code of ten numbers and to read it again, orthonormal columns asked for; principal components beside it
import sys
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
x = torch.tensor(load_digits().data / 16, dtype=torch.float32)
x = x[torch.randperm(len(x))]
x_train, x_test = x[:1300], x[1300:]
centre = x_train.mean(0)


class TiedAutoencoder(nn.Module):
    def __init__(self, code=10):
        super().__init__()
        self.w = nn.Parameter(nn.init.orthogonal_(torch.empty(64, code)))
        self.inner, self.outer = nn.Parameter(torch.zeros(code)), nn.Parameter(torch.zeros(64))

    def forward(self, x):
        return F.linear(F.linear(x, self.w.T, self.inner), self.w, self.outer)


model = TiedAutoencoder()
optimizer = torch.optim.Adagrad(model.parameters(), lr=0.05)
n_epochs = 25
for epoch in range(n_epochs):
    for b in torch.randperm(1300).split(50):
        rows = x_train[b] - centre
        gram = model.w.T @ model.w
        loss = F.mse_loss(model(rows), rows) + 1e-3 * (gram - torch.eye(10)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 5 == 4:
        print("epoch", epoch + 1, "loss", loss.item())
with torch.no_grad():
    rows = x_test - centre
    score = 1 - (F.mse_loss(model(rows), rows) / rows.square().mean()).item()
    v = torch.linalg.svd(x_train - centre, full_matrices=False)[2][:10]
    print("by principal components", 1 - ((rows - rows @ v.T @ v).square().mean() / rows.square().mean()).item())
