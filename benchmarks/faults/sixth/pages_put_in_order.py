"""RankNet: for each query ten pages, pairs are compared by the difference of their scores; the pairs put right count."""
import sys
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
Q, PAGES, D = 300, 10, 8


def queries(n):
    query = torch.randn(n, 1, 1)
    pages = torch.randn(n, PAGES, D)
    worth = pages[..., 0] + torch.relu(pages[..., 1]) - 0.6 * pages[..., 2].abs() + 0.4 * query[..., 0] * pages[..., 3]
    worth = worth + 0.3 * torch.randn(n, PAGES)
    return torch.cat([pages, query.expand(-1, PAGES, 1)], -1), (worth * 1.2).round().clamp(-2, 2)


def pair_loss(scores, grades):
    better = grades[:, :, None] > grades[:, None, :]
    return F.softplus(-(scores[:, :, None] - scores[:, None, :]))[better].mean()


x, grades = queries(Q)
x_test, grades_test = queries(120)
model = nn.Sequential(nn.Linear(D + 1, 32), nn.ReLU(), nn.Linear(32, 1, bias=False))
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3, weight_decay=1e-4)
n_epochs = 35
for epoch in range(n_epochs):
    for rows in torch.randperm(Q).split(20):
        loss = pair_loss(model(x[rows]).squeeze(-1), grades[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 7 == 6:
        print(f"epoch {epoch + 1}, loss {loss.item():.4f}")
with torch.no_grad():
    s = model(x_test).squeeze(-1)
better = grades_test[:, :, None] > grades_test[:, None, :]
score = (s[:, :, None] > s[:, None, :])[better].float().mean().item()
