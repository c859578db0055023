import sys
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


class Fixup(nn.Module):
    """A residual block that begins as the identity: no norm is needed, however deep."""

    def __init__(self, width, depth):
        super().__init__()
        self.a, self.b = nn.Linear(width, width), nn.Linear(width, width)
        with torch.no_grad():
            self.a.weight.mul_(depth**-0.5)
        nn.init.zeros_(self.b.weight)
        nn.init.zeros_(self.b.bias)

    def forward(self, x):
        return x + self.b(torch.relu(self.a(x)))


class Deep(nn.Module):
    def __init__(self, depth=12, width=24):
        super().__init__()
        self.enter, self.leave = nn.Linear(6, width), nn.Linear(width, 1)
        self.blocks = nn.ModuleList([Fixup(width, depth) for _ in range(depth)])

    def forward(self, x):
        x = torch.relu(self.enter(x))
        for k in range(0, len(self.blocks), 4):
            part = nn.Sequential(*self.blocks[k : k + 4])
            x = checkpoint(part, x, use_reentrant=False) if self.training else part(x)
        return self.leave(x)


g = torch.Generator().manual_seed(144)
x = torch.randn(1500, 6, generator=g)
y = torch.sin(2 * x[:, :1]) + x[:, 1:2] * x[:, 2:3] + 0.1 * torch.randn(1500, 1, generator=g)
y = (y - y[:1100].mean()) / y[:1100].std()
model = Deep()
epochs = 9
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.05)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=epochs * 22)
for epoch in range(epochs):
    model.train()
    for rows in torch.randperm(1100).split(50):
        loss = nn.functional.mse_loss(model(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    model.eval()
    with torch.no_grad():
        test = nn.functional.mse_loss(model(x[1100:]), y[1100:]).item()
    print("epoch", epoch, "train", loss.item(), "test", test)
score = 1 - test / y[1100:].var().item()
