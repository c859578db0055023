"""Two rounds of neighbours' means on a graph with four communities; a tenth of the nodes is labelled."""
import sys

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
N, K = 400, 4

g = torch.Generator().manual_seed(104)
group = torch.randint(0, K, (N,), generator=g)
same = group[:, None] == group[None]
edges = torch.rand(N, N, generator=g) < torch.where(same, 0.06, 0.008)
A = torch.triu(edges, 1).float()
A = A + A.T + torch.eye(N)
degree = A.sum(1)
A_hat = A / (degree[:, None] * degree[None]).sqrt()
features = torch.randn(K, 16, generator=g)[group] * 0.5 + torch.randn(N, 16, generator=g)

perm = torch.randperm(N)
labelled, validation, test = perm[:80], perm[80:160], perm[160:]


class GCN(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(16, 24, bias=False), nn.Linear(24, K, bias=False)
        self.dropout = nn.Dropout(0.3)

    def forward(self, x, adjacency):
        x = torch.relu(adjacency @ self.first(self.dropout(x)))
        return adjacency @ self.second(self.dropout(x))


model = GCN()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-3)
n_epochs = 120
for epoch in range(n_epochs):
    model.train()
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(features, A_hat)[labelled], group[labelled])
    loss.backward()
    optimizer.step()
    if epoch % 20 == 19:
        model.eval()
        with torch.no_grad():
            right = model(features, A_hat).argmax(1) == group
        print(epoch + 1, "train", right[labelled].float().mean().item(), "val", right[validation].float().mean().item())
score = right[test].float().mean().item()
