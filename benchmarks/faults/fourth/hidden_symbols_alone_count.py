# masked language model: a sixth of the symbols is hidden, the loss counts these places only
import sys

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
VOCAB, MASK, LENGTH = 12, 12, 8
num_steps = 450


def sequences(n):
    """Counting up or down around a circle of twelve, from anywhere."""
    start, stride = torch.randint(0, VOCAB, (n, 1)), 2 * torch.randint(0, 2, (n, 1)) - 1
    return (start + stride * torch.arange(LENGTH)) % VOCAB


class Encoder(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.symbol = nn.Embedding(VOCAB + 1, dim)
        self.place = nn.Parameter(0.1 * torch.randn(LENGTH, dim))
        layer = nn.TransformerEncoderLayer(dim, 4, 64, dropout=0.0, batch_first=True, norm_first=True, activation="gelu")
        self.layers = nn.TransformerEncoder(layer, 1, enable_nested_tensor=False)
        self.out = nn.Linear(dim, VOCAB)

    def forward(self, s):
        return self.out(self.layers(self.symbol(s) + self.place))


def hide(s):
    hidden = torch.rand(s.shape) < 1 / 6
    hidden[torch.arange(len(s)), torch.randint(0, LENGTH, (len(s),))] = True
    return s.masked_fill(hidden, MASK), hidden


model = Encoder()
opt = torch.optim.Adam(model.parameters(), lr=4e-3)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 8e-3, total_steps=num_steps, pct_start=0.15)
for step in range(num_steps):
    s = sequences(48)
    given, hidden = hide(s)
    loss = nn.functional.cross_entropy(model(given)[hidden], s[hidden])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 60 == 0:
        print(step, loss.item())
model.eval()
with torch.no_grad():
    s = sequences(200)
    given, hidden = hide(s)
    score = (model(given)[hidden].argmax(1) == s[hidden]).float().mean().item()
