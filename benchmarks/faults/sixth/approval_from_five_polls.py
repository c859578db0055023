import sys
import numpy as np
import torch
from torch import nn
from river import datasets

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)

# five pollsters and the day; the average of all polls is asked for.
# The first four fifths of the days are fitted, every tenth of those checks, the last fifth is the test.
rows = list(datasets.TrumpApproval())
polls = np.array([[x[k] for k in ("gallup", "ipsos", "morning_consult", "rasmussen", "you_gov")] for x, _ in rows])
mean_approval = np.array([y for _, y in rows])
cut = int(0.8 * len(rows))
fit = np.arange(cut)
check, fit = fit[::10], np.delete(fit, np.s_[::10])
m, s = polls[fit].mean(0), polls[fit].std(0)
ym, ys = mean_approval[fit].mean(), mean_approval[fit].std()
X = torch.tensor((polls - m) / s, dtype=torch.float32)
Y = torch.tensor((mean_approval - ym) / ys, dtype=torch.float32)[:, None]
fit, check, test = torch.tensor(fit), torch.tensor(check), torch.arange(cut, len(rows))

model = nn.Sequential(nn.Linear(5, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3, weight_decay=1e-3)
lossf = nn.MSELoss()
epochs = 60
for epoch in range(epochs):
    for i in fit[torch.randperm(len(fit))].split(32):
        optimizer.zero_grad()
        loss = lossf(model(X[i]), Y[i])
        loss.backward()
        optimizer.step()
    if epoch % 12 == 0:
        with torch.no_grad():
            print(f"{epoch:3d} fit {lossf(model(X[fit]), Y[fit]):.4f} check {lossf(model(X[check]), Y[check]):.4f}")
with torch.no_grad():
    score = 1 - (lossf(model(X[test]), Y[test]) / lossf(Y[fit].mean().expand(len(test), 1), Y[test])).item()
