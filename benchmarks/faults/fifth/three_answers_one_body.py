"""One body, three answers (a number, yes or no, a class); each loss is weighted by an uncertainty that is learned."""
import sys
import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
mix = torch.randn(10, 4, generator=torch.Generator().manual_seed(3)) / 10**0.5

def make(n):
    x = torch.randn(n, 10)
    h = torch.tanh(1.5 * x @ mix)
    number = h[:, 0] * h[:, 1] * 2 + h[:, 2] + 0.1 * torch.randn(n)
    yes = (h[:, 1] + h[:, 2] ** 2 - 0.4 + 0.2 * torch.randn(n) > 0).float()
    kind = torch.stack([h[:, 0], h[:, 3], h[:, 2]], 1).argmax(1)
    return x, number, yes, kind

x, number, yes, kind = make(2000)
xt, number_t, yes_t, kind_t = make(800)

class Shared(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(10, width), nn.GELU(), nn.Linear(width, width), nn.GELU())
        self.number, self.yes, self.kind = nn.Linear(width, 1), nn.Linear(width, 1), nn.Linear(width, 3)
        self.log_var = nn.Parameter(torch.zeros(3))

    def forward(self, x):
        z = self.body(x)
        return self.number(z)[:, 0], self.yes(z)[:, 0], self.kind(z)

model = Shared()
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-2)
epochs = 24
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
for epoch in range(epochs):
    for rows in torch.randperm(len(x)).split(64):
        a, b, c = model(x[rows])
        losses = torch.stack([
            F.mse_loss(a, number[rows]),
            F.binary_cross_entropy_with_logits(b, yes[rows]),
            F.cross_entropy(c, kind[rows]),
        ])
        loss = (torch.exp(-model.log_var) * losses + 0.5 * model.log_var).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    scheduler.step()
    if epoch % 6 == 5:
        print("epoch", epoch + 1, "losses", [round(v, 3) for v in losses.tolist()])
with torch.no_grad():
    a, b, c = model(xt)
    r2 = 1 - F.mse_loss(a, number_t) / number_t.var()
    right = ((b > 0) == (yes_t > 0)).float().mean(), (c.argmax(1) == kind_t).float().mean()
    score = (r2 + right[0] + right[1]).item() / 3
