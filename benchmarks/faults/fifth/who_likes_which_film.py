# matrix factorisation with biases, two kinds of tables, two optimisers
import sys
import torch
import torch.nn as nn
torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

USERS, FILMS, DIM = 200, 120, 6
true_u, true_f = torch.randn(USERS, 4), torch.randn(FILMS, 4)
bias_u, bias_f = 0.5 * torch.randn(USERS), 0.7 * torch.randn(FILMS)
cells = torch.randperm(USERS * FILMS)[:12000]
user, film = cells // FILMS, cells % FILMS
stars = 3.2 + bias_u[user] + bias_f[film] + 0.5 * (true_u[user] * true_f[film]).sum(1) + 0.5 * torch.randn(12000)
train, test = slice(0, 10000), slice(10000, None)


class Factors(nn.Module):
    def __init__(self):
        super().__init__()
        self.P = nn.Embedding(USERS, DIM)
        self.Q = nn.Embedding(FILMS, DIM)
        self.bu = nn.Embedding(USERS, 1)
        self.bf = nn.Embedding(FILMS, 1)
        self.mean = nn.Parameter(torch.tensor(0.0))
        for table in (self.P, self.Q):
            nn.init.normal_(table.weight, std=0.1)
        for table in (self.bu, self.bf):
            nn.init.zeros_(table.weight)

    def forward(self, u, f):
        return self.mean + self.bu(u)[:, 0] + self.bf(f)[:, 0] + (self.P(u) * self.Q(f)).sum(-1)


model = Factors()
with torch.no_grad():
    model.mean.fill_(stars[train].mean())
opt = torch.optim.AdamW([
    {"params": [model.P.weight, model.Q.weight], "weight_decay": 0.3},
    {"params": [model.bu.weight, model.bf.weight, model.mean], "weight_decay": 0.0},
], lr=1e-2)
EPOCHS = 15
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(opt, EPOCHS)
for epoch in range(EPOCHS):
    order = torch.randperm(10000)
    for i in order.split(100):
        pred = model(user[train][i], film[train][i])
        loss = ((pred - stars[train][i]) ** 2).mean()
        opt.zero_grad(); loss.backward(); opt.step()
    scheduler.step()
    with torch.no_grad():
        rmse = ((model(user[test], film[test]) - stars[test]) ** 2).mean().sqrt().item()
    print(epoch, "train mse %.3f" % loss.item(), "test rmse %.3f" % rmse)
score = 1 - rmse**2 / stars[test].var().item()
