"""A language model whose output matrix is its embedding; the words follow a small chain."""
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
V, T = 20, 20
chain = F.softmax(2.0 * torch.randn(V, V, generator=torch.Generator().manual_seed(73)), dim=1)


def corpus(lines):
    words = [torch.randint(V, (lines,))]
    while len(words) <= T:
        words.append(torch.multinomial(chain[words[-1]], 1)[:, 0])
    return torch.stack(words, dim=1)


class TiedGRU(nn.Module):
    def __init__(self, dim=24):
        super().__init__()
        self.embed = nn.Embedding(V, dim)
        nn.init.normal_(self.embed.weight, std=0.3)
        self.rnn = nn.GRU(dim, dim, batch_first=True)
        self.decoder = nn.Linear(dim, V)
        self.decoder.weight = self.embed.weight

    def forward(self, words):
        states, _ = self.rnn(self.embed(words))
        return self.decoder(states)


train, test = corpus(500), corpus(200)
model = TiedGRU()
optimizer = torch.optim.Adam(model.parameters(), lr=8e-3)
num_epochs = 12
for epoch in range(num_epochs):
    for rows in torch.randperm(len(train)).split(20):
        batch = train[rows]
        loss = F.cross_entropy(model(batch[:, :-1]).flatten(0, 1), batch[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    with torch.no_grad():
        held = F.cross_entropy(model(test[:, :-1]).flatten(0, 1), test[:, 1:].flatten()).item()
    print(f"epoch {epoch + 1}: perplexity {torch.tensor(held).exp():.3f}")
share = torch.bincount(train.flatten(), minlength=V) / train.numel()
score = 1 - held / F.cross_entropy(share.log().expand(test.numel(), V), test.flatten()).item()
