"""Which of three groups is a node in? Links are likelier within groups; a tenth of the nodes is labelled."""
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
N, GROUPS = 240, 3
group = torch.arange(N) % GROUPS
chance = torch.where(group[:, None] == group[None, :], 0.12, 0.02)
upper = torch.triu(torch.rand(N, N) < chance, diagonal=1)
adjacency = (upper | upper.T).float() + torch.eye(N)
degree = adjacency.sum(1)
a_hat = adjacency / (degree[:, None] * degree[None, :]).sqrt()
features = F.one_hot(group, 8).float() * 1.0 + torch.randn(N, 8)
shuffled = torch.randperm(N)
train, test = shuffled[:60], shuffled[100:]


class GCN(nn.Module):
    def __init__(self, n_in, hidden, n_out):
        super().__init__()
        self.w1 = nn.Linear(n_in, hidden)
        self.w2 = nn.Linear(hidden, n_out)

    def forward(self, a, x):
        x = F.relu(a @ self.w1(x))
        x = F.dropout(x, 0.3, training=self.training)
        return a @ self.w2(x)


model = GCN(8, 16, GROUPS)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-3)
epochs = 150
for epoch in range(epochs):
    model.train()
    optimizer.zero_grad()
    out = model(a_hat, features)
    loss = F.cross_entropy(out[train], group[train])
    loss.backward()
    optimizer.step()
    if epoch % 30 == 29:
        print(f"epoch {epoch + 1} loss {loss.item():.4f}")
model.eval()
with torch.no_grad():
    score = (model(a_hat, features)[test].argmax(1) == group[test]).float().mean().item()
