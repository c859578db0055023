"""Words that stand near each other get vectors near each other: negative samples; then streets are told apart by them."""
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
GROUPS, PER, DIM = 5, 12, 8
WORDS = GROUPS * PER
street = torch.arange(WORDS) // PER
text_street = torch.randint(GROUPS, (6000,)).repeat_interleave(4)
noise = torch.rand(len(text_street)) < 0.3
text = torch.where(noise, torch.randint(WORDS, (len(text_street),)), text_street * PER + torch.randint(PER, (len(text_street),)))
sentences = text.view(-1, 4)


class SkipGram(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Embedding(WORDS, DIM)
        self.outer = nn.Embedding(WORDS, DIM)
        nn.init.uniform_(self.inner.weight, -0.5, 0.5)
        nn.init.uniform_(self.outer.weight, -0.5, 0.5)

    def forward(self, centre, near, far):
        c = self.inner(centre).unsqueeze(1)
        real = (c * self.outer(near).unsqueeze(1)).sum(-1)
        drawn = (c * self.outer(far)).sum(-1)
        return -(F.logsigmoid(real).mean() + F.logsigmoid(-drawn).sum(1).mean())


model = SkipGram()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
num_steps = 900
for step in range(num_steps):
    line = sentences[torch.randint(len(sentences), (128,))]
    a = torch.randint(4, (128, 1))
    b = (a + torch.randint(1, 4, (128, 1))) % 4
    loss = model(line.gather(1, a)[:, 0], line.gather(1, b)[:, 0], torch.randint(WORDS, (128, 4)))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 150 == 149:
        print(step + 1, round(loss.item(), 4))
with torch.no_grad():
    v = F.normalize(model.inner.weight, dim=1)
    alike = v @ v.T - 2 * torch.eye(WORDS)
    nearest = alike.topk(5, dim=1).indices  # five neighbours vote on the street, which training never saw
    score = (street[nearest].mode(dim=1).values == street).float().mean().item()
