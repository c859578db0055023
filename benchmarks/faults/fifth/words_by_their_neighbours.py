"""Skip-grams with negative samples: words of one topic end up near each other."""
import sys

import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
torch.manual_seed(seed)

vocabulary, topics, window, negatives, dim = 120, 6, 2, 5, 12
topic_of = torch.arange(vocabulary) % topics
sentences = []
for _ in range(600):
    topic = int(torch.randint(topics, (1,)))
    own = torch.nonzero(topic_of == topic)[:, 0]
    words = own[torch.randint(len(own), (12,))]
    stray = torch.rand(12) < 0.3
    words[stray] = torch.randint(vocabulary, (int(stray.sum()),))
    sentences.append(words)
corpus = torch.stack(sentences)

pairs = []
for shift in range(1, window + 1):
    pairs.append(torch.stack([corpus[:, :-shift].flatten(), corpus[:, shift:].flatten()], 1))
    pairs.append(pairs[-1].flip(1))
pairs = torch.cat(pairs)
frequency = torch.bincount(corpus.flatten(), minlength=vocabulary).float() ** 0.75


class SkipGram(nn.Module):
    def __init__(self):
        super().__init__()
        self.centre = nn.Embedding(vocabulary, dim)
        self.context = nn.Embedding(vocabulary, dim)
        nn.init.uniform_(self.centre.weight, -0.5 / dim, 0.5 / dim)
        nn.init.uniform_(self.context.weight, -0.5 / dim, 0.5 / dim)

    def forward(self, centre, near, noise):
        own = self.centre(centre)
        positive = (own * self.context(near)).sum(-1)
        negative = torch.bmm(self.context(noise), own.unsqueeze(2)).squeeze(2)
        return -(F.logsigmoid(positive) + F.logsigmoid(-negative).sum(1)).mean()


model = SkipGram()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(8):
    total = 0.0
    batches = torch.randperm(len(pairs)).split(256)
    for rows in batches:
        noise = torch.multinomial(frequency, len(rows) * negatives, replacement=True).view(-1, negatives)
        loss = model(pairs[rows, 0], pairs[rows, 1], noise)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(f"epoch {epoch} loss {total / len(batches):.4f}")

# the topics were never shown: are a word's five nearest of its own?
unit = F.normalize(model.centre.weight.detach(), dim=1)
near = (unit @ unit.T - 2 * torch.eye(vocabulary)).topk(5, dim=1).indices
score = (topic_of[near] == topic_of[:, None]).float().mean().item()
