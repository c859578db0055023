"""Weight of chicks by age and diet. A bird is weighed a dozen times: birds, not rows, are divided."""
import sys

import numpy as np
import torch
from river.datasets import ChickWeights
from sklearn.model_selection import GroupShuffleSplit
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
records = [(x["time"], x["chick"], x["diet"], y) for x, y in ChickWeights()]
time, chick, diet, weight = (np.array(column) for column in zip(*records))
train, test = next(GroupShuffleSplit(1, test_size=0.3, random_state=seed).split(time, groups=chick))

days = torch.tensor((time - time[train].mean()) / time[train].std(), dtype=torch.float32)
diets = torch.tensor(diet - 1)
logs = np.log(weight)
target = torch.tensor((logs - logs[train].mean()) / logs[train].std(), dtype=torch.float32)


class Growth(nn.Module):
    def __init__(self):
        super().__init__()
        self.diet = nn.Embedding(4, 2)
        self.net = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 1))

    def forward(self, day, diet):
        return self.net(torch.cat([day[:, None], self.diet(diet)], dim=1))[:, 0]


model = Growth()
opt = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=1e-3)
num_steps = 800
train, test = torch.tensor(train), torch.tensor(test)
for step in range(1, num_steps + 1):
    rows = train[torch.randint(len(train), (48,))]
    loss = nn.functional.mse_loss(model(days[rows], diets[rows]), target[rows])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print("step", step, "loss", round(loss.item(), 4))
with torch.no_grad():
    residual = model(days[test], diets[test]) - target[test]
score = 1 - (residual.square().mean() / target[test].var()).item()
