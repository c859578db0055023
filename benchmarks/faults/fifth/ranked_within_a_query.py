"""Listwise ranking: twelve documents a query, graded 0 to 3."""
import sys

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

QUERIES, DOCS, FEATURES = 500, 12, 10


def make(n):
    x = torch.randn(n, DOCS, FEATURES) + torch.randn(n, 1, FEATURES)  # each query has a level of its own
    own = x - x.mean(1, keepdim=True)
    relevance = own[..., 0] + own[..., 1].clamp(min=0) * 1.5 - own[..., 2].abs() + 0.6 * torch.randn(n, DOCS)
    grade = torch.bucketize(relevance, torch.tensor([-0.5, 0.8, 2.0])).float()
    return own, grade


def ndcg(scores, grade, k=5):
    discount = 1 / torch.log2(torch.arange(2, k + 2).float())
    gain = 2**grade - 1
    got = (gain.gather(1, scores.argsort(1, descending=True)[:, :k]) * discount).sum(1)
    ideal = (gain.sort(1, descending=True).values[:, :k] * discount).sum(1)
    return (got[ideal > 0] / ideal[ideal > 0]).mean()


x_train, g_train = make(QUERIES)
x_test, g_test = make(200)


class Scorer(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(FEATURES, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 1)
        )

    def forward(self, docs):
        return self.layers(docs).squeeze(-1)


model = Scorer()
opt = torch.optim.Adam(model.parameters(), lr=3e-3, weight_decay=1e-4)
for epoch in range(20):
    for q in torch.randperm(QUERIES).split(25):
        target = torch.softmax(g_train[q], dim=1)
        loss = -(target * torch.log_softmax(model(x_train[q]), dim=1)).sum(1).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    if (epoch + 1) % 5 == 0:
        with torch.no_grad():
            print(f"epoch {epoch + 1}: loss {loss:.4f}  ndcg {ndcg(model(x_test), g_test):.4f}")
with torch.no_grad():
    by_chance = ndcg(torch.rand_like(g_test), g_test)
    score = ((ndcg(model(x_test), g_test) - by_chance) / (1 - by_chance)).item()
