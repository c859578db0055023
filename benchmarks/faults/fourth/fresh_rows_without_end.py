import sys

import torch
from torch import nn
from torch.utils.data import DataLoader, IterableDataset

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)
total_steps, eval_every = 320, 80


class Signals(IterableDataset):
    """Fresh rows without end: a sum of two waves, and how fast the slower one is."""

    def __init__(self, seed):
        self.seed = seed

    def __iter__(self):
        g = torch.Generator().manual_seed(self.seed)
        t = torch.arange(32) / 32
        while True:
            f = 1 + 3 * torch.rand((), generator=g)
            fast = 6 + 4 * torch.rand((), generator=g)
            phase = 6.2832 * torch.rand(2, generator=g)
            x = torch.sin(6.2832 * f * t + phase[0]) + 0.5 * torch.sin(6.2832 * fast * t + phase[1])
            yield x + 0.1 * torch.randn(32, generator=g), (f - 2.5) / 0.87


model = nn.Sequential(
    nn.Unflatten(1, (1, 32)), nn.Conv1d(1, 16, 7, stride=2, padding=3), nn.ReLU(),
    nn.Conv1d(16, 16, 5, stride=2, padding=2), nn.ReLU(), nn.Flatten(), nn.Linear(128, 32), nn.ReLU(), nn.Linear(32, 1), nn.Flatten(0),
)
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
held_x, held_y = next(iter(DataLoader(Signals(10_000 + seed), batch_size=400)))
stream = iter(DataLoader(Signals(seed), batch_size=32))
average = None
for step in range(1, total_steps + 1):
    x, y = next(stream)
    loss = nn.functional.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    average = loss.item() if average is None else 0.98 * average + 0.02 * loss.item()
    if step % eval_every == 0:
        model.eval()
        with torch.no_grad():
            held = nn.functional.mse_loss(model(held_x), held_y).item()
        model.train()
        print(f"step {step} running loss {average:.4f} held out {held:.4f}")
score = 1 - held / held_y.var().item()
