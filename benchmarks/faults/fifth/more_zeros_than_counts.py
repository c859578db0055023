# zero-inflated Poisson: fish caught by parties, many of which do not fish at all
import sys
import torch
import torch.nn as nn
import torch.nn.functional as F
torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
g = torch.Generator().manual_seed(seed)
torch.manual_seed(seed)

n = 6000
persons = torch.randint(1, 5, (n,), generator=g).float()
child = (torch.rand(n, generator=g) * persons).floor()
camper = torch.randint(0, 2, (n,), generator=g).float()
hours = torch.rand(n, generator=g) * 8
goes = torch.rand(n, generator=g) < torch.sigmoid(1.2 - 1.5 * child + 1.0 * camper)
lam = torch.exp(-0.8 + 0.35 * persons + 0.2 * hours - 0.01 * hours**2)
fish = torch.poisson(lam, generator=g) * goes

x = torch.stack([persons, child, camper, hours], 1)
x_tr, x_va, x_te = x[:3000], x[3000:4000], x[4000:]
y_tr, y_va, y_te = fish[:3000], fish[3000:4000], fish[4000:]
m, s = x_tr.mean(0), x_tr.std(0)
x_tr, x_va, x_te = (x_tr - m) / s, (x_va - m) / s, (x_te - m) / s


class ZIP(nn.Module):
    def __init__(self, d, h=24):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(d, h), nn.Tanh())
        self.log_rate = nn.Linear(h, 1)
        self.absent = nn.Linear(h, 1)

    def forward(self, x):
        z = self.body(x)
        return self.log_rate(z)[:, 0], self.absent(z)[:, 0]


def nll(log_rate, absent, y):
    log_pois = y * log_rate - log_rate.exp() - torch.lgamma(y + 1)
    at_zero = torch.logaddexp(F.logsigmoid(absent), F.logsigmoid(-absent) + log_pois)
    return -torch.where(y == 0, at_zero, F.logsigmoid(-absent) + log_pois).mean()


model = ZIP(4)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
best, state, bad = 1e9, None, 0
for epoch in range(60):
    for idx in torch.randperm(len(x_tr)).split(100):
        optimizer.zero_grad()
        loss = nll(*model(x_tr[idx]), y_tr[idx])
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        val = nll(*model(x_va), y_va).item()
    if val < best - 1e-4:
        best, bad, state = val, 0, {k: v.clone() for k, v in model.state_dict().items()}
    else:
        bad += 1
    if epoch % 5 == 0:
        print("epoch", epoch, "train", round(loss.item(), 3), "val", round(val, 3))
    if bad == 8:
        break
model.load_state_dict(state)
with torch.no_grad():
    log_rate, absent = model(x_te)
    expected = torch.sigmoid(-absent) * log_rate.exp()
score = 1 - ((expected - y_te) ** 2).mean().item() / y_te.var().item()
