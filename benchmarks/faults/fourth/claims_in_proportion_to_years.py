import sys

import numpy as np
import torch

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)

# claims of insured drivers: a count for each policy, in proportion to the years it was held
rng = np.random.default_rng(73)
age, power, years = rng.uniform(18, 80, 3000), rng.gamma(4, 25, 3000), rng.uniform(0.2, 2.0, 3000)
rate = 0.15 + 1.2 * np.exp(-((age - 18) / 9)) + 0.5 * (age > 72) + 0.003 * power
claims = rng.poisson(rate * years)
table = np.column_stack([age, power])
table = (table - table[:2200].mean(0)) / table[:2200].std(0)
X = torch.tensor(table, dtype=torch.float32)
log_years = torch.tensor(np.log(years), dtype=torch.float32)
N = torch.tensor(claims, dtype=torch.float32)

model = torch.nn.Sequential(
    torch.nn.Linear(2, 32), torch.nn.Softplus(), torch.nn.Linear(32, 32), torch.nn.Softplus(), torch.nn.Linear(32, 1)
)
with torch.no_grad():  # begin at the portfolio's mean frequency
    model[-1].bias.fill_(float(np.log(claims[:2200].sum() / years[:2200].sum())))
poisson = torch.nn.PoissonNLLLoss(log_input=True)
optim = torch.optim.Adam(model.parameters(), lr=5e-3)
epochs = 20
for epoch in range(epochs):
    running = 0.0
    for rows in torch.randperm(2200).split(64):
        log_mean = model(X[rows])[:, 0] + log_years[rows]
        loss = poisson(log_mean, N[rows])
        optim.zero_grad()
        loss.backward()
        optim.step()
        running = 0.95 * running + 0.05 * loss.item()
    print("epoch", epoch, "running loss", round(running, 4))


def deviance(mean, count):
    return 2 * (torch.special.xlogy(count, count / mean) - count + mean).sum()


with torch.no_grad():
    mean = (model(X[2200:])[:, 0] + log_years[2200:]).exp()
    flat = N[:2200].sum() / log_years[:2200].exp().sum() * log_years[2200:].exp()
    score = 1 - (deviance(mean, N[2200:]) / deviance(flat, N[2200:])).item()
