# an echo state network: the recurrence is random and stays so, only its readout is learned
import sys
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

x = torch.zeros(1300)
x[:18] = 1.2 + 0.1 * torch.rand(18)
for n in range(18, 1300):  # Mackey and Glass
    x[n] = x[n - 1] + 0.2 * x[n - 18] / (1 + x[n - 18] ** 10) - 0.1 * x[n - 1]
x = ((x - x[100:900].mean()) / x[100:900].std())[100:]


class Reservoir(nn.Module):
    def __init__(self, size=120):
        super().__init__()
        w = torch.randn(size, size)
        self.register_buffer("w", 0.9 * w / torch.linalg.eigvals(w).abs().max())
        self.register_buffer("w_in", torch.rand(size) - 0.5)
        self.readout = nn.Linear(size, 1)

    @torch.no_grad()
    def states(self, series):
        s, every = torch.zeros(len(self.w)), []
        for value in series:
            s = torch.tanh(self.w @ s + self.w_in * value)
            every.append(s)
        return torch.stack(every)


model = Reservoir()
states, ahead = model.states(x[:-10])[60:], x[70:]
size = len(ahead) * 7 // 10
mean, std = states[:size].mean(0), states[:size].std(0)
states = (states - mean) / std
solver = torch.optim.LBFGS(model.readout.parameters(), max_iter=5, history_size=20, line_search_fn="strong_wolfe")


def closure():
    solver.zero_grad()
    loss = (model.readout(states[:size])[:, 0] - ahead[:size]).square().mean()
    loss = loss + 1e-5 * model.readout.weight.square().sum()
    loss.backward()
    return loss


NUM_STEPS = 60
for step in range(NUM_STEPS):
    loss = solver.step(closure)
    if step % 10 == 0:
        print(step, round(loss.item(), 5))
with torch.no_grad():
    gap = model.readout(states[size:])[:, 0] - ahead[size:]
    score = 1 - (gap.square().mean() / ahead[size:].var()).item()
