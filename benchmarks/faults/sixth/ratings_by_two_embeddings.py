import sys
import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
users, items, rank = 80, 60, 3
taste, kind = torch.randn(users, rank), torch.randn(items, rank)
mild, loved = 0.5 * torch.randn(users), 0.7 * torch.randn(items)
seen = torch.rand(users, items) < 0.5
u, i = seen.nonzero(as_tuple=True)
stars = 3.5 + 0.6 * (taste[u] * kind[i]).sum(1) + mild[u] + loved[i] + 0.4 * torch.randn(len(u))
shuffled = torch.randperm(len(u))
train, test = shuffled[: int(0.8 * len(u))], shuffled[int(0.8 * len(u)) :]


class MatrixFactorization(nn.Module):
    def __init__(self, n_users, n_items, n_factors, start):
        super().__init__()
        self.user_factors, self.item_factors = nn.Embedding(n_users, n_factors), nn.Embedding(n_items, n_factors)
        self.user_bias, self.item_bias = nn.Embedding(n_users, 1), nn.Embedding(n_items, 1)
        self.mean = nn.Parameter(torch.tensor(start))
        for table in (self.user_factors, self.item_factors):
            nn.init.normal_(table.weight, std=0.1)
        nn.init.zeros_(self.user_bias.weight)
        nn.init.zeros_(self.item_bias.weight)

    def forward(self, user, item):
        dot = (self.user_factors(user) * self.item_factors(item)).sum(1)
        return self.mean + dot + self.user_bias(user)[:, 0] + self.item_bias(item)[:, 0]


model = MatrixFactorization(users, items, 4, stars[train].mean().item())
optimizer = torch.optim.Adam(model.parameters(), lr=0.02, weight_decay=1e-4)
criterion = nn.MSELoss()
n_epochs = 16
for epoch in range(n_epochs):
    total = 0.0
    for rows in train[torch.randperm(len(train))].split(40):
        loss = criterion(model(u[rows], i[rows]), stars[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
    print(f"epoch {epoch:2d} mse {total / len(train):.4f}")
with torch.no_grad():
    score = 1 - ((model(u[test], i[test]) - stars[test]).pow(2).mean() / stars[test].var()).item()
