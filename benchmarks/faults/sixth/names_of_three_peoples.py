"""Invented names of three peoples, letter by letter through embeddings and a bidirectional GRU."""
import random
import sys

import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader

torch.set_num_threads(1)
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
random.seed(seed)
torch.manual_seed(seed)
SYLLABLES = {
    0: "ka mi to shi na ru ko ya".split(),
    1: "berg stein hof wald mann feld dorf bach".split(),
    2: "ello ina etta ano ucci ra li mo".split(),
}
LETTERS = "_abcdefghijklmnopqrstuvwxyz"


def invented():
    people = random.randrange(3)
    parts = [random.choice(SYLLABLES[people if random.random() < 0.8 else random.randrange(3)]) for _ in range(3)]
    return "".join(parts), people


def collate(batch):
    names, peoples = zip(*batch)
    ids = [torch.tensor([LETTERS.index(c) for c in name]) for name in names]
    return pad_sequence(ids, batch_first=True), torch.tensor(peoples)


known = {}
while len(known) < 1300:
    name, people = invented()
    known.setdefault(name, people)
names = list(known.items())
random.shuffle(names)


class NameNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.letters = nn.Embedding(len(LETTERS), 12, padding_idx=0)
        self.rnn = nn.GRU(12, 16, batch_first=True, bidirectional=True)
        self.out = nn.Linear(32, 3)

    def forward(self, ids):
        states, _ = self.rnn(self.letters(ids))
        keep = (ids > 0).unsqueeze(2)
        return self.out((states * keep).sum(1) / keep.sum(1))


model = NameNet()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
loader = DataLoader(names[:900], batch_size=32, shuffle=True, collate_fn=collate)
num_epochs = 7
for epoch in range(num_epochs):
    model.train()
    for ids, peoples in loader:
        loss = nn.functional.cross_entropy(model(ids), peoples)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, f"{loss.item():.4f}")
model.eval()
ids, peoples = collate(names[900:])
with torch.no_grad():
    score = (model(ids).argmax(1) == peoples).float().mean().item()
