import sys
import torch
from torch import nn

# survival: times that may be cut off, Cox's partial likelihood over the whole sample, concordance as score
torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


def patients(n):
    x = torch.randn(n, 6)
    risk = 1.2 * x[:, 0] - 0.8 * x[:, 1] + 0.7 * x[:, 2].pow(2) - 0.7
    time = torch.distributions.Exponential(risk.exp()).sample()
    cut = torch.distributions.Exponential(torch.tensor(0.3)).sample((n,))
    return x, torch.minimum(time, cut), (time <= cut).float()


def cox(risk, time, event):
    order = time.argsort(descending=True)
    risk, event = risk[order], event[order]
    return -((risk - risk.logcumsumexp(0)) * event).sum() / event.sum()


def concordance(risk, time, event):
    earlier = (time[:, None] < time[None, :]) & (event[:, None] > 0)
    return (risk[:, None] > risk[None, :])[earlier].float().mean().item()


x, time, event = patients(1000)
x_test, time_test, event_test = patients(500)
model = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Dropout(0.1), nn.Linear(16, 1, bias=False), nn.Flatten(0))
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2, weight_decay=1e-2)
steps = 300
for step in range(steps):
    model.train()
    optimizer.zero_grad()
    loss = cox(model(x), time, event)
    loss.backward()
    optimizer.step()
    if step % 50 == 49:
        print(step + 1, loss.item())
model.eval()
with torch.no_grad():
    score = concordance(model(x_test), time_test, event_test)
