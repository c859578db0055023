import sys
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

# two towers: customers and goods, their inner product, the other goods of the batch as negatives
gen = torch.Generator().manual_seed(109)
taste, nature = torch.randn(300, 4, generator=gen), torch.randn(60, 4, generator=gen)
bought = torch.multinomial(torch.softmax(2 * taste @ nature.T, 1), 16, generator=gen)
seen, later = bought[:, :12], bought[:, 12:]


class Tower(nn.Module):
    def __init__(self, n, dim=16):
        super().__init__()
        self.table = nn.Embedding(n, dim)
        nn.init.normal_(self.table.weight, std=0.3)
        self.mix = nn.Linear(dim, dim)

    def forward(self, ids):
        e = self.table(ids)
        return e + torch.tanh(self.mix(e))


customers, goods = Tower(300), Tower(60)
model = nn.ModuleDict({"customers": customers, "goods": goods})
who = torch.arange(300).repeat_interleave(12)
what = seen.flatten()
popularity = torch.bincount(what, minlength=60).float().add(1).log()
opt = torch.optim.Adam(model.parameters(), lr=1e-2, weight_decay=2e-4)
N_EPOCHS = 16
for epoch in range(N_EPOCHS):
    total = 0.0
    for b in torch.randperm(len(who)).split(100):
        logits = customers(who[b]) @ goods(what[b]).T - popularity[what[b]]
        repeated = (what[b][:, None] == what[b][None]) & ~torch.eye(len(b), dtype=torch.bool)
        loss = F.cross_entropy(logits.masked_fill(repeated, -1e4), torch.arange(len(b)))
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    print("epoch", epoch, "loss", total / 36)
with torch.no_grad():
    like = customers(torch.arange(300)) @ goods(torch.arange(60)).T
    like.scatter_(1, seen, -1e4)
    score = (like.topk(10, dim=1).indices[:, :, None] == later[:, None]).any(1).float().mean().item()
